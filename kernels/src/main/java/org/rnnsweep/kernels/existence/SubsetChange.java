package org.rnnsweep.kernels.existence;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * What the terms of a few neurons K in the pseudo-network of {@link LastStepConstruction} owe to
 * W's and A's other uses (Panigrahi and Goyal, Claims F.6 to F.8): the network is drawn anew on K,
 * and the terms, still with the old rows w_k and a_k of K, are taken with the new network's states,
 * backward maps and directions. With a tilde for the new network, norms over the d outputs s over
 * sqrt(d), and i over {1, L} in F, over all of 1..L in S,
 *
 * <pre>
 * F^K_s = d/m sum over k in K, s' and i of b_s'k H_s'(k) [Back_(i-&gt;L)]_sk 1{&lt;w_k, h_(i-1)&gt; + &lt;a_k, x_i&gt; &gt;= 0}
 * S^K_s = d/m sum over k in K, s' and i of b_s'k [Back_(i-&gt;L)]_sk F*_s'
 * </pre>
 *
 * @param function |F~^K - F^K|, Claim F.6
 * @param noise |F~^K - S~^K|, Claim F.7
 * @param signal |S~^K - S^K|, Claim F.8
 */
public record SubsetChange(double function, double noise, double signal) {

  /** One of the two networks: what is taken from it. */
  public record View(Trajectory states, BackwardVectors back, StateDirections directions) {}

  /**
   * @param network the old one, asked one product a direction of each view and one more
   * @param set K
   * @param old of the old network: one sequence, targets L
   * @param fresh of the new one
   * @param tokens of the sequence
   * @param goals F*_s
   */
  public static SubsetChange measure(
      Arena arena,
      RandomNetwork network,
      long[] set,
      View old,
      View fresh,
      double[][] tokens,
      double[] goals,
      LastStepConstruction.Target target) {
    double[] before = function(arena, network, set, old, tokens, target);
    double[] after = function(arena, network, set, fresh, tokens, target);
    double[] signal = signal(network, set, old, goals);
    double[] signalAfter = signal(network, set, fresh, goals);
    return new SubsetChange(
        distance(after, before), distance(after, signalAfter), distance(signalAfter, signal));
  }

  private static double distance(double[] x, double[] y) {
    double square = 0;
    for (int s = 0; s < x.length; s++) {
      square += (x[s] - y[s]) * (x[s] - y[s]);
    }
    return Math.sqrt(square / x.length);
  }

  private static double[] function(
      Arena arena,
      RandomNetwork network,
      long[] set,
      View view,
      double[][] tokens,
      LastStepConstruction.Target target) {
    int length = tokens.length;
    long m = network.width();
    OffHeapMatrix b = network.output();
    int d = Math.toIntExact(b.rows());
    double[] weights = weights(arena, network, set, view.directions(), target);
    OffHeapMatrix recurrent = arena.matrix(1, m, Precision.DOUBLE);
    network.recurrent().right(view.states().state(length - 1, 0), recurrent);
    double[] sums = new double[d];
    for (int n = 0; n < set.length; n++) {
      long k = set[n];
      boolean first = product(network, k, tokens[0]) >= 0;
      boolean last = recurrent.get(0, k) + product(network, k, tokens[length - 1]) >= 0;
      for (int s = 0; s < d; s++) {
        double back = last ? b.get(s, k) : 0;
        back += first ? view.back().block(1, length, 0).get(s, k) : 0;
        sums[s] += d * weights[n] * back / m;
      }
    }
    arena.release(recurrent);
    return sums;
  }

  /** {@code sum over s' of b_s'k H_s'(k)} for k in K, with the old rows. */
  private static double[] weights(
      Arena arena,
      RandomNetwork network,
      long[] set,
      StateDirections directions,
      LastStepConstruction.Target target) {
    long m = network.width();
    OffHeapMatrix products = arena.matrix(directions.count(), m, Precision.DOUBLE);
    network.recurrent().right(directions.units(), products);
    double scale = Math.sqrt(m / RandomNetwork.HE);
    long bias = network.input().columns() - 1;
    double[] weights = new double[set.length];
    for (int s = 0; s < directions.count(); s++) {
      IndicatorFunction h = LastStepConstruction.function(target, directions.norm(s));
      for (int n = 0; n < set.length; n++) {
        double threshold = scale * network.input().get(set[n], bias) / target.radius();
        weights[n] +=
            network.output().get(s, set[n]) * h.value(scale * products.get(s, set[n]), threshold);
      }
    }
    arena.release(products);
    return weights;
  }

  private static double product(RandomNetwork network, long k, double[] token) {
    double sum = 0;
    for (int c = 0; c < token.length; c++) {
      sum += network.input().get(k, c) * token[c];
    }
    return sum;
  }

  private static double[] signal(RandomNetwork network, long[] set, View view, double[] goals) {
    int length = view.states().steps();
    OffHeapMatrix b = network.output();
    double[] sums = new double[goals.length];
    for (int i = 1; i <= length; i++) {
      OffHeapMatrix back = view.back().block(i, length, 0);
      for (long k : set) {
        for (int s = 0; s < sums.length; s++) {
          for (int other = 0; other < sums.length; other++) {
            sums[s] +=
                sums.length * b.get(other, k) * back.get(s, k) * goals[other] / network.width();
          }
        }
      }
    }
    return sums;
  }

  /** The most bytes taken from the arena for a while. */
  public static long memoryBytes(long width, int outputs) {
    return outputs * width * Double.BYTES;
  }
}
