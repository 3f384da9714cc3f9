package org.rnnsweep.kernels.concepts;

import java.util.Arrays;
import java.util.Locale;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Sequences with labels y = sign F*(x) and the margin y F*(x) >= 1 that Theorem 2 of Wang, Shen, Hu
 * and Cao asks for: F* = (F_0 - median) / gamma, and sequences with |F_0 - median| below gamma are
 * drawn again. The median keeps the classes balanced and changes only c_0, which no complexity
 * counts; coefficients and complexities are those of F_0 over gamma.
 *
 * <p>After rejection, tokens at the target's positions are no longer uniform on the sphere. Keep
 * gamma fixed along a sweep, or the exponent measures it too. Immutable.
 */
public final class MarginLaw {
  private static final long MOST_ATTEMPTS = 1_000_000;

  private final Target target;
  private final TokenLaw tokens;
  private final int length;
  private final double median;
  private final double gamma;
  private final double acceptance;

  private MarginLaw(
      Target target, TokenLaw tokens, int length, double median, double gamma, double acceptance) {
    this.target = target;
    this.tokens = tokens;
    this.length = length;
    this.median = median;
    this.gamma = gamma;
    this.acceptance = acceptance;
  }

  /** A sequence, F* of it, and its label. */
  public record Labelled(double[][] tokens, double value, int label) {

    /** The same sequence with the other label: noise that breaks the margin. */
    public Labelled flipped() {
      return new Labelled(tokens, value, -label);
    }
  }

  /**
   * With a given gamma.
   *
   * @param pilot how many sequences the median and the acceptance rate are estimated from, at least
   *     1; drawn from {@code key.name("pilot")}
   * @throws IllegalArgumentException if gamma is not positive or no sequence of the pilot passes
   */
  public static MarginLaw ofGamma(
      Target target, TokenLaw tokens, int length, double gamma, StreamKey key, int pilot) {
    double[] values = pilot(target, tokens, length, key, pilot);
    return of(target, tokens, length, values, gamma);
  }

  /**
   * With gamma the quantile of |F_0 - median| over the pilot: 1 - quantile of all sequences pass.
   *
   * @param quantile in [0, 1)
   */
  public static MarginLaw ofQuantile(
      Target target, TokenLaw tokens, int length, double quantile, StreamKey key, int pilot) {
    if (!(quantile >= 0 && quantile < 1)) {
      throw new IllegalArgumentException("a quantile is in [0, 1), found " + quantile);
    }
    double[] values = pilot(target, tokens, length, key, pilot);
    double median = median(values);
    double[] sizes = Arrays.stream(values).map(v -> Math.abs(v - median)).sorted().toArray();
    return of(target, tokens, length, values, sizes[(int) (quantile * sizes.length)]);
  }

  private static MarginLaw of(
      Target target, TokenLaw tokens, int length, double[] values, double gamma) {
    double median = median(values);
    double passed = 0;
    for (double value : values) {
      passed += Math.abs(value - median) >= gamma ? 1 : 0;
    }
    if (!(gamma > 0) || passed == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a positive gamma that some of %d sequences pass is needed, found %s",
              values.length,
              gamma));
    }
    return new MarginLaw(target, tokens, length, median, gamma, passed / values.length);
  }

  private static double[] pilot(
      Target target, TokenLaw tokens, int length, StreamKey key, int count) {
    StreamKey pilot = key.name("pilot");
    double[] values = new double[count];
    Arrays.setAll(values, i -> target.value(tokens.sequence(pilot, i, length)));
    return values;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Sample {@code index}: the first of its own attempts that has the margin. */
  public Labelled sample(StreamKey key, long index) {
    StreamKey attempts = key.block(index);
    for (long attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      double[][] sequence = tokens.sequence(attempts, attempt, length);
      double value = (target.value(sequence) - median) / gamma;
      if (Math.abs(value) >= 1) {
        return new Labelled(sequence, value, value > 0 ? 1 : -1);
      }
    }
    throw new IllegalStateException(
        String.format(
            Locale.ROOT,
            "no margin in %d attempts; %s of the pilot had one",
            MOST_ATTEMPTS,
            acceptance));
  }

  /** The same, its label flipped with this probability. */
  public Labelled noisy(StreamKey key, long index, double probability) {
    Labelled labelled = sample(key, index);
    double uniform = NormalStream.of(key.name("noise").block(index)).nextUniform();
    return uniform < probability ? labelled.flipped() : labelled;
  }

  /** A label without meaning: 1 or -1 with probability 1/2. */
  public static int randomLabel(StreamKey key, long index) {
    return NormalStream.of(key.name("label").block(index)).nextUniform() < 0.5 ? 1 : -1;
  }

  /** What was taken off F_0. */
  public double median() {
    return median;
  }

  /** What F_0 was divided by. */
  public double gamma() {
    return gamma;
  }

  /** The share of the pilot that has the margin. */
  public double acceptance() {
    return acceptance;
  }
}
