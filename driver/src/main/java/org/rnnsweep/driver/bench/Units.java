package org.rnnsweep.driver.bench;

import java.util.Arrays;

/**
 * What one thread reaches in loops that this JVM compiled, on numbers in the nearest cache: the
 * best of five, in the thread's own time.
 *
 * @param acosSeconds one {@code Math.acos}
 * @param scalarFlops operations a second of fused multiply-adds on eight local numbers, which no
 *     compiler has put into vectors
 * @param vectorFlops of fused multiply-adds along an array, which the compiler may put into vectors
 */
public record Units(double acosSeconds, double scalarFlops, double vectorFlops) {
  private static final int SIZE = 1024;
  private static final int CHAIN = 8; // multiply-adds an element
  private static final int REPEATS = 5;

  // x -> x / 2 + 1/4 stays near its fixed point 1/2: no overflow, nothing denormal.
  private static final double FACTOR = 0.5;
  private static final double TERM = 0.25;
  private static final double FIXED_POINT = 0.5;

  /**
   * Measures all three on this thread.
   *
   * @param seconds how long each of five repeats takes, about
   */
  public static Units measure(double seconds) throws InterruptedException {
    double[] grid = new double[SIZE];
    Arrays.setAll(grid, i -> (2.0 * i + 1) / SIZE - 1);
    double[] angles = new double[SIZE];
    double acos = best(() -> angles(grid, angles), seconds) / SIZE;
    check(Arrays.stream(angles).sum() / SIZE, Math.PI / 2);
    double[] locals = new double[CHAIN];
    double scalar = best(() -> scalar(locals), seconds);
    check(Arrays.stream(locals).sum() / CHAIN, FIXED_POINT);
    double[] array = new double[SIZE];
    double vector = best(() -> vector(array), seconds);
    check(Arrays.stream(array).sum() / SIZE, FIXED_POINT);
    double flops = 2.0 * CHAIN * SIZE;
    return new Units(acos, flops / scalar, flops / vector);
  }

  /** Seconds of one run, after as many as the time allows. */
  private static double best(Elapsed.Piece piece, double seconds) throws InterruptedException {
    long until = System.nanoTime() + (long) (1e9 * seconds);
    int counted = 0;
    do {
      piece.run();
      counted++;
    } while (System.nanoTime() < until);
    int runs = counted;
    double best = Double.POSITIVE_INFINITY;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      Elapsed took =
          Elapsed.of(
              () -> {
                for (int i = 0; i < runs; i++) {
                  piece.run();
                }
              });
      best = Math.min(best, took.cpuSeconds() / runs);
    }
    return best;
  }

  /** Uses what was computed, which otherwise need not be. */
  private static void check(double found, double expected) {
    if (!(Math.abs(found - expected) < 1e-9)) {
      throw new IllegalStateException("a measured loop gives " + found + " for " + expected);
    }
  }

  private static void angles(double[] x, double[] y) {
    for (int j = 0; j < x.length; j++) {
      y[j] = Math.acos(x[j]);
    }
  }

  private static void scalar(double[] x) {
    double a = x[0];
    double b = x[1];
    double c = x[2];
    double d = x[3];
    double e = x[4];
    double f = x[5];
    double g = x[6];
    double h = x[7];
    for (int i = 0; i < SIZE; i++) {
      a = Math.fma(a, FACTOR, TERM);
      b = Math.fma(b, FACTOR, TERM);
      c = Math.fma(c, FACTOR, TERM);
      d = Math.fma(d, FACTOR, TERM);
      e = Math.fma(e, FACTOR, TERM);
      f = Math.fma(f, FACTOR, TERM);
      g = Math.fma(g, FACTOR, TERM);
      h = Math.fma(h, FACTOR, TERM);
    }
    x[0] = a;
    x[1] = b;
    x[2] = c;
    x[3] = d;
    x[4] = e;
    x[5] = f;
    x[6] = g;
    x[7] = h;
  }

  private static void vector(double[] x) {
    for (int j = 0; j < x.length; j++) {
      double a = x[j];
      a = Math.fma(a, FACTOR, TERM);
      a = Math.fma(a, FACTOR, TERM);
      a = Math.fma(a, FACTOR, TERM);
      a = Math.fma(a, FACTOR, TERM);
      a = Math.fma(a, FACTOR, TERM);
      a = Math.fma(a, FACTOR, TERM);
      a = Math.fma(a, FACTOR, TERM);
      a = Math.fma(a, FACTOR, TERM);
      x[j] = a;
    }
  }
}
