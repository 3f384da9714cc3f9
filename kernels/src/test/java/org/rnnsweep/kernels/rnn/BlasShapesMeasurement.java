package org.rnnsweep.kernels.rnn;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.BlasLibrary;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Rates (Gflop/s a second of the thread's own time, best of five, so that a busy machine distorts
 * them less) by which block widths were chosen: the forward pass, the symmetric product of a panel,
 * Cholesky, and the drawing of W, beside a plain 4096^3 product in the same process. Figures are in
 * DESIGN_NOTES.md. Run from the test class path; no argument.
 */
public final class BlasShapesMeasurement {
  private static final int REPEATS = 5;

  private BlasShapesMeasurement() {}

  public static void main(String[] arguments) {
    for (Precision precision : Precision.values()) {
      Blas blas = Blas.of(new NumericsProfile(Library.NATIVE, precision));
      print("%s, fingerprint %s%n", precision.label(), BlasLibrary.fingerprint());
      double yardstick = yardstick(blas, precision);
      print("yardstick 4096^3: %.1f%n", yardstick);
      for (int width : new int[] {1000, 2000, 4000}) {
        for (int batch : new int[] {128, 256, 512, 768, 1024}) {
          measure(blas, precision, width, batch, yardstick);
        }
        cholesky(blas, precision, width, yardstick);
      }
    }
  }

  private static double yardstick(Blas blas, Precision precision) {
    try (Arena arena = Arena.ofBytes(1L << 30)) {
      OffHeapMatrix a = arena.matrix(4096, 4096, precision);
      GaussianMatrix.fill(a, StreamKey.of(1), 1);
      OffHeapMatrix c = arena.matrix(4096, 4096, precision);
      return best(
          2.0 * 4096 * 4096 * 4096, () -> blas.gemm(Transpose.NO, Transpose.NO, 1, a, a, 0, c));
    }
  }

  private static void measure(
      Blas blas, Precision precision, int width, int batch, double yardstick) {
    try (Arena arena = Arena.ofBytes(1L << 30)) {
      long start = cpuNanos();
      ElmanNetwork network =
          ElmanNetwork.draw(arena, precision, width, 4, Initialization.HE, StreamKey.of(1).seed(0));
      double draws = 1e3 * width * (width + 4.0) / (cpuNanos() - start);
      ForwardPass pass = new ForwardPass(blas, arena, network, batch);
      OffHeapMatrix x = arena.matrix(batch, 4, precision);
      GaussianMatrix.fill(x, StreamKey.of(2), 1);
      double forward =
          best(
              ForwardPass.flops(width, 4, 4, batch),
              () -> {
                pass.reset();
                for (int step = 0; step < 4; step++) {
                  pass.step(x);
                }
              });
      OffHeapMatrix gram = arena.matrix(width, width, precision);
      double symmetric =
          best(
              (double) width * width * batch,
              () -> blas.syrk(Transpose.YES, 1, pass.hidden(), 1, gram));
      print(
          "m %5d batch %5d: forward %6.1f (%3.0f%%), syrk %6.1f (%3.0f%%), %.0f M normals/s%n",
          width,
          batch,
          forward,
          100 * forward / yardstick,
          symmetric,
          100 * symmetric / yardstick,
          draws);
    }
  }

  private static void cholesky(Blas blas, Precision precision, int width, double yardstick) {
    try (Arena arena = Arena.ofBytes(1L << 30)) {
      OffHeapMatrix a = arena.matrix(width, width, precision);
      GaussianMatrix.fill(a, StreamKey.of(3), 1);
      OffHeapMatrix gram = arena.matrix(width, width, precision);
      blas.syrk(Transpose.YES, 1, a, 0, gram);
      for (int i = 0; i < width; i++) {
        gram.set(i, i, gram.get(i, i) + width);
      }
      double rate = 0;
      for (int repeat = 0; repeat < REPEATS; repeat++) {
        a.copyFrom(gram);
        long start = cpuNanos();
        if (!blas.cholesky(a)) {
          throw new IllegalStateException("not positive definite");
        }
        rate = Math.max(rate, Math.pow(width, 3) / 3 / (cpuNanos() - start));
      }
      print("m %5d cholesky %6.1f (%3.0f%%)%n", width, rate, 100 * rate / yardstick);
    }
  }

  private static double best(double flops, Runnable work) {
    double rate = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      long start = cpuNanos();
      work.run();
      rate = Math.max(rate, flops / (cpuNanos() - start));
    }
    return rate;
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
