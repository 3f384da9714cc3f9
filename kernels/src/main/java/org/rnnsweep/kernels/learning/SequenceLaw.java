package org.rnnsweep.kernels.learning;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.NormalizedInput;

/**
 * The law of a normalised sequence (Allen-Zhu and Li, Definition 3.2; Panigrahi and Goyal,
 * Definition 3.1): x_1 the last unit vector of R^D, {@code x_l = (eps_x x*_l, 0)} for l = 2 to L -
 * 1 with independent x*_l of norm 1 and last coordinate 1/2, and an end.
 *
 * @param tokens where the x*_l come from
 * @param dimension D, at least 3
 * @param epsX norm of the middle tokens, positive
 * @param end the last token
 */
public record SequenceLaw(NormalizedInput.Law tokens, int dimension, double epsX, End end) {

  /** The last token, a multiple of the last unit vector. */
  public enum End {
    /** Of norm eps_x: Allen-Zhu and Li. */
    SMALL("small"),
    /** Of norm 1: Panigrahi and Goyal. */
    UNIT("unit");

    private final String label;

    End(String label) {
      this.label = label;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }

    /** The end of this name. */
    public static End ofLabel(String label) {
      for (End end : values()) {
        if (end.label.equals(label)) {
          return end;
        }
      }
      throw new IllegalArgumentException(
          "no end is called '"
              + label
              + "', the names are "
              + Arrays.stream(values()).map(End::label).collect(Collectors.joining(", ")));
    }
  }

  public SequenceLaw {
    if (!(epsX > 0)) {
      throw new IllegalArgumentException("eps_x is positive, found " + epsX);
    }
  }

  /** Sample {@code index}: L x D; L is at least 3. */
  public double[][] sequence(StreamKey key, long index, int length) {
    double[][] sequence =
        NormalizedInput.of(tokens, key.block(index), dimension, epsX).tokens(length);
    if (end == End.UNIT) {
      sequence[length - 1][dimension - 1] = 1;
    }
    return sequence;
  }

  /** x*_2, .., x*_(L-1) of a sequence: L - 2 unit vectors of R^(D-1). */
  public double[][] trueTokens(double[][] sequence) {
    double[][] found = new double[sequence.length - 2][dimension - 1];
    for (int l = 0; l < found.length; l++) {
      for (int k = 0; k < dimension - 1; k++) {
        found[l][k] = sequence[l + 1][k] / epsX;
      }
    }
    return found;
  }

  /** {@code E u^2} of {@link Concept#letter}: 1 of two tokens, 1/(D - 2) of spread ones. */
  public double letterSquare() {
    return tokens == NormalizedInput.Law.TOKENS ? 1 : 1.0 / (dimension - 2);
  }

  /** The sequence of L tokens that has these true tokens in its middle. */
  public double[][] ofTrueTokens(double[][] tokens) {
    int length = tokens.length + 2;
    double[][] sequence = new double[length][dimension];
    sequence[0][dimension - 1] = 1;
    sequence[length - 1][dimension - 1] = end == End.UNIT ? 1 : epsX;
    for (int l = 0; l < tokens.length; l++) {
      for (int k = 0; k < dimension - 1; k++) {
        sequence[l + 1][k] = epsX * tokens[l][k];
      }
    }
    return sequence;
  }
}
