package org.rnnsweep.kernels.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.WrongGaussian.Mistake;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.Initialization;

/**
 * The law of small matrices that were asked random, adaptive questions and then for everything.
 * Root seed 20; every p-value below is a lower bound of Bonferroni's or a single test's, and is
 * asked to exceed 1e-4: two of each size, one of independence and one of replaced rows, 14 in all,
 * a false alarm in 1.4 of 1000 root seeds.
 */
class ConditionedLawTest {
  private static final int DRAWS = 2000;
  private static final double ALPHA = 1e-4;
  private static final double SD = 0.7;
  private static final long ROOT = 20;

  /** What many completed matrices say. */
  private record Evidence(
      double normPValue, double covariancePValue, double worstReplay, double worstInvariant) {

    boolean lawHolds() {
      return normPValue > ALPHA && covariancePValue > ALPHA;
    }

    /** Rounding of a dozen products of norm 1 is 1e-15; a wrong term is of order 1. */
    boolean oneMatrix() {
      return worstReplay < 1e-12 && worstInvariant < 1e-12;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7, 8})
  void completedMatrixIsGaussianAndRepeatsEveryAnswer(int m) {
    Evidence evidence = evidence(Mistake.NONE, m, DRAWS);
    assertThat(evidence.lawHolds()).as("%s", evidence).isTrue();
    assertThat(evidence.oneMatrix()).as("%s", evidence).isTrue();
  }

  @ParameterizedTest
  @EnumSource(value = Mistake.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void mistakesAreSeen(Mistake mistake) {
    Evidence evidence = evidence(mistake, 5, 2 * DRAWS);
    boolean lawHolds =
        switch (mistake) {
          // The completed matrix consists of fresh columns: only its answers contradict it.
          case OTHER_SIDE_DROPPED -> true;
          default -> false;
        };
    boolean oneMatrix =
        switch (mistake) {
          case WRONG_VARIANCE, DRAW_REUSED, SIDES_SHARE_DRAWS, DRAW_DROPPED -> true;
          default -> false;
        };
    assertThat(evidence.lawHolds()).as("%s", evidence).isEqualTo(lawHolds);
    assertThat(evidence.oneMatrix()).as("%s", evidence).isEqualTo(oneMatrix);
  }

  private static Evidence evidence(Mistake mistake, int m, int draws) {
    double[][] entries = new double[m * m][draws];
    double[] normSquares = new double[draws];
    double worstReplay = 0;
    double worstInvariant = 0;
    Products products = Interrogation.products(m);
    for (int n = 0; n < draws; n++) {
      StreamKey key = StreamKey.of(ROOT).seed(n).with("width", m);
      try (Arena arena = Arena.ofBytes(1 << 20);
          GaussianOperator w =
              new WrongGaussian(
                  mistake, Interrogation.BLAS, arena, m, m, SD, products, key.name("W"))) {
        Interrogation talk =
            new Interrogation(arena, w, NormalStream.of(key.name("choices")), SD).askAround();
        double[][] matrix = talk.complete();
        worstReplay = Math.max(worstReplay, talk.worstReplay(matrix));
        worstInvariant = Math.max(worstInvariant, talk.worstInvariant);
        for (int k = 0; k < m * m; k++) {
          entries[k][n] = matrix[k / m][k % m] / SD;
          normSquares[n] += entries[k][n] * entries[k][n];
        }
      }
    }
    double norms =
        KolmogorovSmirnovTest.withDefaults()
            .test(normSquares, ChiSquaredDistribution.of(m * m)::cumulativeProbability)
            .getPValue();
    return new Evidence(norms, covariancePValue(entries), worstReplay, worstInvariant);
  }

  /**
   * Bonferroni's p-value over all means (normal), squares (chi-square) and products of two (normal
   * to 1/DRAWS) of variables that are independent N(0, 1) or not.
   */
  private static double covariancePValue(double[][] variables) {
    int count = variables.length;
    int draws = variables[0].length;
    double smallest = 1;
    for (int a = 0; a < count; a++) {
      double sum = 0;
      for (double x : variables[a]) {
        sum += x;
      }
      double squares = Interrogation.dot(variables[a], variables[a]);
      ChiSquaredDistribution law = ChiSquaredDistribution.of(draws);
      smallest = Math.min(smallest, normal(sum / Math.sqrt(draws)));
      smallest =
          Math.min(
              smallest,
              2 * Math.min(law.cumulativeProbability(squares), law.survivalProbability(squares)));
      for (int b = 0; b < a; b++) {
        smallest =
            Math.min(
                smallest, normal(Interrogation.dot(variables[a], variables[b]) / Math.sqrt(draws)));
      }
    }
    return smallest * count * (count + 3) / 2.0;
  }

  private static double normal(double z) {
    return 2 * NormalDistribution.of(0, 1).survivalProbability(Math.abs(z));
  }

  /** The questions are made of A and B, as those of a network are. */
  @Test
  void matrixIsIndependentOfInputAndReadout() {
    assertThat(independence("W")).isGreaterThan(ALPHA);
  }

  /** Fresh vectors taken from A's own stream: the twin. */
  @Test
  void drawingFromTheStreamOfInputIsSeen() {
    assertThat(independence("A")).isLessThan(ALPHA);
  }

  /** W, asked directly in between, and its copy with two fresh rows: all entries at once. */
  @Test
  void replacedRowsAreIndependentOfAllOthers() {
    int m = 4;
    long[] replaced = {0, 2};
    double[][] entries = new double[m * m + replaced.length * m][DRAWS];
    double worstReplay = 0;
    double worstKept = 0;
    for (int n = 0; n < DRAWS; n++) {
      StreamKey key = StreamKey.of(ROOT).seed(n).name("replaced");
      Products products = new Products(12 * (m + 2), 9 * (m + 2));
      try (Arena arena = Arena.ofBytes(1 << 20);
          GaussianOperator w = gaussian(arena, m, m, products, key.name("W"));
          GaussianOperator rows = gaussian(arena, 2, m, products, key.name("rows"));
          GaussianOperator changed = ReplacedRows.of(arena, w, replaced, rows)) {
        NormalStream choices = NormalStream.of(key.name("choices"));
        Interrogation talk = new Interrogation(arena, w, choices, SD).askAround();
        Interrogation other = new Interrogation(arena, changed, choices, SD).askAround();
        talk.askAround();
        double[][] second = other.complete();
        double[][] first = talk.complete();
        worstReplay = Math.max(worstReplay, talk.worstReplay(first));
        worstReplay = Math.max(worstReplay, other.worstReplay(second));
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < m; j++) {
            entries[i * m + j][n] = first[i][j] / SD;
            if (i % 2 == 0) {
              entries[m * m + i / 2 * m + j][n] = second[i][j] / SD;
            } else {
              worstKept = Math.max(worstKept, Math.abs(first[i][j] - second[i][j]));
            }
          }
        }
      }
    }
    assertThat(worstReplay).isLessThan(1e-12);
    assertThat(worstKept).isLessThan(1e-12);
    assertThat(covariancePValue(entries)).isGreaterThan(ALPHA);
  }

  private static GaussianOperator gaussian(
      Arena arena, int rows, int columns, Products products, StreamKey key) {
    return ConditionedGaussian.of(
        Interrogation.BLAS, arena, Precision.DOUBLE, rows, columns, SD, products, key);
  }

  private static double independence(String stream) {
    int m = 4;
    int d = 3;
    double sd = Initialization.HE.standardDeviation(m);
    double[][] ofW = new double[m * m][DRAWS];
    double[][] others = new double[2 * m * d][DRAWS];
    for (int n = 0; n < DRAWS; n++) {
      StreamKey seed = StreamKey.of(ROOT).seed(n);
      StreamKey key =
          stream.equals("A")
              ? seed.name("A").with("width", m).with("dimension", d)
              : seed.name(stream).with("width", m);
      try (Arena arena = Arena.ofBytes(1 << 20);
          GaussianOperator w =
              new ConditionedGaussian(
                  Interrogation.BLAS,
                  arena,
                  Precision.DOUBLE,
                  m,
                  m,
                  sd,
                  new Products(m + 2, d),
                  key) {
                @Override
                StreamKey drawKey(String side, int before, int otherBefore) {
                  return stream.equals("A") && side.equals("right") && before == 0
                      ? key
                      : super.drawKey(side, before, otherBefore);
                }
              }) {
        ElmanNetwork net =
            ElmanNetwork.draw(arena, Precision.DOUBLE, m, d, Initialization.HE, seed);
        var b = arena.matrix(d, m, Precision.DOUBLE);
        GaussianMatrix.fill(b, seed.name("B"), 1);
        double[][] back = new double[d][m];
        double[] state = new double[m];
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < d; j++) {
            others[i * d + j][n] = net.input().get(i, j) / sd;
            others[m * d + i * d + j][n] = b.get(j, i);
            back[j][i] = b.get(j, i);
          }
          state[i] = Math.max(0, net.input().get(i, 0));
        }
        Interrogation talk = new Interrogation(arena, w, NormalStream.of(seed.name("c")), sd);
        double[] next = talk.ask(Interrogation.Way.RIGHT, state)[0];
        talk.ask(Interrogation.Way.LEFT, back);
        talk.ask(Interrogation.Way.RIGHT, next);
        double[][] matrix = talk.complete();
        for (int k = 0; k < m * m; k++) {
          ofW[k][n] = matrix[k / m][k % m] / sd;
        }
      }
    }
    double smallest = 1;
    for (double[] x : ofW) {
      for (double[] y : others) {
        smallest = Math.min(smallest, normal(Interrogation.dot(x, y) / Math.sqrt(DRAWS)));
      }
    }
    assertThat(smallest).as(String.format(Locale.ROOT, "p-value of %s", stream)).isNotNaN();
    return smallest * ofW.length * others.length;
  }
}
