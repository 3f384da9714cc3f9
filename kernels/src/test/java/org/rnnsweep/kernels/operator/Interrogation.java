package org.rnnsweep.kernels.operator;

import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.NormalStream;

/**
 * Asks a square matrix random questions on both sides, in blocks, most of them made of earlier
 * answers and questions (so that blocks are often rank-deficient), and keeps what was said. Then
 * asks for the whole matrix.
 */
final class Interrogation {
  static final Blas BLAS = Blas.of(new NumericsProfile(Library.NATIVE, Precision.DOUBLE));

  enum Way {
    RIGHT,
    LEFT
  }

  record Said(Way way, double[] question, double[] answer) {}

  final List<Said> said = new ArrayList<>();

  /** Largest |v'(W u) - (W'v)'u| after any query, over |u| |v| |W|. */
  double worstInvariant;

  private final Arena arena;
  private final GaussianOperator w;
  private final NormalStream choices;
  private final int m;
  private final double scale;

  /**
   * @param choices what decides the questions, beside the answers
   * @param standardDeviation of an entry of W
   */
  Interrogation(Arena arena, GaussianOperator w, NormalStream choices, double standardDeviation) {
    this.arena = arena;
    this.w = w;
    this.choices = choices;
    this.m = (int) w.rows();
    this.scale = standardDeviation * m;
  }

  /** Questions on either side that {@link #askAround} may ask, and the whole matrix. */
  static Products products(int m) {
    return new Products(4 * (m + 2), 3 * (m + 2));
  }

  /** One to m + 2 blocks of one to three vectors. */
  Interrogation askAround() {
    int queries = 1 + index(m + 2);
    for (int q = 0; q < queries; q++) {
      Way way = choices.nextUniform() < 0.5 ? Way.RIGHT : Way.LEFT;
      double[][] block = new double[1 + index(3)][];
      for (int i = 0; i < block.length; i++) {
        block[i] = i > 0 && index(6) == 0 ? block[0].clone() : question(way);
      }
      ask(way, block);
      checkInvariant();
    }
    return this;
  }

  private double[] question(Way way) {
    double[] x = new double[m];
    Said earlier = said.isEmpty() ? null : said.get(index(said.size()));
    switch (earlier == null ? 4 + index(2) : index(8)) {
      case 0, 1 -> {
        for (int k = 0; k < m; k++) {
          x[k] = Math.max(0, earlier.answer[k]);
        }
      }
      case 2 -> {
        for (int k = 0; k < m; k++) {
          x[k] = earlier.answer[k] - 0.5 * said.get(0).question[k];
        }
      }
      case 3 -> {
        for (Said s : said) {
          if (s.way == way) {
            double weight = choices.next();
            for (int k = 0; k < m; k++) {
              x[k] += weight * s.question[k];
            }
          }
        }
      }
      case 4 -> x[index(m)] = 1 + choices.nextUniform();
      case 5 -> {
        for (int k = 0; k < m; k++) {
          x[k] = choices.next();
        }
      }
      case 6 -> {
        for (int k = 0; k < m; k++) {
          x[k] = earlier.question[k] + 1e-6 * choices.next();
        }
      }
      default -> x = earlier.answer.clone();
    }
    return x;
  }

  double[][] ask(Way way, double[]... block) {
    double[][] answers = new double[block.length][];
    OffHeapMatrix x = arena.matrix(block.length, m, Precision.DOUBLE);
    OffHeapMatrix y = arena.matrix(block.length, m, Precision.DOUBLE);
    for (int i = 0; i < block.length; i++) {
      x.putRow(i, block[i]);
    }
    if (way == Way.RIGHT) {
      w.right(x, y);
    } else {
      w.left(x, y);
    }
    for (int i = 0; i < block.length; i++) {
      answers[i] = new double[m];
      y.getRow(i, answers[i]);
      said.add(new Said(way, block[i], answers[i]));
    }
    arena.release(y);
    arena.release(x);
    return answers;
  }

  /** W itself, by rows: asked as W e_1, ..., W e_m, and not kept among what was said. */
  double[][] complete() {
    double[][] unit = new double[m][m];
    for (int i = 0; i < m; i++) {
      unit[i][i] = 1;
    }
    int before = said.size();
    double[][] columns = ask(Way.RIGHT, unit);
    said.subList(before, said.size()).clear();
    double[][] rows = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        rows[i][j] = columns[j][i];
      }
    }
    return rows;
  }

  /** Largest |answer - what W answers| over |question| |W|. */
  double worstReplay(double[][] matrix) {
    double worst = 0;
    for (Said s : said) {
      double square = 0;
      for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int j = 0; j < m; j++) {
          sum += (s.way == Way.RIGHT ? matrix[i][j] : matrix[j][i]) * s.question[j];
        }
        square += (sum - s.answer[i]) * (sum - s.answer[i]);
      }
      double norm = norm(s.question);
      worst = Math.max(worst, norm == 0 ? Math.sqrt(square) : Math.sqrt(square) / norm / scale);
    }
    return worst;
  }

  private void checkInvariant() {
    for (Said right : said) {
      for (Said left : said) {
        if (right.way == Way.RIGHT && left.way == Way.LEFT) {
          double size = norm(right.question) * norm(left.question) * scale;
          double gap =
              Math.abs(dot(left.question, right.answer) - dot(left.answer, right.question));
          worstInvariant = Math.max(worstInvariant, size == 0 ? gap : gap / size);
        }
      }
    }
  }

  private int index(int bound) {
    return (int) (choices.nextUniform() * bound);
  }

  static double norm(double[] x) {
    return Math.sqrt(dot(x, x));
  }

  static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
