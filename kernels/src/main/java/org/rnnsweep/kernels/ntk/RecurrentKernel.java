package org.rnnsweep.kernels.ntk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A kernel between sequences of vectors: what an infinitely wide Elman network makes of them, by
 * the recursions in this package's description. Immutable and safe for use by several threads.
 *
 * <p>Every value depends on its two sequences alone, bit for bit: not on the matrix around it, the
 * order, the block or the number of threads. Swapping two sequences swaps indices and changes no
 * bit. Accuracy: {@code 1 - correlation} of states and preactivations keeps a relative error of a
 * few ulps a step; a value itself has an error of a few ulps of the geometric mean of the two
 * diagonal values.
 *
 * <p>A sequence is an array of L >= 1 tokens of d >= 1 finite numbers; lengths may differ, d not.
 */
public final class RecurrentKernel {
  private static final int ROWS = 32;
  private static final int COLUMNS = 128;

  /** Whether a value is put on both sides of the matrix's diagonal. */
  private enum Mirror {
    YES,
    NO
  }

  private final NetworkLaw law;
  private final boolean tangent;

  // Factors of <h, h'>, s <x, x'>, 1 in the gradient at a step, and of <h, h'> in the output's.
  private final double recurrentPart;
  private final double inputPart;
  private final double biasPart;
  private final double readoutPart;

  private RecurrentKernel(NetworkLaw law, boolean tangent, double[] parts) {
    this.law = law;
    this.tangent = tangent;
    recurrentPart = parts[0];
    inputPart = parts[1];
    biasPart = parts[2];
    readoutPart = parts[3];
  }

  /** The covariance of the outputs, {@code E[f f']}. */
  public static RecurrentKernel nngp(NetworkLaw law) {
    return new RecurrentKernel(law, false, new double[] {0, 0, 0, law.readoutVariance()});
  }

  /** The tangent kernel: the inner product of the outputs' gradients by the trained parameters. */
  public static RecurrentKernel ntk(
      NetworkLaw law, Trained trained, Parametrization parametrization) {
    double[] parts = {1, 0, 0, 0};
    if (trained != Trained.RECURRENT) {
      parts[1] = 1;
    }
    if (trained == Trained.ALL) {
      parts[2] = 1;
      parts[3] = 1;
    }
    if (parametrization == Parametrization.UNIT_VARIANCE) {
      parts[0] *= law.weightVariance();
      parts[1] *= law.inputVariance();
      parts[2] *= law.biasVariance();
      parts[3] *= law.readoutVariance();
    }
    return new RecurrentKernel(law, true, parts);
  }

  /**
   * The matrix of two sequences' outputs: 1 x 1, or L x L' for {@link Output#EVERY_STEP}.
   *
   * @throws IllegalArgumentException naming what is wrong with a sequence
   */
  public double[][] between(double[][] x, double[][] y, Output output) {
    check(List.of(x, y));
    Panel rows = new Panel(law, Collections.singletonList(x));
    Panel columns = new Panel(law, Collections.singletonList(y));
    int[] rowIndex = {0};
    double[][] values =
        output == Output.EVERY_STEP ? new double[x.length][y.length] : new double[1][1];
    new Block(rows, rowIndex, columns, rowIndex, 1, output, values).run(0, 0, 1, Mirror.NO);
    return values;
  }

  /**
   * The Gram matrix of n sequences: n x n, or N x N with N the sum of the lengths for {@link
   * Output#EVERY_STEP}, sequence after sequence, step after step. Symmetric bit for bit. Costs
   * about {@code (60 + 4 d) n^2 L / 2} operations for the last output of n sequences of length L,
   * and L times as much for the others.
   *
   * @param threads how many blocks are computed at once, at least 1
   * @throws IllegalArgumentException naming what is wrong with a sequence
   */
  public double[][] gram(List<double[][]> sequences, Output output, int threads) {
    check(sequences);
    SortedMap<Integer, List<Integer>> byLength = new TreeMap<>();
    int[] firstRow = new int[sequences.size()];
    int size = 0;
    for (int i = 0; i < firstRow.length; i++) {
      int length = sequences.get(i).length;
      byLength.computeIfAbsent(length, key -> new ArrayList<>()).add(i);
      firstRow[i] = size;
      size += output == Output.EVERY_STEP ? length : 1;
    }
    double[][] values = new double[size][size];
    List<Panel> panels = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    for (List<Integer> members : byLength.values()) {
      panels.add(new Panel(law, members.stream().map(sequences::get).toList()));
      places.add(members.stream().mapToInt(i -> firstRow[i]).toArray());
    }
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int p = 0; p < panels.size(); p++) {
      for (int q = p; q < panels.size(); q++) {
        addTasks(tasks, panels.get(p), places.get(p), panels.get(q), places.get(q), output, values);
      }
    }
    runAll(tasks, threads);
    return values;
  }

  private void addTasks(
      Collection<Callable<Void>> tasks,
      Panel rows,
      int[] rowPlaces,
      Panel columns,
      int[] columnPlaces,
      Output output,
      double[][] values) {
    for (int r = 0; r < rows.count; r += ROWS) {
      int firstRow = r;
      int lastRow = Math.min(r + ROWS, rows.count);
      for (int c = 0; c < columns.count; c += COLUMNS) {
        int from = c;
        int to = Math.min(c + COLUMNS, columns.count);
        if (rows == columns && to <= firstRow) {
          continue; // below the diagonal
        }
        tasks.add(
            () -> {
              Block block =
                  new Block(rows, rowPlaces, columns, columnPlaces, to - from, output, values);
              for (int row = firstRow; row < lastRow; row++) {
                int first = rows == columns ? Math.max(from, row) : from;
                if (first < to) {
                  block.run(row, first, to - first, Mirror.YES);
                }
              }
              return null;
            });
      }
    }
  }

  private static void runAll(Collection<Callable<Void>> tasks, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: found " + threads + ", allowed is 1 or more");
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Void> task : pool.invokeAll(tasks)) {
        task.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while computing a Gram matrix", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static void check(List<double[][]> sequences) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("at least one sequence is needed, found none");
    }
    int dimension = -1;
    for (int i = 0; i < sequences.size(); i++) {
      double[][] sequence = sequences.get(i);
      if (sequence.length == 0) {
        throw new IllegalArgumentException("sequence " + i + " is empty, it needs a token");
      }
      for (int t = 0; t < sequence.length; t++) {
        double[] token = sequence[t];
        dimension = dimension < 0 ? token.length : dimension;
        if (token.length != dimension || dimension == 0) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "token %d of sequence %d has %d numbers, allowed is one dimension of at least 1"
                      + " for all, the first token's is %d",
                  t,
                  i,
                  token.length,
                  dimension));
        }
        for (double x : token) {
          if (!(Math.abs(x) < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT, "token %d of sequence %d holds %s, not finite", t, i, x));
          }
        }
      }
    }
  }

  /** Rows of one panel beside columns of one panel, and where their values go. */
  private final class Block {
    private final Panel rows;
    private final int[] rowPlaces;
    private final Panel columns;
    private final int[] columnPlaces;
    private final Output output;
    private final double[][] values;
    private final Walk walk;
    private final double[] hidden; // the gradient of h alone: Theta without readout
    private final double[] gradient;
    private final double[] value;

    Block(
        Panel rows,
        int[] rowPlaces,
        Panel columns,
        int[] columnPlaces,
        int capacity,
        Output output,
        double[][] values) {
      this.rows = rows;
      this.rowPlaces = rowPlaces;
      this.columns = columns;
      this.columnPlaces = columnPlaces;
      this.output = output;
      this.values = values;
      walk = Walk.of(law, capacity);
      hidden = new double[capacity];
      gradient = new double[capacity];
      value = new double[capacity];
    }

    void run(int row, int from, int count, Mirror mirror) {
      if (output == Output.LAST) {
        start(row, from, count, rows.length - columns.length);
        while (walk.stepsLeft() > 0) {
          step();
        }
        evaluate();
        put(0, 0, value, mirror);
        return;
      }
      double[] total = new double[count];
      int longest = Math.max(rows.length, columns.length);
      for (int offset = 0; offset < longest; offset++) {
        // Both sides of the diagonal are added to each other first: a swap changes no bit.
        double[] sides = new double[count];
        diagonal(row, from, count, offset, mirror, sides);
        if (offset > 0) {
          diagonal(row, from, count, -offset, mirror, sides);
        }
        for (int j = 0; j < count; j++) {
          total[j] += sides[j];
        }
      }
      if (output == Output.AVERAGE) {
        for (int j = 0; j < count; j++) {
          total[j] /= (double) rows.length * columns.length;
        }
        put(0, 0, total, mirror);
      }
    }

    /** All steps of a diagonal: their sum is added to sides, or each is put in its place. */
    private void diagonal(int row, int from, int count, int offset, Mirror mirror, double[] sides) {
      if (offset >= rows.length || -offset >= columns.length) {
        return;
      }
      start(row, from, count, offset);
      double[] sum = new double[count];
      while (walk.stepsLeft() > 0) {
        step();
        evaluate();
        if (output == Output.AVERAGE) {
          for (int j = 0; j < count; j++) {
            sum[j] += value[j];
          }
        } else {
          put(walk.rowStep - 1, walk.columnStep - 1, value, mirror);
        }
      }
      for (int j = 0; j < count; j++) {
        sides[j] += sum[j];
      }
    }

    private void start(int row, int from, int count, int offset) {
      walk.start(rows, row, columns, from, count, offset);
      Arrays.fill(hidden, 0, count, 0);
    }

    private void step() {
      if (!tangent) {
        walk.step();
        return;
      }
      direct(walk.covariance, gradient, walk.count);
      walk.step();
      if (inputPart > 0) {
        addInputs();
      }
      chain(walk.gate, gradient, hidden, walk.count);
    }

    private void direct(double[] covariance, double[] target, int count) {
      double factor = recurrentPart;
      double constant = biasPart;
      for (int j = 0; j < count; j++) {
        target[j] = factor * covariance[j] + constant;
      }
    }

    private void addInputs() {
      Arrays.fill(value, 0, walk.count, 0);
      int d = columns.dimension;
      for (int k = 0; k < d; k++) {
        double x = rows.input[((walk.rowStep - 1) * d + k) * rows.count + walk.row];
        int at = ((walk.columnStep - 1) * d + k) * columns.count + walk.from;
        addProducts(x, columns.input, at, value, walk.count);
      }
      addProducts(inputPart, value, 0, gradient, walk.count);
    }

    private void chain(double[] gate, double[] direct, double[] through, int count) {
      double weight = law.weightVariance();
      for (int j = 0; j < count; j++) {
        through[j] = gate[j] * (direct[j] + weight * through[j]);
      }
    }

    private void evaluate() {
      double readout = law.readoutVariance();
      for (int j = 0; j < walk.count; j++) {
        value[j] = readoutPart * walk.covariance[j] + readout * hidden[j]; // NNGP: hidden is 0
      }
    }

    private void put(int a, int b, double[] found, Mirror mirror) {
      for (int j = 0; j < walk.count; j++) {
        int r = rowPlaces[walk.row] + a;
        int c = columnPlaces[walk.from + j] + b;
        values[r][c] = found[j];
        if (mirror == Mirror.YES) {
          values[c][r] = found[j];
        }
      }
    }
  }

  private static void addProducts(double x, double[] y, int from, double[] sum, int count) {
    for (int j = 0; j < count; j++) {
      sum[j] += x * y[from + j];
    }
  }
}
