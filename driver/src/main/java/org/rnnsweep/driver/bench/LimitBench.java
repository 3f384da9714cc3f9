package org.rnnsweep.driver.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.ntk.Degeneracy;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The tangent kernel of infinitely wide rectifier networks, W trained, scaled as Wang, Shen, Hu and
 * Cao have it: a Gram matrix, and one pair of long sequences.
 *
 * @param threads that share a Gram matrix
 * @param log told what begins
 */
public record LimitBench(int threads, Consumer<String> log) {
  private static final Preset PRESET = Preset.WANG;
  private static final int DIMENSION = 4;
  private static final int WARM_UP_SEQUENCES = 400; // the compiler is done before the clock starts
  private static final int WARM_UP_LENGTH = 100_000;
  private static final StreamKey KEY = StreamKey.of(20210521);

  /**
   * A Gram matrix.
   *
   * @param sequences n
   * @param length L
   * @param threads that shared it
   * @param took its time, of all threads together
   */
  public record Gram(int sequences, int length, int threads, Elapsed took) {

    /** Steps of all pairs that are computed: the matrix is symmetric. */
    public double pairSteps() {
      return 0.5 * sequences * (sequences + 1.0) * length;
    }

    /** The count {@code 60 n^2 L}: both sides of the diagonal, about twice what is computed. */
    public double flops() {
      return 60.0 * sequences * sequences * length;
    }
  }

  /**
   * A long recursion.
   *
   * @param length L
   * @param pair one entry of the kernel, from two sequences of L numbers
   * @param orthogonal the scalar recursion for inputs that are orthogonal at every step
   */
  public record LongPair(int length, Elapsed pair, Elapsed orthogonal) {}

  /** All pairs of n sequences of one length. */
  public Gram gram(int sequences, int length) throws InterruptedException {
    log.accept(
        String.format(
            Locale.ROOT, "infinite-width tangent kernel, n = %d, L = %d", sequences, length));
    TokenLaw tokens = TokenLaw.unit(DIMENSION);
    List<double[][]> inputs = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      inputs.add(tokens.sequence(KEY.name("x"), i, length));
    }
    RecurrentKernel kernel = kernel(length);
    kernel.gram(inputs.subList(0, Math.min(sequences, WARM_UP_SEQUENCES)), Output.LAST, threads);
    Elapsed took = Elapsed.ofProcess(() -> kernel.gram(inputs, Output.LAST, threads));
    return new Gram(sequences, length, threads, took);
  }

  /** One entry, and the recursion alone. */
  public LongPair longPair(int length) throws InterruptedException {
    log.accept(String.format(Locale.ROOT, "infinite-width tangent kernel, a pair, L = %d", length));
    longPairOf(Math.min(length, WARM_UP_LENGTH));
    return longPairOf(length);
  }

  private static LongPair longPairOf(int length) throws InterruptedException {
    double[][] x = new double[length][1];
    double[][] y = new double[length][1];
    for (int t = 0; t < length; t++) {
      x[t][0] = Math.cos(t);
      y[t][0] = Math.sin(t);
    }
    RecurrentKernel kernel = kernel(length);
    double[] found = new double[2];
    Elapsed pair = Elapsed.of(() -> found[0] = kernel.between(x, y, Output.LAST)[0][0]);
    Elapsed orthogonal =
        Elapsed.of(() -> found[1] = Degeneracy.logBackwardProduct(length, 1, 3, 0));
    if (!(found[0] > 0 && found[1] < 0)) {
      throw new IllegalStateException(
          "an entry of the kernel is " + found[0] + ", the logarithm of a product " + found[1]);
    }
    return new LongPair(length, pair, orthogonal);
  }

  private static RecurrentKernel kernel(int length) {
    return RecurrentKernel.ntk(PRESET.law(length), PRESET.trained(), Parametrization.ENTRIES);
  }
}
