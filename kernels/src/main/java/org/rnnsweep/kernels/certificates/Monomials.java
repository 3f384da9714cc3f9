package org.rnnsweep.kernels.certificates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The monomials z^n = z_1^(n_1) .. z_N^(n_N) of N variables up to a total degree P, by degree, with
 * the table by which truncated series are multiplied: C(N + P, N) monomials and about C(2N + P, 2N)
 * products. Immutable.
 */
public final class Monomials {
  private static final int MOST = 5000;

  private final int variables;
  private final int degree;
  private final List<int[]> exponents = new ArrayList<>();
  private final Map<List<Integer>, Integer> index = new HashMap<>();

  // Product k adds left[k] times right[k] to target[k].
  private final int[] left;
  private final int[] right;
  private final int[] target;

  private Monomials(int variables, int degree) {
    this.variables = variables;
    this.degree = degree;
    for (int total = 0; total <= degree; total++) {
      addAll(new int[variables], 0, total);
    }
    List<int[]> products = new ArrayList<>();
    for (int i = 0; i < exponents.size(); i++) {
      for (int j = 0; j < exponents.size(); j++) {
        int[] sum = new int[variables];
        for (int v = 0; v < variables; v++) {
          sum[v] = exponents.get(i)[v] + exponents.get(j)[v];
        }
        Integer at = index.get(key(sum));
        if (at != null) {
          products.add(new int[] {i, j, at});
        }
      }
    }
    left = products.stream().mapToInt(p -> p[0]).toArray();
    right = products.stream().mapToInt(p -> p[1]).toArray();
    target = products.stream().mapToInt(p -> p[2]).toArray();
  }

  /**
   * @param variables N, at least 1
   * @param degree P, at least 0; at most 5000 monomials
   */
  public static Monomials of(int variables, int degree) {
    double count = 1;
    for (int k = 1; k <= variables; k++) {
      count *= (double) (degree + k) / k;
    }
    if (!(variables >= 1 && degree >= 0 && count <= MOST)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "at least 1 variable and degree 0, and at most %d monomials are allowed, found %d"
                  + " variables and degree %d",
              MOST,
              variables,
              degree));
    }
    return new Monomials(variables, degree);
  }

  private void addAll(int[] exponent, int variable, int rest) {
    if (variable == variables - 1) {
      exponent[variable] = rest;
      index.put(key(exponent), exponents.size());
      exponents.add(exponent.clone());
      return;
    }
    for (int power = rest; power >= 0; power--) {
      exponent[variable] = power;
      addAll(exponent, variable + 1, rest - power);
    }
    exponent[variable] = 0;
  }

  private static List<Integer> key(int[] exponent) {
    return Arrays.stream(exponent).boxed().toList();
  }

  /** N. */
  public int variables() {
    return variables;
  }

  /** P. */
  public int degree() {
    return degree;
  }

  /** How many there are. */
  public int size() {
    return exponents.size();
  }

  /** The exponents of monomial k. */
  public int[] exponent(int k) {
    return exponents.get(k).clone();
  }

  /**
   * The place of z^n.
   *
   * @throws IllegalArgumentException if it has another number of variables or too high a degree
   */
  public int indexOf(int... exponent) {
    Integer at = index.get(key(exponent));
    if (at == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no monomial %s of %d variables up to degree %d",
              Arrays.toString(exponent),
              variables,
              degree));
    }
    return at;
  }

  /** |n|! / (n_1! .. n_N!). */
  public static double multinomial(int... exponent) {
    double value = 1;
    int total = 0;
    for (int n : exponent) {
      for (int k = 1; k <= n; k++) {
        value *= (double) ++total / k;
      }
    }
    return Math.rint(value);
  }

  /** a b without the terms beyond the degree; coefficients by monomial. */
  double[] product(double[] a, double[] b) {
    double[] c = new double[size()];
    for (int k = 0; k < target.length; k++) {
      c[target[k]] += a[left[k]] * b[right[k]];
    }
    return c;
  }
}
