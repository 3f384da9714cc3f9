package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Sequences as Allen-Zhu, Li and Song have them (Section 2): first tokens {@code x_(i,1) = (q_i, 1)
 * / sqrt(2)} with unit q_i, later ones of norm 1 or 0. The first tokens of the first two sequences
 * are at distance delta; the other q_i are independent and uniform. A token depends on its position
 * and never on the length: a shorter sequence is a prefix.
 */
public enum TokenFamily {
  /** No token but the first: x_(i,l) = 0. */
  SILENT("silent"),
  /** The first token of the first sequence again and again, in all sequences. */
  REPEATED("repeated"),
  /** Independent uniform unit vectors. */
  UNRELATED("unrelated"),
  /** Independent uniform unit vectors, the same in all sequences. */
  COMMON("common");

  private final String label;

  TokenFamily(String label) {
    this.label = label;
  }

  /**
   * Tokens of n sequences, [i][l - 1] the token x_(i,l).
   *
   * @param key split by sequence and position
   * @param dimension D, at least 3
   * @param delta in (0, sqrt(2)]
   */
  public double[][][] draw(StreamKey key, int sequences, int dimension, double delta, int length) {
    if (!(sequences >= 1 && dimension >= 3 && length >= 1 && delta > 0 && delta <= Math.sqrt(2))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "at least 1 sequence of 1 token of 3 coordinates and 0 < delta <= sqrt(2), found %d,"
                  + " %d, %d and %s",
              sequences,
              length,
              dimension,
              delta));
    }
    double[][][] tokens = new double[sequences][length][dimension];
    for (int i = 0; i < sequences; i++) {
      double[] q =
          i == 1
              ? turned(key, dimension - 1, 2 * Math.asin(delta / Math.sqrt(2)))
              : direction(key, i, 1, dimension - 1);
      for (int k = 0; k < dimension - 1; k++) {
        tokens[i][0][k] = q[k] / Math.sqrt(2);
      }
      tokens[i][0][dimension - 1] = Math.sqrt(0.5);
      for (int l = 2; l <= length; l++) {
        tokens[i][l - 1] =
            switch (this) {
              case SILENT -> new double[dimension];
              case REPEATED -> tokens[0][0].clone();
              case UNRELATED -> direction(key, i, l, dimension);
              case COMMON -> direction(key, 0, l, dimension);
            };
      }
    }
    return tokens;
  }

  /** The name used in experiment files. */
  public String label() {
    return label;
  }

  /** The family of this name. */
  public static TokenFamily ofLabel(String label) {
    for (TokenFamily family : values()) {
      if (family.label.equals(label)) {
        return family;
      }
    }
    throw new IllegalArgumentException(
        "no family of tokens is called '"
            + label
            + "', the names are "
            + Arrays.stream(values()).map(TokenFamily::label).collect(Collectors.joining(", ")));
  }

  /** q_0 turned by an angle towards an independent direction. */
  private static double[] turned(StreamKey key, int dimension, double angle) {
    double[] q = direction(key, 0, 1, dimension);
    double[] side = direction(key, 1, 1, dimension);
    double along = 0;
    for (int k = 0; k < dimension; k++) {
      along += q[k] * side[k];
    }
    double square = 0;
    for (int k = 0; k < dimension; k++) {
      side[k] -= along * q[k];
      square += side[k] * side[k];
    }
    double[] result = new double[dimension];
    for (int k = 0; k < dimension; k++) {
      result[k] = Math.cos(angle) * q[k] + Math.sin(angle) * side[k] / Math.sqrt(square);
    }
    return result;
  }

  private static double[] direction(StreamKey key, int sequence, int position, int dimension) {
    double[] vector = new double[dimension];
    NormalStream normals =
        NormalStream.of(
            key.with("dimension", dimension).with("sequence", sequence).with("position", position));
    double square = 0;
    while (square == 0) { // a direction needs a vector that is not 0
      normals.fill(vector, 0, dimension);
      for (double entry : vector) {
        square += entry * entry;
      }
    }
    for (int k = 0; k < dimension; k++) {
      vector[k] /= Math.sqrt(square);
    }
    return vector;
  }
}
