package org.rnnsweep.kernels.inversion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.Initialization;

/**
 * The columns of {@code Wbar^[L] = [D_(0)^(L) W Wbar^[L-1], D_(0)^(L) A]} themselves, built by
 * products with W, and what the lemmas behind Theorem D.1 of Panigrahi and Goyal say of them.
 *
 * <p>With some rows K of W and A replaced by fresh ones (re-randomised), everything is built a
 * second time: the copy's states, base patterns and columns, marked by a prime here and a tilde in
 * the paper. K are the first rows: rows are exchangeable.
 *
 * <p>All in double. Forming the columns takes {@code d L (L - 1) / 2} products and {@code 2 L d m}
 * numbers, so this is for short sequences.
 */
public final class ReadoutColumns {
  /** Independent directions v of Lemma C.3. */
  static final int DIRECTIONS = 16;

  /** Coefficient vectors w of {@code |Wbar w|}. */
  static final int COEFFICIENTS = 32;

  /**
   * What is said of the columns of one network. Lengths are over those the lemmas divide by.
   *
   * @param columnNorm largest norm of a column of Wbar^[L] (Claim E.4)
   * @param entry largest absolute entry of {@code W Wbar^[L-1]} (Claim E.8)
   * @param crossGram largest inner product of two different columns
   * @param stretch root mean square of {@code |Wbar w| - 1} over random unit w (equation 37)
   * @param sweepGap largest difference between {@code Wbar^T h^(L)} from the columns and from the
   *     sweep back by the transpose (Claim E.3)
   * @param independent one step's error {@code |f - g| / (|v| |[h, x]|)} of Lemma C.3, a root mean
   *     square over independent v and sequences
   * @param aligned the same for v = [h, x]
   * @param columns the same for v = [t, 0], t the columns of Wbar^[L-1]
   */
  public record Lemmas(
      double columnNorm,
      double entry,
      double crossGram,
      double stretch,
      double sweepGap,
      double independent,
      double aligned,
      double columns) {}

  /**
   * What replaced rows change. Terms are root mean squares over the columns v = [t, 0] and the
   * sequences, over |v|; f_K is the part of f of the replaced rows, with the original rows.
   *
   * @param stateRows largest {@code |W_K (h'^(l) - h^(l))|} over l and sequences (Lemma B.2)
   * @param product {@code |(D'W' .. D'W' - DW .. DW) v| / |v|} for a random v, the L - 1 patterns
   *     from the second step on those of a sequence (Lemma B.2)
   * @param productRows {@code |W_K (D'W' .. D'W' - DW .. DW) v| / |v|}, one factor less (Lemma B.2)
   * @param columnChange largest {@code |t' - t|} over columns of Wbar^[L] (Claim E.10)
   * @param rowChange largest {@code |W_K (t' - t)|} over columns of Wbar^[L-1] (Claim E.10)
   * @param stretchChange root mean square of {@code |Wbar' w| / |Wbar w| - 1} (Claim F.5)
   * @param byState {@code |f_K(v, h) - f_K(v, h')|} (Claim C.6)
   * @param byDirection {@code |f_K(v, h') - f_K(v', h')|}
   * @param concentration {@code |f_K(v', h') - N/m g(v', h')|}
   * @param byWhole {@code N/m |g(v', h') - g(v, h)|}
   * @param total {@code |f_K(v, h) - N/m g(v, h)|} (Claim C.4)
   */
  public record Replaced(
      double stateRows,
      double product,
      double productRows,
      double columnChange,
      double rowChange,
      double stretchChange,
      double byState,
      double byDirection,
      double concentration,
      double byWhole,
      double total) {}

  /**
   * All that was measured.
   *
   * @param replaced null where no row was replaced
   */
  public record Found(Lemmas lemmas, Replaced replaced) {}

  /**
   * What is built.
   *
   * @param representation of W and of the fresh rows
   * @param width m
   * @param dimension d
   * @param length L, at least 3
   * @param sequences fresh sequences under the network
   * @param replaced N, how many rows are replaced; 0: no copy
   */
  public record Plan(
      Representation representation,
      long width,
      int dimension,
      int length,
      int sequences,
      int replaced) {

    /** Behind the base state, the states, and the vector that products are applied to. */
    private int firstColumn() {
      return 2 + sequences;
    }

    private int rowsAsked(int step) {
      return firstColumn() + (step - 1) * dimension;
    }

    private int rows() {
      return rowsAsked(length) + Math.max(dimension, DIRECTIONS);
    }

    private int productsOfACopy() {
      int products = 0;
      for (int step = 2; step <= length; step++) {
        products += rowsAsked(step);
      }
      return products;
    }

    /** What is asked of W. */
    public Products products() {
      int copies = replaced > 0 ? 2 : 1;
      return new Products(copies * productsOfACopy() + DIRECTIONS, sequences * (length - 1));
    }

    private Products freshProducts() {
      return new Products(productsOfACopy(), 0);
    }

    /** Flops of a large product that take as long as all of it; rough. */
    public double flops() {
      double fresh = replaced > 0 ? representation.costFlops(replaced, width, freshProducts()) : 0;
      double gram = 2.0 * width * length * dimension * length * dimension;
      return WideNetwork.flops(representation, width, dimension, products())
          + fresh
          + (replaced > 0 ? 2 : 1) * gram;
    }

    /** The most bytes that are held at a time. */
    public long memoryBytes() {
      long columns = (long) length * dimension;
      long copies = replaced > 0 ? 2 : 1;
      long numbers = copies * 2 * rows() * width; // states and columns, and their products
      numbers += length * width; // base patterns
      numbers += 2L * sequences * width + (1L + sequences) * dimension; // the sweep back, tokens
      numbers += (long) dimension * dimension + (long) DIRECTIONS * dimension;
      numbers += columns * columns + (columns + DIRECTIONS) * sequences; // of inner products
      long bytes = numbers * Double.BYTES;
      if (replaced > 0) {
        bytes += (width * dimension + (long) rows() * replaced) * Double.BYTES;
        bytes +=
            representation.memoryBytes(replaced, width, freshProducts(), Precision.DOUBLE)
                + (long) replaced * dimension * Double.BYTES;
      }
      return bytes + WideNetwork.memoryBytes(representation, width, dimension, products());
    }
  }

  private final Blas blas;
  private final Arena arena;
  private final Plan plan;
  private final WideNetwork network;
  private final StreamKey key;
  private final OffHeapMatrix tokens; // 1 + S, x d
  private final OffHeapMatrix unit; // d x d
  private final OffHeapMatrix patterns; // L x m: the base states
  private final Checkpoint checkpoint;
  private final List<OffHeapMatrix> taken = new ArrayList<>();
  private final OffHeapMatrix directions; // the d last coordinates of each v
  private GaussianOperator fresh; // rows that replace others; null: none

  private ReadoutColumns(
      Blas blas,
      Arena arena,
      Plan plan,
      WideNetwork network,
      StreamKey key,
      Checkpoint checkpoint) {
    this.blas = blas;
    this.arena = arena;
    this.plan = plan;
    this.network = network;
    this.key = key;
    this.checkpoint = checkpoint;
    int d = plan.dimension;
    tokens = take(1L + plan.sequences, d);
    patterns = take(plan.length, plan.width);
    unit = take(d, d);
    for (int j = 0; j < d; j++) {
      unit.set(j, j, 1);
    }
    directions = take(DIRECTIONS, d);
    GaussianMatrix.fill(directions, key.name("directions").with("dimension", d), 1);
  }

  /**
   * Builds and measures. Takes what {@link Plan#memoryBytes} says.
   *
   * @param epsX norm of the middle tokens
   * @param seedKey a key split by the seed index: of the network, the sequences ({@code
   *     "sequences"}) and the fresh rows
   * @throws InterruptedException if the checkpoint says so
   */
  public static Found measure(
      Blas blas, Arena arena, Plan plan, double epsX, StreamKey seedKey, Checkpoint checkpoint)
      throws InterruptedException {
    try (WideNetwork network =
        WideNetwork.draw(
            blas,
            arena,
            plan.representation,
            plan.width,
            plan.dimension,
            plan.products(),
            seedKey)) {
      checkpoint.worked(WideNetwork.drawnFlops(plan.width, plan.dimension));
      ReadoutColumns columns = new ReadoutColumns(blas, arena, plan, network, seedKey, checkpoint);
      try {
        return columns.measure(epsX);
      } finally {
        columns.release();
      }
    }
  }

  private OffHeapMatrix take(long rows, long columns) {
    OffHeapMatrix matrix = arena.matrix(rows, columns, Precision.DOUBLE);
    taken.add(matrix);
    return matrix;
  }

  private void release() {
    taken.forEach(arena::release);
    if (fresh != null) {
      fresh.close();
    }
  }

  private Found measure(double epsX) throws InterruptedException {
    int d = plan.dimension;
    InputSequences base = InputSequences.base(d, plan.length, epsX);
    InputSequences sequences =
        InputSequences.normalized(key.name("sequences"), d, plan.length, epsX);
    Copy original = new Copy(null);
    Copy changed = plan.replaced > 0 ? new Copy(new FreshRows()) : null;
    double[][] last = null;
    double stateRows = 0;
    for (int step = 1; step <= plan.length; step++) {
      last = drawTokens(base, sequences, step);
      if (step == plan.length) {
        drawDirections(original);
      }
      original.ask(step);
      patterns.rowRange(step - 1, step).copyFrom(original.z.rowRange(0, 1));
      if (changed != null) {
        changed.ask(step);
        for (int i = 1; i <= plan.sequences; i++) {
          stateRows = Math.max(stateRows, distance(original.ofReplaced[i], changed.ofReplaced[i]));
        }
      }
      if (step < plan.length) {
        original.advance(step);
        if (changed != null) {
          changed.advance(step);
        }
      }
    }
    LastStep one = new LastStep(original, last);
    LastStep other = changed == null ? null : new LastStep(changed, last);
    double entry = original.largestEntry();
    original.advance(plan.length);
    double[][] gram = original.gram();
    Lemmas lemmas =
        new Lemmas(
            largest(original.norms()),
            entry,
            crossGram(gram),
            stretch(gram, null),
            sweepGap(original),
            one.independentError(),
            one.alignedError(),
            one.columnsError());
    if (changed == null) {
      return new Found(lemmas, null);
    }
    changed.advance(plan.length);
    return new Found(lemmas, replaced(original, changed, one, other, gram, stateRows));
  }

  private double[][] drawTokens(InputSequences base, InputSequences sequences, int step) {
    int d = plan.dimension;
    double[] one = new double[d];
    double[] all = new double[plan.sequences * d];
    base.draw(0, step, 1, one);
    sequences.draw(0, step, plan.sequences, all);
    tokens.putRow(0, one);
    double[][] drawn = new double[plan.sequences][d];
    for (int s = 0; s < plan.sequences; s++) {
      System.arraycopy(all, s * d, drawn[s], 0, d);
      tokens.putRow(1 + s, drawn[s]);
    }
    return drawn;
  }

  /** Puts the first m coordinates of the v of Lemma C.3 behind the columns. */
  private void drawDirections(Copy copy) {
    int first = plan.rowsAsked(plan.length);
    GaussianMatrix.fill(
        copy.x.rowRange(first, first + DIRECTIONS),
        key.name("directions").with("width", plan.width),
        1);
  }

  /** The rows of a network that are replaced. */
  private final class FreshRows {
    final GaussianOperator recurrent;
    final OffHeapMatrix input; // all of A', m x d
    final OffHeapMatrix answers; // rows x N

    FreshRows() {
      double sd = Initialization.HE.standardDeviation(plan.width);
      StreamKey keys = key.name("fresh").with("width", plan.width).with("replaced", plan.replaced);
      recurrent =
          plan.representation.draw(
              blas,
              arena,
              Precision.DOUBLE,
              plan.replaced,
              plan.width,
              sd,
              plan.freshProducts(),
              keys.name("W"));
      fresh = recurrent;
      OffHeapMatrix some = arena.matrix(plan.replaced, plan.dimension, Precision.DOUBLE);
      GaussianMatrix.fill(some, keys.name("A").with("dimension", plan.dimension), sd);
      input = take(plan.width, plan.dimension);
      input.copyFrom(network.input());
      input.rowRange(0, plan.replaced).copyFrom(some);
      arena.release(some);
      answers = take(plan.rows(), plan.replaced);
    }
  }

  /**
   * One network's base state, states, a vector and columns, one a row, and their products with W.
   */
  private final class Copy {
    private final FreshRows fresh; // null: none
    private OffHeapMatrix x;
    private OffHeapMatrix z;

    /** For each row asked last, what the original rows K answered, A x included for states. */
    private double[][] ofReplaced;

    Copy(FreshRows fresh) {
      this.fresh = fresh;
      x = take(plan.rows(), plan.width);
      z = take(plan.rows(), plan.width);
    }

    OffHeapMatrix states(OffHeapMatrix of) {
      return of.rowRange(1, 1 + plan.sequences);
    }

    /** {@code D^(l) W .. D^(2) W v}, patterns of the first sequence. */
    OffHeapMatrix product(OffHeapMatrix of) {
      return of.rowRange(1 + plan.sequences, plan.firstColumn());
    }

    /** The columns of Wbar^[l]. */
    OffHeapMatrix columns(OffHeapMatrix of, int l) {
      return of.rowRange(plan.firstColumn(), plan.rowsAsked(l + 1));
    }

    /** z becomes W x, the first rows W h + A x; the states are then rectified. */
    void ask(int step) throws InterruptedException {
      int asked = plan.rowsAsked(step);
      int inAll = asked + (step == plan.length && fresh == null ? DIRECTIONS : 0);
      ofReplaced = new double[asked][plan.replaced];
      if (step > 1) {
        network.right(x.rowRange(0, inAll), z.rowRange(0, inAll), checkpoint);
        for (int i = 0; i < asked; i++) {
          z.getRow(i, ofReplaced[i]);
        }
        if (fresh != null) {
          OffHeapMatrix answers = fresh.answers.rowRange(0, asked);
          fresh.recurrent.right(x.rowRange(0, asked), answers);
          double[] row = new double[plan.replaced];
          for (int i = 0; i < asked; i++) {
            answers.getRow(i, row);
            z.putRow(i, row);
          }
        }
      }
      OffHeapMatrix states = z.rowRange(0, 1L + plan.sequences);
      double beta = step > 1 ? 1 : 0;
      blas.gemm(
          Transpose.NO,
          Transpose.YES,
          1,
          tokens,
          fresh == null ? network.input() : fresh.input,
          beta,
          states);
      for (int i = 0; i <= plan.sequences; i++) {
        for (int k = 0; k < plan.replaced; k++) {
          for (int j = 0; j < plan.dimension; j++) {
            ofReplaced[i][k] += network.input().get(k, j) * tokens.get(i, j);
          }
        }
      }
      if (inAll > asked) {
        network.addInput(directions, 1, z.rowRange(asked, inAll));
      }
      WideNetwork.relu(states);
    }

    /** The columns of the next Wbar, after {@link #ask}; x holds it then, with the states. */
    void advance(int step) {
      OffHeapMatrix old = columns(z, step - 1);
      OffHeapMatrix added = z.rowRange(plan.rowsAsked(step), plan.rowsAsked(step + 1));
      blas.gemm(
          Transpose.NO,
          Transpose.YES,
          1,
          unit,
          fresh == null ? network.input() : fresh.input,
          0,
          added);
      if (step == 1) {
        GaussianMatrix.fill(product(z), key.name("vector").with("width", plan.width), 1);
      } else {
        SignPattern.apply(z.rowRange(1, 2), product(z));
      }
      SignPattern.apply(z.rowRange(0, 1), old);
      SignPattern.apply(z.rowRange(0, 1), added);
      OffHeapMatrix done = x;
      x = z;
      z = done;
    }

    /** Of W Wbar^[L-1], before it is masked. */
    double largestEntry() {
      OffHeapMatrix columns = columns(z, plan.length - 1);
      double[] row = new double[(int) plan.width];
      double largest = 0;
      for (long c = 0; c < columns.rows(); c++) {
        columns.getRow(c, row);
        for (double value : row) {
          largest = Math.max(largest, Math.abs(value));
        }
      }
      return largest;
    }

    double[] norms() {
      OffHeapMatrix columns = columns(x, plan.length);
      double[] norms = new double[(int) columns.rows()];
      for (int c = 0; c < norms.length; c++) {
        norms[c] = Math.sqrt(square(columns, c));
      }
      return norms;
    }

    /** Wbar^T Wbar. */
    double[][] gram() {
      OffHeapMatrix columns = columns(x, plan.length);
      return inner(columns, columns);
    }
  }

  private double[][] inner(OffHeapMatrix one, OffHeapMatrix other) {
    OffHeapMatrix products = arena.matrix(one.rows(), other.rows(), Precision.DOUBLE);
    blas.gemm(Transpose.NO, Transpose.YES, 1, one, other, 0, products);
    double[][] result = new double[(int) one.rows()][(int) other.rows()];
    for (int i = 0; i < result.length; i++) {
      products.getRow(i, result[i]);
    }
    arena.release(products);
    return result;
  }

  /** f and g at the last step: what reading h^(L) back by one layer gives, and what it should. */
  private final class LastStep {
    private final double[][] tokens;
    private final double[][] f; // columns, then directions; by sequence
    private final double[][] g;
    private final double[] squares; // |v|^2
    private final double[] stateSquares; // |h^(L-1)|^2 + |x^(L)|^2
    private final double[] lastSquares; // |h^(L)|^2
    private final double[][] columnsOfReplaced; // W_K t, with the original rows
    private final double[][] statesOfReplaced; // relu of the original rows' preactivations

    LastStep(Copy copy, double[][] tokens) {
      this.tokens = tokens;
      int columns = (plan.length - 1) * plan.dimension;
      int first = plan.firstColumn();
      int rows = columns + (copy.fresh == null ? DIRECTIONS : 0);
      f = inner(copy.z.rowRange(first, first + rows), copy.states(copy.z));
      g = inner(copy.x.rowRange(first, first + rows), copy.states(copy.x));
      squares = new double[rows];
      for (int v = 0; v < rows; v++) {
        squares[v] = square(copy.x, first + v);
      }
      stateSquares = new double[plan.sequences];
      lastSquares = new double[plan.sequences];
      statesOfReplaced = new double[plan.sequences][plan.replaced];
      for (int s = 0; s < plan.sequences; s++) {
        stateSquares[s] = square(copy.x, 1 + s) + dot(tokens[s], tokens[s]);
        lastSquares[s] = square(copy.z, 1 + s);
        for (int k = 0; k < plan.replaced; k++) {
          statesOfReplaced[s][k] = Math.max(0, copy.ofReplaced[1 + s][k]);
        }
      }
      columnsOfReplaced = Arrays.copyOfRange(copy.ofReplaced, first, first + columns);
      if (copy.fresh == null) {
        double[] rest = new double[plan.dimension];
        for (int v = 0; v < DIRECTIONS; v++) {
          directions.getRow(v, rest);
          squares[columns + v] += dot(rest, rest);
          for (int s = 0; s < plan.sequences; s++) {
            g[columns + v][s] += dot(rest, tokens[s]);
          }
        }
      }
    }

    double columnsError() {
      return error(0, columnsOfReplaced.length);
    }

    double independentError() {
      return error(columnsOfReplaced.length, squares.length);
    }

    /** Root mean square of {@code |f - g| / (|v| |[h, x]|)}. */
    private double error(int from, int to) {
      double sum = 0;
      for (int v = from; v < to; v++) {
        for (int s = 0; s < plan.sequences; s++) {
          double difference = f[v][s] - g[v][s];
          sum += difference * difference / squares[v] / stateSquares[s];
        }
      }
      return Math.sqrt(sum / (to - from) / plan.sequences);
    }

    double alignedError() {
      double sum = 0;
      for (int s = 0; s < plan.sequences; s++) {
        double error = lastSquares[s] / stateSquares[s] - 1;
        sum += error * error;
      }
      return Math.sqrt(sum / plan.sequences);
    }
  }

  private Replaced replaced(
      Copy original,
      Copy changed,
      LastStep one,
      LastStep other,
      double[][] gram,
      double stateRows) {
    double columnChange = 0;
    OffHeapMatrix columns = original.columns(original.x, plan.length);
    OffHeapMatrix changedColumns = changed.columns(changed.x, plan.length);
    double[] row = new double[(int) plan.width];
    double[] changedRow = new double[row.length];
    for (long c = 0; c < columns.rows(); c++) {
      columns.getRow(c, row);
      changedColumns.getRow(c, changedRow);
      columnChange = Math.max(columnChange, distance(row, changedRow));
    }
    double rowChange = 0;
    double[] terms = new double[5];
    double share = (double) plan.replaced / plan.width;
    int count = one.columnsOfReplaced.length;
    for (int c = 0; c < count; c++) {
      double[] u = one.columnsOfReplaced[c];
      double[] changedU = other.columnsOfReplaced[c];
      rowChange = Math.max(rowChange, distance(u, changedU));
      for (int s = 0; s < plan.sequences; s++) {
        double asWas = dot(u, one.statesOfReplaced[s]);
        double otherState = dot(u, other.statesOfReplaced[s]);
        double bothOther = dot(changedU, other.statesOfReplaced[s]);
        double g = share * one.g[c][s];
        double changedG = share * other.g[c][s];
        double[] differences = {
          asWas - otherState, otherState - bothOther, bothOther - changedG, changedG - g, asWas - g
        };
        for (int i = 0; i < terms.length; i++) {
          terms[i] += differences[i] * differences[i] / one.squares[c];
        }
      }
    }
    for (int i = 0; i < terms.length; i++) {
      terms[i] = Math.sqrt(terms[i] / count / plan.sequences);
    }
    int vector = plan.firstColumn() - 1;
    GaussianMatrix.fill(
        original.product(original.z), key.name("vector").with("width", plan.width), 1);
    double norm = Math.sqrt(square(original.z, vector));
    original.x.getRow(vector, row);
    changed.x.getRow(vector, changedRow);
    return new Replaced(
        stateRows,
        distance(row, changedRow) / norm,
        distance(original.ofReplaced[vector], changed.ofReplaced[vector]) / norm,
        columnChange,
        rowChange,
        stretch(changed.gram(), gram),
        terms[0],
        terms[1],
        terms[2],
        terms[3],
        terms[4]);
  }

  /**
   * Root mean square of {@code |Wbar w| / |Wbar_0 w| - 1} over random unit w, from {@code Wbar^T
   * Wbar}.
   *
   * @param reference of Wbar_0; null: the identity
   */
  private double stretch(double[][] gram, double[][] reference) {
    NormalStream normals = NormalStream.of(key.name("coefficients").with("length", plan.length));
    double[] w = new double[gram.length];
    double sum = 0;
    for (int i = 0; i < COEFFICIENTS; i++) {
      normals.fill(w, 0, w.length);
      double over = reference == null ? dot(w, w) : quadratic(reference, w);
      double ratio = Math.sqrt(quadratic(gram, w) / over) - 1;
      sum += ratio * ratio;
    }
    return Math.sqrt(sum / COEFFICIENTS);
  }

  private static double quadratic(double[][] form, double[] w) {
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      sum += w[i] * dot(form[i], w);
    }
    return sum;
  }

  private static double crossGram(double[][] gram) {
    double largest = 0;
    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < i; j++) {
        largest = Math.max(largest, Math.abs(gram[i][j]));
      }
    }
    return largest;
  }

  /** Wbar^T h^(L) by the columns, and by the recursion of Claim E.3 with the transpose. */
  private double sweepGap(Copy copy) throws InterruptedException {
    int d = plan.dimension;
    double[][] byColumns = inner(copy.states(copy.x), copy.columns(copy.x, plan.length));
    OffHeapMatrix v = arena.matrix(plan.sequences, plan.width, Precision.DOUBLE);
    OffHeapMatrix next = arena.matrix(plan.sequences, plan.width, Precision.DOUBLE);
    OffHeapMatrix read = arena.matrix(plan.sequences, d, Precision.DOUBLE);
    v.copyFrom(copy.states(copy.x));
    double largest = 0;
    for (int k = plan.length; k >= 1; k--) {
      SignPattern.apply(patterns.rowRange(k - 1, k), v);
      network.readInput(v, read);
      for (int s = 0; s < plan.sequences; s++) {
        for (int j = 0; j < d; j++) {
          double gap = read.get(s, j) - byColumns[s][(k - 1) * d + j];
          largest = Math.max(largest, Math.abs(gap));
        }
      }
      if (k > 1) {
        network.left(v, next, checkpoint);
        OffHeapMatrix done = v;
        v = next;
        next = done;
      }
    }
    arena.release(read);
    arena.release(next);
    arena.release(v);
    return largest;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).max().orElse(Double.NaN);
  }

  private static double square(OffHeapMatrix matrix, long row) {
    double[] values = new double[(int) matrix.columns()];
    matrix.getRow(row, values);
    return dot(values, values);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static double distance(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return Math.sqrt(sum);
  }
}
