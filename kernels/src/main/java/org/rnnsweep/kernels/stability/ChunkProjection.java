package org.rnnsweep.kernels.stability;

import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * N orthonormal vectors pushed through the layers of two sequences, and how much of each lies in
 * the span of those before it (Wang, Shen, Hu and Cao, (86) to (89), after Allen-Zhu and Li, Lemma
 * C.1):
 *
 * <pre>
 * z_(p,a)  = D_(l+a) W .. D_(l+1) W D_l zeta_p,   z'_(p,a) = D'_(l+1+a) W .. W D'_(l+1) zeta_p
 * earlier    h_l, h_(l+1), h'_l, h'_(l+1), then z_(1,0), z'_(1,0), z_(2,0), .. z'_(N,0), z_(1,1), ..
 * </pre>
 *
 * with l = 2, after the step that makes the initial state. Each call of {@link #advance} is one a,
 * from 0 to L - 3. Double only: the basis is made orthonormal by two sweeps of Gram-Schmidt against
 * earlier blocks, and one, vector by vector, within a block.
 */
public final class ChunkProjection implements AutoCloseable {
  private static final int FIRST = 2;

  private final Blas blas;
  private final Arena arena;
  private final GaussianOperator recurrent;
  private final Trajectory states;
  private final int chunk;
  private final OffHeapMatrix vectors; // z_1 .. z_N, z'_1 .. z'_N
  private final OffHeapMatrix rests; // what earlier blocks do not span of them
  private final OffHeapMatrix basis;
  private int used;
  private int stage;
  private double earlier;
  private double withTwin;

  /**
   * Nothing asked yet.
   *
   * @param recurrent W, with {@link #products} right products left
   * @param states two sequences, of 3 steps at least
   * @param chunk N; see {@link #span}
   * @param key of zeta
   */
  public ChunkProjection(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      Trajectory states,
      int chunk,
      StreamKey key) {
    int span = span(states.steps(), chunk);
    if (!(chunk >= 1 && states.batch() == 2 && states.steps() >= 3 && span <= recurrent.rows())
        || recurrent.precision() != Precision.DOUBLE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "chunks of 1 vector at least of 2 sequences of 3 steps at least in double, %d vectors"
                  + " in R^m, found chunks of %d, %d sequences, %d steps, %s and m = %d",
              span,
              chunk,
              states.batch(),
              states.steps(),
              recurrent.precision().label(),
              recurrent.rows()));
    }
    this.blas = blas;
    this.arena = arena;
    this.recurrent = recurrent;
    this.states = states;
    this.chunk = chunk;
    long m = recurrent.rows();
    vectors = arena.matrix(2L * chunk, m, Precision.DOUBLE);
    rests = arena.matrix(2L * chunk, m, Precision.DOUBLE);
    basis = arena.matrix(span, m, Precision.DOUBLE);
    start(key);
  }

  private void start(StreamKey key) {
    OffHeapMatrix zeta = vectors.rowRange(0, chunk);
    GaussianMatrix.fill(zeta, key, 1);
    for (int sweep = 0; sweep < 2; sweep++) {
      for (int p = 0; p < chunk; p++) {
        for (int k = 0; k < p; k++) {
          RowMeasures.add(zeta, p, -RowMeasures.dot(zeta, p, zeta, k), zeta, k);
        }
        RowMeasures.scale(zeta, p, 1 / RowMeasures.norm(zeta, p));
      }
    }
    vectors.rowRange(chunk, 2L * chunk).copyFrom(zeta);
    for (int l = FIRST; l <= FIRST + 1; l++) {
      for (int sequence = 0; sequence < 2; sequence++) {
        rests.rowRange(0, 1).copyFrom(states.state(l, sequence));
        remove(rests, 0, 0);
        remove(rests, 0, 0);
        append(rests, 0);
      }
    }
  }

  /** Vectors of the basis in the end: {@code 4 + 2 N (L - 2)}, at most m. */
  public static int span(int length, int chunk) {
    return Math.addExact(4, Math.multiplyExact(2 * chunk, length - FIRST));
  }

  /** Right products that are asked of W: {@code 2 N (L - 3)}. */
  public static int products(int length, int chunk) {
    return Math.multiplyExact(2 * chunk, length - FIRST - 1);
  }

  /** Bytes taken from the arena. */
  public static long memoryBytes(long width, int length, int chunk) {
    int span = span(length, chunk);
    return Math.addExact(
            Math.multiplyExact(4L * chunk + span, width), Math.multiplyExact(2L * chunk, span))
        * Double.BYTES;
  }

  /** The next a; returns whether there is another one after it. */
  public boolean advance() {
    int last = states.steps() - FIRST - 1;
    if (stage <= last) {
      if (stage > 0) {
        recurrent.right(vectors, rests);
        vectors.copyFrom(rests);
      }
      mask(vectors);
      rests.copyFrom(vectors);
      double[] inside = removeBasis();
      removeBasis();
      int block = used;
      for (int p = 0; p < chunk; p++) {
        double square = inside[p] + remove(rests, p, block);
        remove(rests, chunk + p, block);
        double twin =
            RowMeasures.dot(rests, p, rests, chunk + p) / RowMeasures.norm(rests, chunk + p);
        earlier = Math.max(earlier, Math.sqrt(square));
        withTwin = Math.max(withTwin, Math.sqrt(square + twin * twin));
        append(rests, p);
        remove(rests, chunk + p, used - 1);
        append(rests, chunk + p);
      }
      stage++;
    }
    return stage <= last;
  }

  private void mask(OffHeapMatrix z) {
    int l = FIRST + stage;
    SignPattern.apply(states.state(l, 0), z.rowRange(0, chunk));
    SignPattern.apply(states.state(l + 1, 1), z.rowRange(chunk, 2L * chunk));
  }

  /** The largest |P z_(p,a)| over p and a so far, P onto what is earlier. */
  public double earlier() {
    return earlier;
  }

  /** The same with z'_(p,a), of the same zeta_p and a, added to what is earlier. */
  public double withTwin() {
    return withTwin;
  }

  /** Takes the basis out of all rests; squared norms of what was taken. */
  private double[] removeBasis() {
    double[] squares = new double[2 * chunk];
    OffHeapMatrix before = basis.rowRange(0, used);
    OffHeapMatrix inner = arena.matrix(2L * chunk, used, Precision.DOUBLE);
    blas.gemm(Transpose.NO, Transpose.YES, 1, rests, before, 0, inner);
    blas.gemm(Transpose.NO, Transpose.NO, -1, inner, before, 1, rests);
    for (int p = 0; p < squares.length; p++) {
      squares[p] = RowMeasures.dot(inner, p, inner, p);
    }
    arena.release(inner);
    return squares;
  }

  /** Takes the basis from this vector on out of a row; the squared norm of what was taken. */
  private double remove(OffHeapMatrix rows, int row, int from) {
    double square = 0;
    for (int k = from; k < used; k++) {
      double inner = RowMeasures.dot(rows, row, basis, k);
      RowMeasures.add(rows, row, -inner, basis, k);
      square += inner * inner;
    }
    return square;
  }

  private void append(OffHeapMatrix rows, int row) {
    basis.rowRange(used, used + 1L).copyFrom(rows.rowRange(row, row + 1L));
    RowMeasures.scale(basis, used, 1 / RowMeasures.norm(basis, used));
    used++;
  }

  @Override
  public void close() {
    arena.release(basis);
    arena.release(rests);
    arena.release(vectors);
  }
}
