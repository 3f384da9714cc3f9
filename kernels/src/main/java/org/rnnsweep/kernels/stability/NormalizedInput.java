package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * One fixed sequence as Allen-Zhu and Li normalise it (Definitions 3.1, 3.2), or Panigrahi and
 * Goyal do (Definition 3.1), in R^D with D = d_x + 1:
 *
 * <pre>
 * x_1 = (0, .., 0, 1),   x_l = (eps_x x*_l, 0) for 2 &lt;= l &lt;= L - 1,   x_L = (0, .., 0, eps_x)
 *                                                               or     x_L = (0, .., 0, 1)
 * </pre>
 *
 * with |x*_l| = 1 and last coordinate 1/2. The middle tokens do not depend on L: a shorter sequence
 * is a prefix of a longer one but for its last token.
 */
public final class NormalizedInput {
  private static final double LAST_COORDINATE = 0.5;
  private static final double NORM_OF_REST = Math.sqrt(3) / 2; // so that |x*| = 1

  /** Where the middle tokens come from. */
  public enum Law {
    /** {@code x*_l = (sqrt(3)/2 v_l, 1/2)}, v_l independent and uniform on the sphere. */
    SPREAD("spread"),
    /** The same with v_l = e_1 or -e_1 at random: two tokens. */
    TOKENS("tokens"),
    /** The null sequence: every middle token is that of the end, {@code (0, .., 0, eps_x)}. */
    NULL("null"),
    /** One spread token at every position from 2 on, the last one included. */
    REPEATED("repeated"),
    /** Panigrahi and Goyal's: spread, but the last token is the first one again. */
    NORMALISED("normalised"),
    /** Panigrahi and Goyal's base sequence: null, but the last token is the first one again. */
    BASE("base");

    private final String label;

    Law(String label) {
      this.label = label;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }

    /** The law of this name. */
    public static Law ofLabel(String label) {
      for (Law law : values()) {
        if (law.label.equals(label)) {
          return law;
        }
      }
      throw new IllegalArgumentException(
          "no law of inputs is called '"
              + label
              + "', the names are "
              + Arrays.stream(values()).map(Law::label).collect(Collectors.joining(", ")));
    }
  }

  private final Law law;
  private final StreamKey key;
  private final int dimension;
  private final double epsX;

  private NormalizedInput(Law law, StreamKey key, int dimension, double epsX) {
    this.law = law;
    this.key = key;
    this.dimension = dimension;
    this.epsX = epsX;
  }

  /**
   * @param key the stream of this sequence; it is split by dimension and position
   * @param dimension D, at least 3
   * @param epsX norm of every token but the first, finite and not negative
   */
  public static NormalizedInput of(Law law, StreamKey key, int dimension, double epsX) {
    if (!(dimension >= 3 && epsX >= 0 && epsX < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a normalised sequence has tokens of at least 3 coordinates and a finite eps_x that"
                  + " is not negative, found %d and %s",
              dimension,
              epsX));
    }
    return new NormalizedInput(law, key.with("dimension", dimension), dimension, epsX);
  }

  /** D. */
  public int dimension() {
    return dimension;
  }

  /** The token at a position that is not the last one, from 1. */
  public double[] token(int position) {
    if (position < 1) {
      throw new IllegalArgumentException("positions start at 1, found " + position);
    }
    double[] token = new double[dimension];
    if (position == 1) {
      token[dimension - 1] = 1;
    } else if (law == Law.NULL || law == Law.BASE) {
      token[dimension - 1] = epsX;
    } else {
      direction(law == Law.REPEATED ? 2 : position, token);
      token[dimension - 2] = epsX * LAST_COORDINATE;
    }
    return token;
  }

  /** The token that ends a sequence of this length, at least 2. */
  public double[] lastToken(int length) {
    if (length < 2) {
      throw new IllegalArgumentException("a sequence has at least 2 tokens, found " + length);
    }
    if (law == Law.REPEATED) {
      return token(length);
    }
    double[] token = new double[dimension];
    token[dimension - 1] = law == Law.NORMALISED || law == Law.BASE ? 1 : epsX;
    return token;
  }

  /** The whole sequence of this length, one token a row. */
  public double[][] tokens(int length) {
    double[][] tokens = new double[length][];
    for (int l = 1; l < length; l++) {
      tokens[l - 1] = token(l);
    }
    tokens[length - 1] = lastToken(length);
    return tokens;
  }

  /** Sets the first D - 2 coordinates to eps_x sqrt(3)/2 times a unit vector. */
  private void direction(int position, double[] token) {
    NormalStream normals = NormalStream.of(key.with("position", position));
    int free = dimension - 2;
    double square = 0;
    while (square == 0) { // a direction needs a vector that is not 0
      normals.fill(token, 0, law == Law.TOKENS ? 1 : free);
      for (int k = 0; k < free; k++) {
        square += token[k] * token[k];
      }
    }
    double scale = epsX * NORM_OF_REST / Math.sqrt(square);
    for (int k = 0; k < free; k++) {
      token[k] *= scale;
    }
  }
}
