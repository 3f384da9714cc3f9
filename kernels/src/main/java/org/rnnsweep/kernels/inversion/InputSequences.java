package org.rnnsweep.kernels.inversion;

import java.util.Arrays;
import java.util.Locale;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * A law of input sequences {@code x^(1), x^(2), ...} in R^d, and the draws from it. Tokens are
 * drawn a block of sequences and a position at a time, so a shorter sequence is a prefix of a
 * longer one wherever the law allows.
 */
public final class InputSequences {
  private static final double TRUE_LAST_COORDINATE = 0.5; // of xbar, Definition 3.1
  private static final double TRUE_NORM_OF_REST = Math.sqrt(3) / 2; // so that ||xbar|| = 1

  private enum Law {
    GAUSSIAN,
    NORMALIZED,
    BASE
  }

  private final Law law;
  private final StreamKey key;
  private final int dimension;
  private final int length; // 0: any
  private final double epsX;

  private InputSequences(Law law, StreamKey key, int dimension, int length, double epsX) {
    this.law = law;
    this.key = key;
    this.dimension = dimension;
    this.length = length;
    this.epsX = epsX;
  }

  /**
   * {@code x^(l) ~ N(0, I_d)}, independent (Appendix I), of any length.
   *
   * @param key the stream; this method adds the dimension and the position to it
   */
  public static InputSequences gaussian(StreamKey key, int dimension) {
    requireAtLeast("dimension", dimension, 1);
    return new InputSequences(
        Law.GAUSSIAN, key.with("dimension", dimension), dimension, 0, Double.NaN);
  }

  /**
   * Normalised sequences (Definition 3.1): {@code x^(1) = x^(L) = (0, .., 0, 1)}, and between them
   * {@code x^(l) = (eps_x xbar^(l), 0)} with {@code xbar^(l) = (sqrt(3)/2 u, 1/2)} in R^(d-1), u
   * uniform on the sphere of R^(d-2). The theorems need eps_x below 1/L; nothing here does.
   *
   * @param dimension d, at least 3 (at 3, u is a sign)
   * @param length L, at least 2
   * @param epsX finite and not negative
   */
  public static InputSequences normalized(StreamKey key, int dimension, int length, double epsX) {
    requireNormalized(dimension, length, epsX);
    return new InputSequences(
        Law.NORMALIZED, key.with("dimension", dimension), dimension, length, epsX);
  }

  /**
   * The base sequence {@code x_(0)}, the same in every draw: first and last token as of a
   * normalised sequence, and {@code (0, .., 0, eps_x)} between them. The slot that it fills is 0 in
   * every normalised middle token, so it is not one of them.
   */
  public static InputSequences base(int dimension, int length, double epsX) {
    requireNormalized(dimension, length, epsX);
    return new InputSequences(Law.BASE, null, dimension, length, epsX);
  }

  /** d. */
  public int dimension() {
    return dimension;
  }

  /**
   * Checks that the first {@code tokens} tokens are a whole sequence of this law.
   *
   * @throws IllegalArgumentException if the law has another length
   */
  void requireWhole(int tokens) {
    if (length > 0 && tokens != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "these sequences have %d tokens; their first %d are not one of that length",
              length,
              tokens));
    }
  }

  /**
   * Draws the tokens at one position of every sequence of a block.
   *
   * @param block index of the block; with its width it names the draws
   * @param position l, from 1
   * @param sequences how many rows to draw; the rest, padding, are set to exactly 0
   * @param tokens width x d by rows; overwritten
   * @throws IllegalArgumentException if the position lies beyond the length of a law that has one
   */
  public void draw(long block, int position, int sequences, double[] tokens) {
    if (position < 1 || (length > 0 && position > length)) {
      String allowed = length > 0 ? "from 1 to " + length : "at least 1";
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "position must be %s, found %d", allowed, position));
    }
    int end = sequences * dimension;
    Arrays.fill(tokens, end, tokens.length, 0);
    if (law == Law.GAUSSIAN) {
      NormalStream.of(key.with("position", position).block(block)).fill(tokens, 0, end);
      return;
    }
    Arrays.fill(tokens, 0, end, 0);
    boolean boundary = position == 1 || position == length;
    if (boundary || law == Law.BASE) {
      for (int last = dimension - 1; last < end; last += dimension) {
        tokens[last] = boundary ? 1 : epsX;
      }
      return;
    }
    NormalStream normals = NormalStream.of(key.with("position", position).block(block));
    for (int first = 0; first < end; first += dimension) {
      drawMiddle(normals, tokens, first);
    }
  }

  private void drawMiddle(NormalStream normals, double[] tokens, int first) {
    int free = dimension - 2;
    double square = 0;
    while (square == 0) { // a direction needs a vector that is not 0
      normals.fill(tokens, first, first + free);
      for (int j = first; j < first + free; j++) {
        square += tokens[j] * tokens[j];
      }
    }
    double scale = epsX * TRUE_NORM_OF_REST / Math.sqrt(square);
    for (int j = first; j < first + free; j++) {
      tokens[j] *= scale;
    }
    tokens[first + free] = epsX * TRUE_LAST_COORDINATE;
  }

  private static void requireNormalized(int dimension, int length, double epsX) {
    requireAtLeast("dimension of a normalised sequence", dimension, 3);
    requireAtLeast("length of a normalised sequence", length, 2);
    if (!(epsX >= 0 && epsX < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("epsX must be finite and not negative, found " + epsX);
    }
  }

  private static void requireAtLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "the %s must be at least %d, found %d", what, least, value));
    }
  }
}
