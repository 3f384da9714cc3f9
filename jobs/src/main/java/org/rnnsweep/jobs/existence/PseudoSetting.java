package org.rnnsweep.jobs.existence;

import org.rnnsweep.jobs.NetworkTrial;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.existence.LastStepConstruction;
import org.rnnsweep.kernels.existence.StateDirections;
import org.rnnsweep.kernels.inversion.InputSequences;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Trajectory;

/** The network, the sequences and the target of Panigrahi and Goyal, for all jobs on them here. */
record PseudoSetting(Trial trial) implements NetworkTrial {
  static final Parameter WIDTH = Parameter.integer("width", "m", 2, 1L << 26, "neurons");
  static final Parameter LENGTH = Parameter.integer("length", "L", 4, 64, "tokens of a sequence");
  static final Parameter EPS_X =
      Parameter.real("eps_x", "eps_x", 1e-6, 1, "norm of every token but the first and the last");
  static final Parameter DIMENSION =
      Parameter.integer("dimension", "d", 3, 64, "coordinates of a token").withDefault(4);
  static final Parameter OUTPUTS =
      Parameter.integer("outputs", "d_out", 1, 16, "rows of the output matrix B").withDefault(1);
  static final Parameter FUNCTIONS =
      Parameter.integer("functions", "p", 1, 64, "functions Phi an output").withDefault(1);

  /** Passes over a vector of m coordinates. */
  static final double FLOPS_OF_A_COORDINATE = 300;

  /** H of a neuron, two Hermite polynomials of a low degree and a density. */
  static final double FLOPS_OF_A_VALUE = 10_000;

  private static final double ACCURACY = 1e-6; // degrees left out of a link that is no power

  /** 1 in jobs without that parameter, as are the functions. */
  @Override
  public int outputs() {
    return configuration().has("outputs") ? configuration().smallInteger("outputs") : 1;
  }

  /** All functions of all outputs. */
  int directions() {
    int functions =
        configuration().has("functions") ? configuration().smallInteger("functions") : 1;
    return outputs() * functions;
  }

  /** |h^(L-1)| at infinite width. */
  double stateNorm() {
    return Math.sqrt(1 + (length() - 2) * epsX() * epsX());
  }

  /** Of functions of the inputs. */
  LastStepConstruction.Target target(double radius) {
    return target(radius, epsX());
  }

  LastStepConstruction.Target target(double radius, double epsX) {
    return new LastStepConstruction.Target(
        Links.link(configuration()), Links.weight(configuration()), radius, ACCURACY, epsX);
  }

  /** Weights of functions of the inputs, made for the true norm of h^(L-1). */
  LastStepConstruction weights(Arena arena, RandomNetwork net) {
    try (Trajectory base = pass(arena, net.recurrent(), net.input(), base());
        StateDirections directions =
            StateDirections.ofInputs(
                blas(),
                arena,
                net.recurrent(),
                net.input(),
                base,
                directions(),
                key().name("directions"))) {
      return LastStepConstruction.of(
          arena, net.recurrent(), net.input(), net.output(), directions, target(stateNorm()));
    }
  }

  /** Right products that {@link #weights} asks of W. */
  int weightProducts() {
    return Trajectory.products(1, length())
        + StateDirections.products(length(), directions())
        + directions();
  }

  /** The most bytes held while the weights are made, themselves included. */
  long weightBytes() {
    return passBytes(1)
        + StateDirections.memoryBytes(width(), dimension(), directions())
        + LastStepConstruction.memoryBytes(width(), directions());
  }

  RandomNetwork network(Arena arena, Representation representation, Products products) {
    return RandomNetwork.draw(
        blas(),
        arena,
        representation,
        Precision.DOUBLE,
        drawnShape(),
        RandomNetwork.HE,
        products,
        key());
  }

  /** Fresh sequences, [s][l - 1] the token x^(l) of sequence s. */
  double[][][] sequences(int count) {
    return tokens(
        InputSequences.normalized(key().name("sequences"), dimension(), length(), epsX()), count);
  }

  /** The base sequence, alone. */
  double[][][] base() {
    return tokens(InputSequences.base(dimension(), length(), epsX()), 1);
  }

  private double[][][] tokens(InputSequences law, int count) {
    double[][][] tokens = new double[count][length()][dimension()];
    double[] all = new double[count * dimension()];
    for (int l = 1; l <= length(); l++) {
      law.draw(0, l, count, all);
      for (int s = 0; s < count; s++) {
        System.arraycopy(all, s * dimension(), tokens[s][l - 1], 0, dimension());
      }
    }
    return tokens;
  }

  /** A whole pass. */
  Trajectory pass(
      Arena arena, GaussianOperator recurrent, OffHeapMatrix input, double[][][] sequences) {
    return Trajectory.of(blas(), arena, recurrent, input, sequences);
  }

  long passBytes(int batch) {
    return Trajectory.memoryBytes(width(), dimension(), batch, length(), Precision.DOUBLE);
  }

  long networkBytes(Representation representation, Products products) {
    return RandomNetwork.memoryBytes(representation, Precision.DOUBLE, drawnShape(), products);
  }

  double flops(Representation representation, Products products) {
    return representation.costFlops(width(), width(), products)
        + FLOPS_OF_A_COORDINATE * width() * products.total()
        + FLOPS_OF_A_VALUE * width() * directions();
  }
}
