package org.rnnsweep.kernels.inversion;

import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * The readout of {@link SignReadout} where W is known through products only, at widths at which it
 * is never formed: states by products with W, the sweep back {@code q = E^(k) v; r_k = A^T q; v =
 * W^T q} by products with its transpose.
 *
 * <p>All rows of a step are one block of questions: first the base sequence, then the others; on
 * the way back first all sequences with the base's patterns, then all with their own.
 */
public final class WideReadout {

  /** Which patterns E the sweep back has. */
  public enum Signs {
    /** Those of the base sequence, and beside them each sequence's own. */
    BASE_AND_OWN,
    /** None, E = I: the naive readout of section 4.4. */
    NONE
  }

  /**
   * Sequences and what came back, each of length times d numbers, one row a sequence.
   *
   * @param actual the tokens
   * @param found with the base sequence's patterns, or without any
   * @param withOwn with each sequence's own patterns; null without patterns
   * @param flips for each step, the share of neurons whose sign differs from the base sequence's, a
   *     mean over sequences; null without patterns
   */
  public record Recovered(
      double[][] actual, double[][] found, double[][] withOwn, double[] flips) {}

  private final WideNetwork network;
  private final Signs signs;
  private final int sequences;
  private final int steps;
  private final OffHeapMatrix states; // (l - 1) lanes + lane, x m
  private final OffHeapMatrix tokens; // lanes x d

  private WideReadout(WideNetwork network, Signs signs, int sequences, int steps) {
    this.network = network;
    this.signs = signs;
    this.sequences = sequences;
    this.steps = steps;
    Arena arena = network.arena();
    states =
        arena.matrix((long) lanes(signs, sequences) * steps, network.width(), Precision.DOUBLE);
    tokens = arena.matrix(lanes(signs, sequences), network.dimension(), Precision.DOUBLE);
  }

  /**
   * Recovers fresh sequences from their state after some steps.
   *
   * @param network must have {@link #products} left
   * @param base the base sequence; not drawn without patterns
   * @param inputs the law of the fresh ones
   * @param sequences how many, one block of {@link InputSequences#draw}
   * @param steps from which state: L for h^(L), at least 1; the tokens after it are not drawn
   */
  public static Recovered measure(
      WideNetwork network,
      Signs signs,
      InputSequences base,
      InputSequences inputs,
      int sequences,
      int steps,
      Checkpoint checkpoint)
      throws InterruptedException {
    WideReadout readout = new WideReadout(network, signs, sequences, steps);
    try {
      double[][] actual = readout.forward(base, inputs, checkpoint);
      double[][] found = readout.back(checkpoint);
      double[][] own = signs == Signs.NONE ? null : new double[sequences][];
      double[][] first = new double[sequences][];
      System.arraycopy(found, 0, first, 0, sequences);
      if (own != null) {
        System.arraycopy(found, sequences, own, 0, sequences);
      }
      return new Recovered(actual, first, own, own == null ? null : readout.flips());
    } finally {
      network.arena().release(readout.tokens);
      network.arena().release(readout.states);
    }
  }

  /** What {@link #measure} asks of W. */
  public static Products products(Signs signs, int sequences, int steps) {
    return new Products(
        lanes(signs, sequences) * (steps - 1), signals(signs, sequences) * (steps - 1));
  }

  /** The most bytes that {@link #measure} holds, beside the network's. */
  public static long memoryBytes(Signs signs, long width, int dimension, int sequences, int steps) {
    long lanes = lanes(signs, sequences);
    long signals = signals(signs, sequences);
    return ((lanes * steps + 2 * signals) * width + (lanes + signals) * dimension) * Double.BYTES;
  }

  private static int lanes(Signs signs, int sequences) {
    return signs == Signs.NONE ? sequences : sequences + 1;
  }

  private static int signals(Signs signs, int sequences) {
    return signs == Signs.NONE ? sequences : 2 * sequences;
  }

  /** The states of one step, base first, at h^(l). */
  private OffHeapMatrix lanes(int l, int from, int to) {
    long first = (long) (l - 1) * tokens.rows();
    return states.rowRange(first + from, first + to);
  }

  private double[][] forward(InputSequences base, InputSequences inputs, Checkpoint checkpoint)
      throws InterruptedException {
    int d = network.dimension();
    int lanes = (int) tokens.rows();
    int skipped = lanes - sequences;
    double[][] actual = new double[sequences][steps * d];
    double[] one = new double[d];
    double[] all = new double[sequences * d];
    for (int l = 1; l <= steps; l++) {
      if (skipped > 0) {
        base.draw(0, l, 1, one);
        tokens.putRow(0, one);
      }
      inputs.draw(0, l, sequences, all);
      for (int s = 0; s < sequences; s++) {
        tokens.putRow(skipped + s, 0, all, s * d, d);
        System.arraycopy(all, s * d, actual[s], (l - 1) * d, d);
      }
      OffHeapMatrix z = lanes(l, 0, lanes);
      if (l > 1) {
        network.right(lanes(l - 1, 0, lanes), z, checkpoint);
      }
      network.addInput(tokens, l > 1 ? 1 : 0, z);
      WideNetwork.relu(z);
    }
    return actual;
  }

  /** The sweep from the last states; a row of the result is steps times d numbers. */
  private double[][] back(Checkpoint checkpoint) throws InterruptedException {
    Arena arena = network.arena();
    int d = network.dimension();
    int rows = signals(signs, sequences);
    int lanes = (int) tokens.rows();
    OffHeapMatrix v = arena.matrix(rows, network.width(), Precision.DOUBLE);
    OffHeapMatrix next = arena.matrix(rows, network.width(), Precision.DOUBLE);
    OffHeapMatrix read = arena.matrix(rows, d, Precision.DOUBLE);
    for (int from = 0; from < rows; from += sequences) {
      v.rowRange(from, from + sequences).copyFrom(lanes(steps, lanes - sequences, lanes));
    }
    double[][] found = new double[rows][steps * d];
    for (int k = steps; k >= 1; k--) {
      if (signs == Signs.BASE_AND_OWN) {
        SignPattern.apply(lanes(k, 0, 1), v.rowRange(0, sequences));
        SignPattern.apply(lanes(k, 1, lanes), v.rowRange(sequences, rows));
      }
      network.readInput(v, read);
      for (int i = 0; i < rows; i++) {
        read.getRow(i, 0, found[i], (k - 1) * d, d);
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
    return found;
  }

  private double[] flips() {
    double[] flips = new double[steps];
    double[] base = new double[(int) network.width()];
    double[] fresh = new double[base.length];
    for (int l = 1; l <= steps; l++) {
      lanes(l, 0, 1).getRow(0, base);
      long count = 0;
      for (int s = 1; s <= sequences; s++) {
        lanes(l, s, s + 1).getRow(0, fresh);
        for (int j = 0; j < base.length; j++) {
          long differ = Double.doubleToRawLongBits(base[j]) ^ Double.doubleToRawLongBits(fresh[j]);
          count += differ >>> 63;
        }
      }
      flips[l - 1] = (double) count / sequences / base.length;
    }
    return flips;
  }
}
