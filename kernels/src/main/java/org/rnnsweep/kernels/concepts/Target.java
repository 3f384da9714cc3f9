package org.rnnsweep.kernels.concepts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A real function of sequences, L x d. */
@FunctionalInterface
public interface Target {

  /** F_0(X_1, .., X_L). */
  double value(double[][] tokens);

  /**
   * One of the additive class, (9) of Wang, Shen, Hu and Cao: {@code scale sum psi(<beta_l, X_l> /
   * |X_l|)} over some positions.
   *
   * @param positions from 1
   * @param directions beta_l by position, unit vectors of d numbers
   */
  static Target additive(Link link, List<Integer> positions, double[][] directions, double scale) {
    check(positions, directions);
    double[][] kept = copy(directions);
    List<Integer> places = List.copyOf(positions);
    return tokens -> {
      double sum = 0;
      for (int k = 0; k < kept.length; k++) {
        double[] token = tokens[places.get(k) - 1];
        sum += link.value(dot(kept[k], token) / Math.sqrt(dot(token, token)));
      }
      return scale * sum;
    };
  }

  /**
   * One of the N-variables class, (11): {@code scale prod <a_n, X_(l_n)> / max |X_(l_n)|}, which is
   * not additive in the least, as the class has it, a sum of N-th powers of one linear function
   * each:
   *
   * <pre>
   * prod t_n = N^N / (2^(N-1) N!) sum over signs e with e_1 = 1 of (prod e_n) z_e^N,
   * z_e = &lt;beta_e, [X_(l_1), ..]&gt; / (sqrt(N) max |X|),  beta_e = [e_1 a_1, .., e_N a_N] / sqrt(N).
   * </pre>
   *
   * @param positions from 1, at most 20
   * @param directions a_n by position, unit vectors
   */
  static Target product(List<Integer> positions, double[][] directions, double scale) {
    check(positions, directions);
    int n = positions.size();
    if (n > 20) {
      throw new IllegalArgumentException("a product has at most 20 factors, found " + n);
    }
    double[][] kept = copy(directions);
    List<Integer> places = List.copyOf(positions);
    double factor = scale;
    for (int k = 1; k <= n; k++) {
      factor *= (double) n / k / (k < n ? 2 : 1);
    }
    double weight = factor;
    return tokens -> {
      double[] t = new double[n];
      double largest = 0;
      for (int k = 0; k < n; k++) {
        double[] token = tokens[places.get(k) - 1];
        t[k] = dot(kept[k], token);
        largest = Math.max(largest, dot(token, token));
      }
      double sum = 0;
      for (int signs = 0; signs < 1 << (n - 1); signs++) {
        double z = t[0];
        for (int k = 1; k < n; k++) {
          z += (signs >> (k - 1) & 1) == 0 ? t[k] : -t[k];
        }
        double power = StrictMath.pow(z / (n * Math.sqrt(largest)), n);
        sum += Integer.bitCount(signs) % 2 == 0 ? power : -power;
      }
      return weight * sum;
    };
  }

  /**
   * The product of the signs of all coordinates of all tokens, 1 or -1: in neither class, for it is
   * orthogonal to every function of fewer coordinates.
   */
  static Target parity() {
    return tokens -> {
      int negative = 0;
      for (double[] token : tokens) {
        for (double x : token) {
          negative += x < 0 ? 1 : 0;
        }
      }
      return negative % 2 == 0 ? 1 : -1;
    };
  }

  private static void check(List<Integer> positions, double[][] directions) {
    if (positions.isEmpty() || positions.size() != directions.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "every position has a direction, found %d positions and %d directions",
              positions.size(),
              directions.length));
    }
    for (int position : positions) {
      if (position < 1) {
        throw new IllegalArgumentException("positions count from 1, found " + positions);
      }
    }
    for (double[] direction : directions) {
      if (!(Math.abs(dot(direction, direction) - 1) <= 1e-9)) {
        throw new IllegalArgumentException(
            "directions are unit vectors, found " + Arrays.toString(direction));
      }
    }
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
