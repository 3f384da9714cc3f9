package org.rnnsweep.driver.bench;

import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * What one thread reaches in a large square product, off the heap: the best of five.
 *
 * @param size rows and columns of the factors
 * @param inSingle best time of a product in single
 * @param inDouble best time of a product in double
 */
public record Yardstick(int size, Elapsed inSingle, Elapsed inDouble) {
  /** Rows and columns of the factors unless a test asks for fewer. */
  public static final int SIZE = 4096;

  private static final int REPEATS = 5;

  /** Measures both precisions, one after the other, in this process and thread. */
  public static Yardstick measure(Library library, int size) throws InterruptedException {
    return new Yardstick(
        size, best(library, Precision.SINGLE, size), best(library, Precision.DOUBLE, size));
  }

  private static Elapsed best(Library library, Precision precision, int size)
      throws InterruptedException {
    Blas blas = Blas.of(new NumericsProfile(library, precision));
    try (Arena arena = Arena.ofBytes(3L * size * size * precision.bytes())) {
      OffHeapMatrix a = arena.matrix(size, size, precision);
      OffHeapMatrix b = arena.matrix(size, size, precision);
      OffHeapMatrix c = arena.matrix(size, size, precision);
      GaussianMatrix.fill(a, StreamKey.of(1), 1);
      GaussianMatrix.fill(b, StreamKey.of(2), 1);
      Elapsed best = new Elapsed(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
      for (int i = 0; i < REPEATS; i++) {
        best = best.best(Elapsed.of(() -> blas.gemm(Transpose.NO, Transpose.NO, 1, a, b, 0, c)));
      }
      return best;
    }
  }

  /** Time that the same operations would take in products like these. */
  public Elapsed of(Work work) {
    double singles = work.singleFlops() / flops();
    double doubles = work.doubleFlops() / flops();
    return new Elapsed(
        singles * inSingle.wallSeconds() + doubles * inDouble.wallSeconds(),
        singles * inSingle.cpuSeconds() + doubles * inDouble.cpuSeconds());
  }

  /** Operations a second, by the clock. */
  public double flopsPerSecond(Precision precision) {
    return flops() / (precision == Precision.SINGLE ? inSingle : inDouble).wallSeconds();
  }

  /** Of one product. */
  public double flops() {
    return 2.0 * size * size * size;
  }
}
