package org.rnnsweep.jobs.stability;

import org.rnnsweep.jobs.NetworkTrial;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.ConditionedGaussian;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;

/** The parameters that all jobs of this package share, and a trial's network in numbers. */
record NetworkSetting(Trial trial, Precision precision) implements NetworkTrial {
  static final Parameter WIDTH = Parameter.integer("width", "m", 2, 1L << 26, "neurons");
  static final Parameter LENGTH =
      Parameter.integer("length", "L", 3, 4_096, "tokens of the sequence");
  static final Parameter EPS_X =
      Parameter.real(
          "eps_x", "eps_x", 0, 10, "norm of every token but the first; the theory asks for 1/L");
  static final Parameter DIMENSION =
      Parameter.integer("dimension", "d_in", 3, 4_096, "coordinates of a token, d_x + 1")
          .withDefault(5);
  static final Parameter OUTPUTS =
      Parameter.integer("outputs", "d", 1, 64, "rows of the output matrix B").withDefault(1);

  static final String CONDITIONED = Representation.CONDITIONED.label();
  static final String DENSE = Representation.DENSE.label();

  /** What passes over a vector of m coordinates cost, for each of a few dozen measures. */
  static final double FLOPS_OF_A_COORDINATE = 300;

  /** One fixed sequence for all seeds and widths, as the statements have it. */
  NormalizedInput input(NormalizedInput.Law law) {
    return NormalizedInput.of(
        law, StreamKey.of(trial.rootSeed()).name("input"), dimension(), epsX());
  }

  RandomNetwork network(
      Arena arena, Representation representation, double varianceFactor, Products products) {
    return RandomNetwork.draw(
        blas(), arena, representation, precision, drawnShape(), varianceFactor, products, key());
  }

  long networkBytes(Representation representation, Products products) {
    return RandomNetwork.memoryBytes(representation, precision, drawnShape(), products);
  }

  /** The most bytes that a fork takes beside the operator itself. */
  long forkBytes(Representation representation, Products before, Products more) {
    return representation == Representation.DENSE
        ? 0
        : ConditionedGaussian.forkBytes(width(), width(), before, more, precision);
  }

  /** Drawing W and this many products with it. */
  double operatorFlops(Representation representation, Products products) {
    return representation.costFlops(width(), width(), products);
  }

  /** As many more products, once {@code before} were asked. */
  double moreFlops(Representation representation, Products before, Products more) {
    Products all = new Products(before.right() + more.right(), before.left() + more.left());
    return operatorFlops(representation, all) - operatorFlops(representation, before);
  }
}
