package org.rnnsweep.kernels.stability;

import java.util.Locale;
import java.util.TreeSet;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.ReplacedRows;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * A network with the rows w_k and a_k of a random set of neurons drawn anew from N(0, 2/m), B kept
 * (Allen-Zhu and Li, Section E). The set does not depend on W, A or B.
 */
public final class Rerandomization implements AutoCloseable {

  /**
   * What single rows make of the change h' of the states.
   *
   * @param old max over l &lt; L and all old rows, replaced ones included, of |&lt;w_k, h'_l&gt;|
   * @param fresh the same over the rows drawn anew
   * @param unsettledShare of all pairs (fresh neuron k, l &gt;= 2): where the sign of {@code <w_k,
   *     h_(l-1)> + <a_k, x_l>} with the fresh w_k and a_k differs between old and new h_(l-1)
   */
  public record RowChange(double old, double fresh, double unsettledShare) {}

  private final Arena arena;
  private final RandomNetwork network;
  private final long[] set;
  private final GaussianOperator rows;
  private final GaussianOperator recurrent;
  private final OffHeapMatrix input;

  private Rerandomization(
      Arena arena,
      RandomNetwork network,
      long[] set,
      GaussianOperator rows,
      GaussianOperator recurrent,
      OffHeapMatrix input) {
    this.arena = arena;
    this.network = network;
    this.set = set;
    this.rows = rows;
    this.recurrent = recurrent;
    this.input = input;
  }

  /**
   * Draws the set and its rows.
   *
   * @param count N, from 1 to m
   * @param products what the fresh rows will be asked
   * @param key of the set, {@code "set"}, and of the rows of W and A
   */
  public static Rerandomization draw(
      Blas blas,
      Arena arena,
      Representation representation,
      RandomNetwork network,
      int count,
      Products products,
      StreamKey key) {
    long m = network.width();
    if (!(count >= 1 && count <= m)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "from 1 to %d rows are drawn anew, found %d", m, count));
    }
    TreeSet<Long> chosen = new TreeSet<>();
    NormalStream uniform = NormalStream.of(key.name("set").with("width", m));
    while (chosen.size() < count) {
      chosen.add((long) (uniform.nextUniform() * m));
    }
    long[] set = chosen.stream().mapToLong(Long::longValue).toArray();
    Precision precision = network.recurrent().precision();
    double sd = Math.sqrt(RandomNetwork.HE / m);
    GaussianOperator rows =
        representation.draw(
            blas, arena, precision, count, m, sd, products, key.name("W").with("width", m));
    GaussianOperator recurrent = ReplacedRows.of(arena, network.recurrent(), set, rows);
    OffHeapMatrix input = arena.matrix(m, network.input().columns(), precision);
    input.copyFrom(network.input());
    OffHeapMatrix fresh = arena.matrix(count, input.columns(), precision);
    GaussianMatrix.fill(
        fresh, key.name("A").with("width", m).with("dimension", input.columns()), sd);
    for (int k = 0; k < count; k++) {
      input.rowRange(set[k], set[k] + 1).copyFrom(fresh.rowRange(k, k + 1));
    }
    arena.release(fresh);
    return new Rerandomization(arena, network, set, rows, recurrent, input);
  }

  /** Which neurons, strictly increasing. */
  public long[] set() {
    return set.clone();
  }

  /** W with the fresh rows; its queries are queries of both. */
  public GaussianOperator recurrent() {
    return recurrent;
  }

  /** A with the fresh rows. */
  public OffHeapMatrix input() {
    return input;
  }

  /** Right products that {@link #rowChange} asks of the fresh rows, and of W. */
  public static int products(int length) {
    return 2 * (length - 1);
  }

  /** Applies W and the fresh rows to the states before and after. */
  public RowChange rowChange(Arena scratch, Trajectory states, Trajectory changed) {
    Precision precision = recurrent.precision();
    OffHeapMatrix answer = scratch.matrix(1, network.width(), precision);
    OffHeapMatrix before = scratch.matrix(1, set.length, precision);
    OffHeapMatrix after = scratch.matrix(1, set.length, precision);
    OffHeapMatrix own = scratch.matrix(1, network.width(), precision);
    double old = 0;
    double fresh = 0;
    long unsettled = 0;
    for (int l = 2; l <= states.steps(); l++) {
      // W h' = W (h + h') - W h
      network.recurrent().right(changed.state(l - 1, 0), answer);
      network.recurrent().right(states.state(l - 1, 0), own);
      old = Math.max(old, RowMeasures.maxDistance(answer, 0, own, 0));
      rows.right(states.state(l - 1, 0), before);
      rows.right(changed.state(l - 1, 0), after);
      fresh = Math.max(fresh, RowMeasures.maxDistance(after, 0, before, 0));
      for (int k = 0; k < set.length; k++) {
        // The new preactivation, and what it would be on the old state.
        double now = changed.preactivation(l, 0).get(0, set[k]);
        double then = now - after.get(0, k) + before.get(0, k);
        unsettled += (now >= 0) == (then >= 0) ? 0 : 1;
      }
    }
    scratch.release(own);
    scratch.release(after);
    scratch.release(before);
    scratch.release(answer);
    return new RowChange(
        old, fresh, (double) unsettled / ((double) set.length * (states.steps() - 1)));
  }

  /** The most bytes held, beside the network's own and with queries of few vectors. */
  public static long memoryBytes(
      Representation representation, long width, int inputDimension, int count, Products products) {
    int bytes = Precision.DOUBLE.bytes();
    return representation.memoryBytes(count, width, products, Precision.DOUBLE)
        + (width + count) * inputDimension * bytes
        + 2 * (width + count) * bytes
        + ReplacedRows.memoryBytes(width, count, Math.max(1, products.left()), Precision.DOUBLE);
  }

  @Override
  public void close() {
    arena.release(input);
    recurrent.close();
    rows.close();
  }
}
