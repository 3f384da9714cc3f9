package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;

class ReadoutColumnsTest {
  private static final double EPS_X = 0.1;

  /** Everything once more from explicit matrices, on the heap. */
  @Test
  void isWhatExplicitMatricesGive() throws InterruptedException {
    int m = 60;
    int d = 3;
    int length = 4;
    int sequences = 2;
    int replaced = 5;
    StreamKey key = StreamKey.of(61);
    ReadoutColumns.Plan plan =
        new ReadoutColumns.Plan(Representation.DENSE, m, d, length, sequences, replaced);
    try (Arena arena = Arena.ofBytes(1 << 24)) {
      ReadoutColumns.Found found =
          ReadoutColumns.measure(Nets.BLAS, arena, plan, EPS_X, key, Checkpoint.NONE);
      ElmanNetwork net = Nets.he(arena, Precision.DOUBLE, m, d, 61);
      RealMatrix w = Nets.copy(net.recurrent());
      RealMatrix a = Nets.copy(net.input());
      double sd = Math.sqrt(2.0 / m);
      StreamKey fresh = key.name("fresh").with("width", m).with("replaced", replaced);
      RealMatrix w2 = w.copy();
      w2.setSubMatrix(drawn(arena, replaced, m, fresh.name("W"), sd).getData(), 0, 0);
      RealMatrix a2 = a.copy();
      a2.setSubMatrix(
          drawn(arena, replaced, d, fresh.name("A").with("dimension", d), sd).getData(), 0, 0);
      RealMatrix v1 =
          drawn(arena, ReadoutColumns.DIRECTIONS, m, key.name("directions").with("width", m), 1);
      RealMatrix v2 =
          drawn(
              arena, ReadoutColumns.DIRECTIONS, d, key.name("directions").with("dimension", d), 1);
      double[] base =
          Nets.sequences(InputSequences.base(d, length, EPS_X), length, new BlockPlan(1, 1))[0];
      double[][] xs =
          Nets.sequences(
              InputSequences.normalized(key.name("sequences"), d, length, EPS_X),
              length,
              new BlockPlan(sequences, sequences));
      RealMatrix before = columns(w, a, Nets.states(w, a, base), length - 1);
      RealMatrix after = columns(w, a, Nets.states(w, a, base), length);
      RealMatrix before2 = columns(w2, a2, Nets.states(w2, a2, base), length - 1);
      RealMatrix after2 = columns(w2, a2, Nets.states(w2, a2, base), length);
      RealMatrix k = new Array2DRowRealMatrix(m, m); // keeps the replaced rows
      for (int i = 0; i < replaced; i++) {
        k.setEntry(i, i, 1);
      }
      double[] terms = new double[5];
      double independent = 0;
      double aligned = 0;
      double byColumns = 0;
      int count = before.getColumnDimension();
      for (double[] x : xs) {
        double[] token = java.util.Arrays.copyOfRange(x, (length - 1) * d, length * d);
        double[][] h = Nets.states(w, a, x);
        double[][] h2 = Nets.states(w2, a2, x);
        double[] y = h[length - 2];
        double square = dot(y, y) + dot(token, token);
        double[] last = h[length - 1];
        aligned += Math.pow(dot(last, last) / square - 1, 2) / sequences;
        // With the original rows, before and after the state has changed.
        double[] other = relu(add(w.operate(h2[length - 2]), a.operate(token)));
        for (int v = 0; v < ReadoutColumns.DIRECTIONS; v++) {
          double[] one = v1.getRow(v);
          double[] two = v2.getRow(v);
          double f = dot(add(w.operate(one), a.operate(two)), last);
          double g = dot(one, y) + dot(two, token);
          double norms = (dot(one, one) + dot(two, two)) * square;
          independent += (f - g) * (f - g) / norms / sequences / ReadoutColumns.DIRECTIONS;
        }
        for (int c = 0; c < count; c++) {
          double[] t = before.getColumn(c);
          double[] t2 = before2.getColumn(c);
          double f = dot(w.operate(t), last);
          byColumns += Math.pow(f - dot(t, y), 2) / dot(t, t) / square / sequences / count;
          double share = (double) replaced / m;
          double f1 = dot(k.operate(w.operate(t)), last);
          double f2 = dot(k.operate(w.operate(t)), other);
          double f3 = dot(k.operate(w.operate(t2)), other);
          double g = share * dot(t, y);
          double g2 = share * dot(t2, h2[length - 2]);
          double[] differences = {f1 - f2, f2 - f3, f3 - g2, g2 - g, f1 - g};
          for (int i = 0; i < terms.length; i++) {
            terms[i] += differences[i] * differences[i] / dot(t, t) / count / sequences;
          }
        }
      }
      ReadoutColumns.Lemmas lemmas = found.lemmas();
      // Two orders of summation of products of at most a few hundred numbers.
      assertThat(lemmas.columnNorm()).isCloseTo(columnNorm(after), within(1e-12));
      assertThat(lemmas.entry()).isCloseTo(largest(w.multiply(before)), within(1e-13));
      RealMatrix gram = after.transpose().multiply(after);
      for (int i = 0; i < gram.getRowDimension(); i++) {
        gram.setEntry(i, i, 0);
      }
      assertThat(lemmas.crossGram()).isCloseTo(largest(gram), within(1e-12));
      assertThat(lemmas.sweepGap()).isLessThan(1e-13).isPositive();
      assertThat(lemmas.aligned()).isCloseTo(Math.sqrt(aligned), within(1e-12));
      assertThat(lemmas.independent()).isCloseTo(Math.sqrt(independent), within(1e-12));
      assertThat(lemmas.columns()).isCloseTo(Math.sqrt(byColumns), within(1e-12));
      ReadoutColumns.Replaced changed = found.replaced();
      double stateRows = 0;
      for (double[] x : xs) {
        double[][] h = Nets.states(w, a, x);
        double[][] h2 = Nets.states(w2, a2, x);
        for (int l = 0; l < length - 1; l++) {
          double[] difference = k.operate(w.operate(add(h2[l], negative(h[l]))));
          stateRows = Math.max(stateRows, Math.sqrt(dot(difference, difference)));
        }
      }
      assertThat(changed.stateRows()).isCloseTo(stateRows, within(1e-12)).isPositive();
      double[] v = drawn(arena, 1, m, key.name("vector").with("width", m), 1).getRow(0);
      double[][] h = Nets.states(w, a, xs[0]);
      double[][] h2 = Nets.states(w2, a2, xs[0]);
      double[] first = add(product(w2, h2, v, 3), negative(product(w, h, v, 3)));
      double[] seen =
          k.operate(w.operate(add(product(w2, h2, v, 2), negative(product(w, h, v, 2)))));
      assertThat(changed.product())
          .isCloseTo(Math.sqrt(dot(first, first) / dot(v, v)), within(1e-12))
          .isPositive();
      assertThat(changed.productRows())
          .isCloseTo(Math.sqrt(dot(seen, seen) / dot(v, v)), within(1e-12))
          .isPositive();
      assertThat(changed.columnChange())
          .isCloseTo(columnNorm(after.subtract(after2)), within(1e-12));
      assertThat(changed.rowChange())
          .isCloseTo(columnNorm(k.multiply(w).multiply(before.subtract(before2))), within(1e-12));
      double[] measured = {
        changed.byState(),
        changed.byDirection(),
        changed.concentration(),
        changed.byWhole(),
        changed.total()
      };
      for (int i = 0; i < terms.length; i++) {
        assertThat(measured[i]).as("term " + i).isCloseTo(Math.sqrt(terms[i]), within(1e-13));
        assertThat(measured[i]).isPositive();
      }
    }
  }

  /** {@code |Wbar w| - 1} is of the size that m = 4000 gives, and so is its change: far from 0. */
  @Test
  void stretchesAreSmallButThere() throws InterruptedException {
    ReadoutColumns.Found found = found(Representation.CONDITIONED, 4000, 20, 3);
    assertThat(found.lemmas().stretch()).isBetween(1e-4, 0.1);
    assertThat(found.replaced().stretchChange()).isBetween(1e-5, 0.1);
    assertThat(found.lemmas().sweepGap()).isLessThan(1e-12);
  }

  @Test
  void withoutReplacedRowsThereIsNoCopy() throws InterruptedException {
    ReadoutColumns.Found without = found(Representation.DENSE, 50, 0, 1);
    assertThat(without.replaced()).isNull();
    assertThat(without.lemmas()).isEqualTo(found(Representation.DENSE, 50, 4, 1).lemmas());
  }

  /**
   * Both representations by two-sample Kolmogorov-Smirnov tests of eighteen statistics at m = 512;
   * Bonferroni at 1e-3, seeds 1000 on (formed) and 2000 on (conditioned). Twin: 14 replaced rows in
   * place of 8.
   */
  @Test
  void bothRepresentationsHaveOneLaw() throws InterruptedException {
    List<double[]> formed = sample(Representation.DENSE, 1000, 8);
    assertThat(smallestPValue(formed, sample(Representation.CONDITIONED, 2000, 8)))
        .isGreaterThan(1e-3);
    assertThat(smallestPValue(formed, sample(Representation.CONDITIONED, 2000, 14)))
        .isLessThan(1e-3);
  }

  private static double smallestPValue(List<double[]> one, List<double[]> other) {
    double smallest = 1;
    int statistics = one.get(0).length;
    for (int i = 0; i < statistics; i++) {
      int column = i;
      double[] x = one.stream().mapToDouble(row -> row[column]).toArray();
      double[] y = other.stream().mapToDouble(row -> row[column]).toArray();
      double p = KolmogorovSmirnovTest.withDefaults().test(x, y).getPValue();
      smallest = Math.min(smallest, p * statistics);
    }
    return smallest;
  }

  private static List<double[]> sample(Representation representation, int seed, int replaced)
      throws InterruptedException {
    List<double[]> rows = new ArrayList<>();
    for (int n = 0; n < 150; n++) {
      ReadoutColumns.Found found = found(representation, 512, replaced, seed + n);
      ReadoutColumns.Lemmas a = found.lemmas();
      ReadoutColumns.Replaced b = found.replaced();
      rows.add(
          new double[] {
            a.columnNorm(),
            a.entry(),
            a.crossGram(),
            a.stretch(),
            a.independent(),
            a.aligned(),
            a.columns(),
            b.stateRows(),
            b.product(),
            b.productRows(),
            b.columnChange(),
            b.rowChange(),
            b.stretchChange(),
            b.byState(),
            b.byDirection(),
            b.concentration(),
            b.byWhole(),
            b.total()
          });
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void takesTheMemoryItDeclares(Representation representation) throws InterruptedException {
    for (int replaced : new int[] {0, 7}) {
      ReadoutColumns.Plan plan = new ReadoutColumns.Plan(representation, 5000, 3, 4, 2, replaced);
      try (Arena arena = Arena.ofBytes(plan.memoryBytes())) {
        ReadoutColumns.measure(Nets.BLAS, arena, plan, EPS_X, StreamKey.of(63), Checkpoint.NONE);
        // The operator's work space and the sweep's vectors are never wanted at one time.
        assertThat(arena.peak()).isGreaterThan(plan.memoryBytes() * 3 / 4);
        assertThat(arena.used()).isZero();
      }
    }
  }

  private static ReadoutColumns.Found found(
      Representation representation, long m, int replaced, int seed) throws InterruptedException {
    ReadoutColumns.Plan plan = new ReadoutColumns.Plan(representation, m, 3, 4, 2, replaced);
    try (Arena arena = Arena.ofBytes(plan.memoryBytes())) {
      return ReadoutColumns.measure(
          Nets.BLAS, arena, plan, EPS_X, StreamKey.of(seed), Checkpoint.NONE);
    }
  }

  /** Wbar^[l] by its recursion. */
  private static RealMatrix columns(RealMatrix w, RealMatrix a, double[][] base, int l) {
    RealMatrix result = masked(a, base[0]);
    for (int step = 2; step <= l; step++) {
      RealMatrix older = masked(w.multiply(result), base[step - 1]);
      RealMatrix both =
          new Array2DRowRealMatrix(
              older.getRowDimension(), older.getColumnDimension() + a.getColumnDimension());
      both.setSubMatrix(older.getData(), 0, 0);
      both.setSubMatrix(masked(a, base[step - 1]).getData(), 0, older.getColumnDimension());
      result = both;
    }
    return result;
  }

  private static RealMatrix masked(RealMatrix matrix, double[] state) {
    RealMatrix result = matrix.copy();
    for (int i = 0; i < state.length; i++) {
      if (!(state[i] > 0)) {
        result.setRow(i, new double[matrix.getColumnDimension()]);
      }
    }
    return result;
  }

  private static RealMatrix drawn(Arena arena, int rows, int columns, StreamKey key, double sd) {
    OffHeapMatrix matrix = arena.matrix(rows, columns, Precision.DOUBLE);
    GaussianMatrix.fill(matrix, key, sd);
    return Nets.copy(matrix);
  }

  private static double columnNorm(RealMatrix matrix) {
    double largest = 0;
    for (int c = 0; c < matrix.getColumnDimension(); c++) {
      largest = Math.max(largest, matrix.getColumnVector(c).getNorm());
    }
    return largest;
  }

  private static double largest(RealMatrix matrix) {
    double largest = 0;
    for (double[] row : matrix.getData()) {
      for (double value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  private static double[] add(double[] x, double[] y) {
    double[] sum = x.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += y[i];
    }
    return sum;
  }

  private static double[] relu(double[] z) {
    double[] result = z.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.max(0, result[i]);
    }
    return result;
  }

  /** {@code D^(1 + factors) W .. D^(2) W v}. */
  private static double[] product(RealMatrix w, double[][] states, double[] v, int factors) {
    double[] result = v;
    for (int l = 1; l <= factors; l++) {
      result = w.operate(result);
      for (int i = 0; i < result.length; i++) {
        result[i] = states[l][i] > 0 ? result[i] : 0;
      }
    }
    return result;
  }

  private static double[] negative(double[] x) {
    return java.util.Arrays.stream(x).map(value -> -value).toArray();
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
