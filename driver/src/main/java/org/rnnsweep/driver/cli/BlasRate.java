package org.rnnsweep.driver.cli;

import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;

/** How fast one core of this machine multiplies matrices, in a quarter of a second. */
final class BlasRate {
  private static final int SIZE = 1536;
  private static final int REPEATS = 3;

  private BlasRate() {}

  /**
   * Operations a second: the best of a few products in the profile's precision.
   *
   * @throws IllegalStateException if the library does not load
   */
  static double flopsPerSecond(NumericsProfile profile) {
    Blas blas = Blas.of(profile);
    try (Arena arena = Arena.ofBytes(3L * SIZE * SIZE * profile.precision().bytes())) {
      OffHeapMatrix a = arena.matrix(SIZE, SIZE, profile.precision());
      OffHeapMatrix b = arena.matrix(SIZE, SIZE, profile.precision());
      OffHeapMatrix c = arena.matrix(SIZE, SIZE, profile.precision());
      a.fill(0.5);
      b.fill(0.25);
      double best = 0;
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        blas.gemm(Transpose.NO, Transpose.NO, 1, a, b, 0, c);
        best = Math.max(best, 2.0 * SIZE * SIZE * SIZE / (System.nanoTime() - start));
      }
      return best * 1e9;
    }
  }
}
