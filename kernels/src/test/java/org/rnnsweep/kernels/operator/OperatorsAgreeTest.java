package org.rnnsweep.kernels.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.WrongGaussian.Mistake;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The formed and the conditioned matrix in one network, by two-sample Kolmogorov-Smirnov tests of a
 * dozen statistics. Bonferroni at 1e-3 a test method; root seeds 24 (formed) and 25 (conditioned).
 * A mistake changes these by parts of order (products / width) only: the fine tests are those of
 * the small matrices.
 */
class OperatorsAgreeTest {
  private static final double ALPHA = 1e-3;
  private static final int LENGTH = 4;

  /** Draws one operator. */
  private interface Source {
    GaussianOperator draw(Arena arena, Precision precision, long m, StreamKey key);
  }

  private static final Source DENSE = of(Representation.DENSE);
  private static final Source CONDITIONED = of(Representation.CONDITIONED);

  private static Source of(Representation representation) {
    return (arena, precision, m, key) ->
        representation.draw(
            Interrogation.BLAS, arena, precision, m, m, Math.sqrt(2.0 / m), products(), key);
  }

  private static Products products() {
    Products network = TwoSequences.products(LENGTH);
    return new Products(network.right() + 1, network.left() + 1);
  }

  @Test
  void statisticsHaveOneLaw() {
    assertThat(smallestPValue(CONDITIONED, Precision.DOUBLE, 256, 300)).isGreaterThan(ALPHA);
  }

  @Test
  @Tag("full")
  void statisticsHaveOneLawInSingleAtLargeWidth() {
    assertThat(smallestPValue(CONDITIONED, Precision.SINGLE, 4096 + 512, 100)).isGreaterThan(ALPHA);
  }

  /** A matrix that answers both sides from unrelated numbers. */
  @Test
  void matrixWithoutMemoryIsSeen() {
    Source wrong =
        (arena, precision, m, key) ->
            new WrongGaussian(
                Mistake.OTHER_SIDE_DROPPED,
                Interrogation.BLAS,
                arena,
                m,
                m,
                Math.sqrt(2.0 / m),
                products(),
                key);
    assertThat(smallestPValue(wrong, Precision.DOUBLE, 256, 300)).isLessThan(ALPHA);
  }

  private static double smallestPValue(Source source, Precision precision, long m, int draws) {
    Map<String, double[]> formed = sample(DENSE, precision, m, draws, StreamKey.of(24));
    Map<String, double[]> other = sample(source, precision, m, draws, StreamKey.of(25));
    assertThat(formed).hasSizeGreaterThanOrEqualTo(12);
    double smallest = 1;
    for (String name : formed.keySet()) {
      double p =
          KolmogorovSmirnovTest.withDefaults().test(formed.get(name), other.get(name)).getPValue();
      assertThat(p).as(name).isNotNaN();
      smallest = Math.min(smallest, p * formed.size());
    }
    return smallest;
  }

  private static Map<String, double[]> sample(
      Source source, Precision precision, long m, int draws, StreamKey root) {
    Map<String, double[]> sample = new LinkedHashMap<>();
    for (int n = 0; n < draws; n++) {
      StreamKey seed = root.seed(n);
      try (Arena arena = Arena.ofBytes(1L << 28);
          GaussianOperator w = source.draw(arena, precision, m, seed.name("W").with("width", m));
          TwoSequences net =
              new TwoSequences(Interrogation.BLAS, arena, w, LENGTH, seed.name("net"))) {
        int draw = n;
        statistics(arena, w, net)
            .forEach(
                (name, value) ->
                    sample.computeIfAbsent(name, any -> new double[draws])[draw] = value);
      }
    }
    return sample;
  }

  private static Map<String, Double> statistics(Arena arena, GaussianOperator w, TwoSequences net) {
    Map<String, Double> all = new LinkedHashMap<>();
    net.forward();
    double[] h3 = row(net.states, 4);
    double[] h4 = row(net.states, 6);
    double[] other4 = row(net.states, 7);
    double[] b = row(net.readout, 0);
    all.put("|h4|", Interrogation.norm(h4));
    all.put("|h4| of the other", Interrogation.norm(other4));
    all.put("|h4| max", max(h4));
    all.put("cos(h4, other h4)", cos(h4, other4));
    all.put("cos(h3, h4)", cos(h3, h4));
    all.put("signs that differ", flips(h4, other4));
    all.put("b h4", Interrogation.dot(b, h4));
    net.backward(
        (distance, v) -> {
          double[] first = row(v, 0);
          double[] last = row(v, (int) v.rows() - 2);
          if (distance == 1) {
            all.put("v43 h3 / b h4", Interrogation.dot(last, h3) / Interrogation.dot(b, h4));
            all.put("cos(v21, v43)", cos(first, last));
            all.put("cos(v21, h3)", cos(first, h3));
          }
          if (distance == 3) {
            all.put("|v41|", Interrogation.norm(first));
            all.put("|v41| max", max(first));
            all.put("cos(v41, other v41)", cos(first, row(v, 1)));
          }
        });
    OffHeapMatrix x = arena.matrix(1, w.columns(), w.precision());
    OffHeapMatrix y = arena.matrix(1, w.columns(), w.precision());
    x.set(0, 0, 1);
    w.right(x, y);
    w.left(y, x);
    all.put("|W'W e|", Interrogation.norm(row(x, 0)));
    return all;
  }

  private static double[] row(OffHeapMatrix matrix, int i) {
    double[] row = new double[(int) matrix.columns()];
    matrix.getRow(i, row);
    return row;
  }

  private static double cos(double[] x, double[] y) {
    return Interrogation.dot(x, y) / Interrogation.norm(x) / Interrogation.norm(y);
  }

  private static double max(double[] x) {
    double max = 0;
    for (double value : x) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }

  private static double flips(double[] x, double[] y) {
    int flips = 0;
    for (int k = 0; k < x.length; k++) {
      flips += (x[k] > 0) != (y[k] > 0) ? 1 : 0;
    }
    return flips;
  }
}
