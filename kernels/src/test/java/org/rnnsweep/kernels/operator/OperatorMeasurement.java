package org.rnnsweep.kernels.operator;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Seconds of the thread's own time of either representation at small widths, by which {@link
 * Representation#choose} was set. Figures are in DESIGN_NOTES.md. Run from the test class path.
 */
public final class OperatorMeasurement {
  private OperatorMeasurement() {}

  public static void main(String[] arguments) {
    Blas blas = Blas.of(new NumericsProfile(Library.NATIVE, Precision.SINGLE));
    for (int vectors : new int[] {16, 64, 256, 1024}) {
      for (int m : new int[] {256, 1024, 4096}) {
        if (vectors <= m) {
          compare(blas, m, vectors);
        }
      }
    }
  }

  /** Pairs of queries of 2 vectors on either side, chained, as many as make {@code vectors}. */
  private static void compare(Blas blas, int m, int vectors) {
    Products products = new Products(vectors / 2, vectors / 2);
    double[] seconds = new double[2];
    for (Representation representation : Representation.values()) {
      double best = Double.POSITIVE_INFINITY;
      for (int repeat = 0; repeat < 3; repeat++) {
        best = Math.min(best, chain(blas, m, products, representation));
      }
      seconds[representation.ordinal()] = best;
    }
    print(
        "m %5d vectors %5d: dense %8.4f s (model %6.2f Gflop), conditioned %8.4f s (model %6.2f"
            + " Gflop), cheaper %s, chosen %s%n",
        m,
        vectors,
        seconds[0],
        Representation.DENSE.costFlops(m, m, products) * 1e-9,
        seconds[1],
        Representation.CONDITIONED.costFlops(m, m, products) * 1e-9,
        seconds[0] < seconds[1] ? "dense" : "conditioned",
        Representation.choose(m, m, products).label());
  }

  private static double chain(Blas blas, int m, Products products, Representation representation) {
    Precision precision = Precision.SINGLE;
    long bytes = representation.memoryBytes(m, m, products, precision) + 4L * m * 4;
    try (Arena arena = Arena.ofBytes(bytes)) {
      OffHeapMatrix x = arena.matrix(2, m, precision);
      OffHeapMatrix y = arena.matrix(2, m, precision);
      x.set(0, 0, 1);
      x.set(1, 1, 1);
      long start = cpuNanos();
      try (GaussianOperator w =
          representation.draw(
              blas, arena, precision, m, m, 0.5 / Math.sqrt(m), products, StreamKey.of(2))) {
        for (int k = 0; k < products.right() / 2; k++) {
          w.right(x, y);
          w.left(y, x);
        }
      }
      return (cpuNanos() - start) * 1e-9;
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }
}
