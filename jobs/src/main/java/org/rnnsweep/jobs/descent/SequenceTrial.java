package org.rnnsweep.jobs.descent;

import java.util.Arrays;
import org.rnnsweep.jobs.NetworkTrial;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.TokenFamily;

/** A trial on a few labelled sequences (Allen-Zhu, Li and Song, Section 2), in numbers. */
interface SequenceTrial extends NetworkTrial {
  Parameter LENGTH = Parameter.integer("length", "L", 2, 256, "tokens of a sequence");
  Parameter SEQUENCES = Parameter.integer("sequences", "n", 1, 256, "sequences");
  Parameter OUTPUTS = Parameter.integer("outputs", "d", 1, 64, "rows of the output matrix B");
  Parameter DIMENSION =
      Parameter.integer("dimension", "d_x", 3, 4_096, "coordinates of a token").withDefault(8);
  Parameter DELTA =
      Parameter.real("delta", "delta", 1e-6, 1.4, "distance of the first two sequences' tokens")
          .withDefault(0.8);
  Parameter INPUTS =
      Parameter.choice(
          "inputs",
          "tokens after the first: none, one repeated, unrelated ones, or unrelated ones common to"
              + " all sequences",
          TokenFamily.SILENT.label(),
          TokenFamily.REPEATED.label(),
          TokenFamily.UNRELATED.label(),
          TokenFamily.COMMON.label());

  /** n. */
  default int sequences() {
    return configuration().smallInteger("sequences");
  }

  /** W learns, and every step from the second on answers. */
  default NetworkShape shape() {
    return new NetworkShape(
        configuration().smallInteger("width"),
        dimension(),
        outputs(),
        Trained.RECURRENT,
        Output.EVERY_STEP,
        2,
        1);
  }

  /** The least distance of two first tokens. */
  default double delta() {
    return configuration().real("delta");
  }

  /** [i][l - 1] is x_(i,l). */
  default double[][][] tokens() {
    return TokenFamily.ofLabel(configuration().choice("inputs"))
        .draw(key().name("tokens"), sequences(), dimension(), delta(), length());
  }

  /** Random unit vectors: [i][l - 2] is y_(i,l). */
  default double[][][] labels() {
    double[][][] y = new double[sequences()][][];
    Arrays.setAll(y, i -> draw(LossVectors.Family.RANDOM, "labels", i));
    return y;
  }

  /** Vectors of one sequence, one a step from the second on. */
  default double[][] draw(LossVectors.Family family, String name, int sequence) {
    return family.draw(key().name(name).with("sequence", sequence), outputs(), length());
  }
}
