package org.rnnsweep.jobs.learning;

import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.learning.SequenceLaw;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.NormalizedInput;

/** The parameters that the jobs of this package share, and what a trial makes of them. */
record LearningSetting(Trial trial) {
  static final Parameter WIDTH = Parameter.integer("width", "m", 2, 16_384, "neurons");
  static final Parameter LENGTH =
      Parameter.integer("length", "L", 3, 256, "tokens of a sequence, the first and last fixed");
  static final Parameter SAMPLES = Parameter.integer("samples", "N", 1, 65_536, "sequences drawn");
  static final Parameter EPS_X =
      Parameter.real("eps_x", "eps_x", 1e-6, 10, "norm of the middle tokens");
  static final Parameter DIMENSION =
      Parameter.integer("dimension", "d_in", 3, 256, "coordinates of a token").withDefault(5);
  static final Parameter TOKENS =
      Parameter.choice(
              "tokens",
              "middle tokens: uniform on a sphere, or two tokens",
              NormalizedInput.Law.SPREAD.label(),
              NormalizedInput.Law.TOKENS.label())
          .withDefault(NormalizedInput.Law.SPREAD.label());
  static final Parameter END =
      Parameter.choice(
              "end",
              "norm of the last token: eps_x (Allen-Zhu and Li) or 1 (Panigrahi and Goyal)",
              SequenceLaw.End.SMALL.label(),
              SequenceLaw.End.UNIT.label())
          .withDefault(SequenceLaw.End.SMALL.label());

  static final String RECURRENT = "w";
  static final String RECURRENT_AND_INPUT = "w-and-a";
  static final Parameter TRAINED =
      Parameter.choice(
              "trained",
              "W alone (Allen-Zhu and Li) or W and A (Panigrahi and Goyal)",
              RECURRENT,
              RECURRENT_AND_INPUT)
          .withDefault(RECURRENT);

  /** W, A ~ N(0, 2/m), B ~ N(0, 1), h_0 = 0: both papers' network. */
  static final NetworkLaw LAW = new NetworkLaw(Activation.RELU, 2, 2, InputScale.ONE, 0, 0, 1);

  Configuration configuration() {
    return trial.configuration();
  }

  int width() {
    return configuration().smallInteger("width");
  }

  int length() {
    return configuration().smallInteger("length");
  }

  int samples() {
    return configuration().smallInteger("samples");
  }

  int dimension() {
    return configuration().smallInteger("dimension");
  }

  SequenceLaw law() {
    return new SequenceLaw(
        configuration().has("tokens")
            ? NormalizedInput.Law.ofLabel(configuration().choice("tokens"))
            : NormalizedInput.Law.SPREAD,
        dimension(),
        configuration().real("eps_x"),
        SequenceLaw.End.ofLabel(configuration().choice("end")));
  }

  Trained trained() {
    return configuration().choice("trained").equals(RECURRENT)
        ? Trained.RECURRENT
        : Trained.RECURRENT_AND_INPUT;
  }

  Blas blas() {
    return Blas.of(trial.numerics());
  }

  /** The key of all that this seed draws. */
  StreamKey key() {
    return trial.key();
  }

  Network network(Arena arena, Precision precision, NetworkShape shape) {
    return Network.draw(arena, precision, shape, LAW, key());
  }

  /** The first sequences of a stream. */
  List<double[][]> sequences(String stream, int count) {
    SequenceLaw law = law();
    List<double[][]> sequences = new ArrayList<>();
    for (int q = 0; q < count; q++) {
      sequences.add(law.sequence(key().name(stream), q, length()));
    }
    return sequences;
  }

  /** The strings A..AB and A..ABA, B = -A, as sequences: they differ in their order alone. */
  List<double[][]> orderedPair() {
    return List.of(string(length() - 3), string(length() - 4));
  }

  private double[][] string(int other) {
    double[][] tokens = new double[length() - 2][dimension() - 1];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i][0] = (i == other ? -1 : 1) * Math.sqrt(3) / 2;
      tokens[i][dimension() - 2] = 0.5;
    }
    return law().ofTrueTokens(tokens);
  }
}
