package org.rnnsweep.kernels.ntk;

import java.util.List;

/**
 * The tangent kernel's matrix of a {@link FiniteNetwork}, added up over the first of each pair of
 * steps:
 *
 * <pre>
 * H_ij = sum over l, k of &lt;v_l(x_i), v_k(x_j)&gt; / m (&lt;h_(l-1)(x_i), h_(k-1)(x_j)&gt;
 *                                                + &lt;x_(i,l), x_(j,k)&gt;  if A is trained
 *                                                + 1                   if the bias is)
 *        + &lt;h_L(x_i), h_L(x_j)&gt;                                       if B is trained.
 * </pre>
 *
 * For W alone this is {@code <grad f(x_i), grad f(x_j)> / m}, (23) of Wang, Shen, Hu and Cao with
 * h_(l-1) for the printed h_l. Its limit is {@link RecurrentKernel#ntk} with {@link
 * Parametrization#ENTRIES}. Not safe for use by several threads.
 */
public final class TangentGram {
  private final Trained trained;
  private final List<double[][]> sequences;
  private final double[][] values;

  /** An empty sum. */
  public TangentGram(Trained trained, List<double[][]> sequences) {
    this.trained = trained;
    this.sequences = sequences;
    values = new double[sequences.size()][sequences.size()];
  }

  /** The whole sum of a network that made all its steps. */
  public static TangentGram of(FiniteNetwork network, Trained trained, List<double[][]> sequences) {
    TangentGram gram = new TangentGram(trained, sequences);
    int length = sequences.get(0).length;
    for (int l = 1; l <= length; l++) {
      gram.add(l, network.backProducts(l), network.stateProducts(l - 1));
    }
    gram.addReadout(network.stateProducts(length));
    return gram;
  }

  /**
   * Adds all pairs of steps of which the first is l; each l from 1 to L once.
   *
   * @param backs {@link FiniteNetwork#backProducts} of l
   * @param statesBefore {@link FiniteNetwork#stateProducts} of l - 1
   */
  public void add(int l, double[][] backs, double[][] statesBefore) {
    int n = values.length;
    int length = sequences.get(0).length;
    for (int k = l; k <= length; k++) {
      int block = (k - l) * n;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double direct = statesBefore[i][block + j];
          if (trained != Trained.RECURRENT) {
            direct += dot(sequences.get(i)[l - 1], sequences.get(j)[k - 1]);
          }
          if (trained == Trained.ALL) {
            direct++;
          }
          double term = backs[i][block + j] * direct;
          values[i][j] += term;
          if (k > l) {
            values[j][i] += term; // the pair (k, l)
          }
        }
      }
    }
  }

  /** Adds what B brings, where it is trained; nothing otherwise. */
  public void addReadout(double[][] lastStates) {
    if (trained == Trained.ALL) {
      for (int i = 0; i < values.length; i++) {
        for (int j = 0; j < values.length; j++) {
          values[i][j] += lastStates[i][j];
        }
      }
    }
  }

  /** The matrix itself, n x n, symmetric up to rounding. */
  public double[][] values() {
    return values;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
