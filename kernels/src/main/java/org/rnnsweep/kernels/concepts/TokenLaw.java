package org.rnnsweep.kernels.concepts;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The law of a sequence of independent tokens {@code X_l = r u} with u uniform on the unit sphere
 * of R^d and r by the norm's law, independent of u. Wang, Shen, Hu and Cao ask for {@code least <=
 * |X_l| <= greatest} and call the quotient C_0.
 *
 * <p>Every token has a stream of its own: (key, sample, position) gives the same numbers wherever
 * and whenever it is drawn.
 *
 * @param dimension d, at least 1
 * @param norms law of r
 * @param least smallest norm, positive
 * @param greatest largest norm, at least the smallest
 */
public record TokenLaw(int dimension, Norms norms, double least, double greatest) {

  /** The law of the norms. */
  public enum Norms {
    /** All are {@code greatest}. */
    EQUAL("equal"),
    /** Uniform between the two. */
    UNIFORM("uniform"),
    /** One or the other, with probability 1/2 each. */
    TWO_POINT("two-point");

    private final String label;

    Norms(String label) {
      this.label = label;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }

    /** The law of this name. */
    public static Norms ofLabel(String label) {
      for (Norms norms : values()) {
        if (norms.label.equals(label)) {
          return norms;
        }
      }
      throw new IllegalArgumentException(
          "no law of norms is called '"
              + label
              + "', the names are "
              + Arrays.stream(values()).map(Norms::label).collect(Collectors.joining(", ")));
    }
  }

  public TokenLaw {
    if (!(dimension >= 1
        && least > 0
        && greatest >= least
        && greatest < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a token has at least 1 dimension and norms with 0 < least <= greatest, found"
                  + " dimension %d and norms %s to %s",
              dimension,
              least,
              greatest));
    }
  }

  /** Tokens of norm 1. */
  public static TokenLaw unit(int dimension) {
    return new TokenLaw(dimension, Norms.EQUAL, 1, 1);
  }

  /** Norms from 1 to C_0 by this law. */
  public static TokenLaw of(int dimension, Norms norms, double ratio) {
    return new TokenLaw(dimension, norms, 1, ratio);
  }

  /** Sample {@code index}, L x d. */
  public double[][] sequence(StreamKey key, long index, int length) {
    double[][] tokens = new double[length][];
    StreamKey sample = key.block(index);
    for (int l = 0; l < length; l++) {
      tokens[l] = token(NormalStream.of(sample.block(l)));
    }
    return tokens;
  }

  private double[] token(NormalStream stream) {
    double[] token = new double[dimension];
    double square = 0;
    while (!(square > 0)) {
      stream.fill(token, 0, dimension);
      square = 0;
      for (double x : token) {
        square += x * x;
      }
    }
    double norm =
        switch (norms) {
          case EQUAL -> greatest;
          case UNIFORM -> least + (greatest - least) * stream.nextUniform();
          case TWO_POINT -> stream.nextUniform() < 0.5 ? least : greatest;
        };
    double scale = norm / Math.sqrt(square);
    for (int k = 0; k < dimension; k++) {
      token[k] *= scale;
    }
    return token;
  }
}
