package org.rnnsweep.driver.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * A W that is never formed: two sequences of L = 8 under one network, all their states and, of one
 * random output, the backward vectors of all pairs of steps, in single. Runs on the caller's
 * thread.
 *
 * @param library who multiplies
 * @param log told what begins and what memory it declares
 */
public record OperatorBench(Library library, Consumer<String> log) {
  static final int LENGTH = 8;
  static final int SEQUENCES = 2;
  private static final int DIMENSION = 4;
  private static final Precision PRECISION = Precision.SINGLE;
  private static final long COORDINATES = 1 << 20; // every width is run until it has had as many
  private static final int MOST_REPEATS = 16;
  private static final long WARM_UP_WIDTH = 1 << 16; // the compiler is done before the clock starts
  private static final int DRAWS = 5;
  private static final long DRAWN_COLUMNS = 4096;
  private static final double GIB = 1L << 30;
  private static final StreamKey KEY = StreamKey.of(20210521);

  /**
   * What was asked at one width.
   *
   * @param width m
   * @param repeats independent networks
   * @param took mean time of one, its draws included
   * @param declaredBytes memory off the heap that was declared before, and held to
   * @param takenBytes its peak
   */
  public record Asked(long width, int repeats, Elapsed took, long declaredBytes, long takenBytes) {

    /** Time of the thread over m, in ns: constant if the cost is linear in m. */
    public double nanosPerCoordinate() {
      return 1e9 * took.cpuSeconds() / width;
    }
  }

  /** Normals, and the best of five times that they took. */
  public record Drawn(long normals, Elapsed took) {}

  /** W applied to every state but the last, its transpose to a vector for every pair i &lt; j. */
  static Products products() {
    return new Products(
        Trajectory.products(SEQUENCES, LENGTH), BackwardVectors.products(SEQUENCES, 1, 2, LENGTH));
  }

  /** Bytes that {@link #measure} declares: W's answers, the states, all backward vectors. */
  public static long declaredBytes(long width) {
    return RandomNetwork.memoryBytes(
            Representation.CONDITIONED, PRECISION, shape(width), products())
        + Trajectory.memoryBytes(width, DIMENSION, SEQUENCES, LENGTH, PRECISION)
        + BackwardVectors.memoryBytes(width, SEQUENCES, 1, 2, LENGTH, PRECISION);
  }

  private static RandomNetwork.Shape shape(long width) {
    return new RandomNetwork.Shape(width, DIMENSION, 1);
  }

  /** Passes forward and back, everything drawn and kept. */
  public Asked measure(long width) throws InterruptedException {
    int repeats = (int) Math.max(1, Math.min(MOST_REPEATS, COORDINATES / width));
    long declared = declaredBytes(width);
    log.accept(
        String.format(
            Locale.ROOT,
            "operator, m = %d, %d x %d sequences of L = %d, %.2f GiB declared",
            width,
            repeats,
            SEQUENCES,
            LENGTH,
            declared / GIB));
    pass(Math.min(width, WARM_UP_WIDTH), 0);
    long[] taken = {0};
    Elapsed all =
        Elapsed.of(
            () -> {
              for (int seed = 1; seed <= repeats; seed++) {
                taken[0] = pass(width, seed);
              }
            });
    Elapsed mean = new Elapsed(all.wallSeconds() / repeats, all.cpuSeconds() / repeats);
    return new Asked(width, repeats, mean, declared, taken[0]);
  }

  private long pass(long width, int seed) {
    Blas blas = blas();
    StreamKey key = KEY.seed(seed);
    try (Arena arena = Arena.ofBytes(declaredBytes(width));
        RandomNetwork network =
            RandomNetwork.draw(
                blas,
                arena,
                Representation.CONDITIONED,
                PRECISION,
                shape(width),
                RandomNetwork.HE,
                products(),
                key);
        Trajectory trajectory =
            Trajectory.of(
                blas,
                arena,
                network.recurrent(),
                network.input(),
                LENGTH,
                sequence(key.name("first")),
                sequence(key.name("second")));
        BackwardVectors back =
            BackwardVectors.ask(
                arena, network.recurrent(), network.output(), trajectory, 2, LENGTH)) {
      // A vector that lost its questions would be 0, one that lost its precision not a number.
      double entry = back.block(1, LENGTH, SEQUENCES - 1).get(0, 0);
      if (!(Math.abs(entry) > 0 && Math.abs(entry) < Double.POSITIVE_INFINITY)) {
        throw new IllegalStateException("a backward vector starts with " + entry);
      }
      return arena.peak();
    }
  }

  private static NormalizedInput sequence(StreamKey key) {
    return NormalizedInput.of(NormalizedInput.Law.SPREAD, key, DIMENSION, 1.0 / LENGTH);
  }

  /**
   * Draws as a query does: in single, into memory that was touched before.
   *
   * @param rows rows of 4096 that are drawn at a time
   */
  public Drawn normals(long rows) throws InterruptedException {
    log.accept("normals, single");
    try (Arena arena = Arena.ofBytes(rows * DRAWN_COLUMNS * PRECISION.bytes())) {
      OffHeapMatrix target = arena.matrix(rows, DRAWN_COLUMNS, PRECISION);
      GaussianMatrix.fill(target, KEY, 1);
      Elapsed best = new Elapsed(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
      for (int i = 1; i <= DRAWS; i++) {
        StreamKey key = KEY.seed(i);
        best = best.best(Elapsed.of(() -> GaussianMatrix.fill(target, key, 1)));
      }
      return new Drawn(rows * DRAWN_COLUMNS, best);
    }
  }

  /** e in {@code time ~ m^e} of the thread, between the first and the last of several widths. */
  static double exponent(List<Asked> rows) {
    Asked first = rows.get(0);
    Asked last = rows.get(rows.size() - 1);
    return Math.log(last.took().cpuSeconds() / first.took().cpuSeconds())
        / Math.log((double) last.width() / first.width());
  }

  /** The largest time a coordinate over the smallest. */
  static double spread(Collection<Asked> rows) {
    double largest = rows.stream().mapToDouble(Asked::nanosPerCoordinate).max().orElseThrow();
    return largest / rows.stream().mapToDouble(Asked::nanosPerCoordinate).min().orElseThrow();
  }

  private Blas blas() {
    return Blas.of(new NumericsProfile(library, PRECISION));
  }
}
