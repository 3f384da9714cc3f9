package org.rnnsweep.kernels.concepts;

/** log n!. */
public final class LogFactorial {
  private static final int TABLE = 256;
  private static final double[] VALUES = new double[TABLE];

  static {
    double lost = 0; // compensated: the sum keeps its last digits
    for (int n = 2; n < TABLE; n++) {
      double term = StrictMath.log(n) - lost;
      VALUES[n] = VALUES[n - 1] + term;
      lost = VALUES[n] - VALUES[n - 1] - term;
    }
  }

  private LogFactorial() {}

  /** From the table, or Stirling's series, whose next term is below 1e-20 there. */
  public static double of(int n) {
    if (n < TABLE) {
      return VALUES[n];
    }
    double x = n + 1.0;
    double inverse = 1 / x;
    double square = inverse * inverse;
    return (x - 0.5) * StrictMath.log(x)
        - x
        + 0.5 * StrictMath.log(2 * Math.PI)
        + inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
  }
}
