package org.rnnsweep.kernels.inversion;

import java.util.BitSet;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.ForwardPass;

/**
 * The readout that Theorem D.1 constructs from sign patterns E^(1..L), never formed. Block k of
 * {@code Wbar^[L]} is {@code E^(L) W E^(L-1) W .. E^(k+1) W E^(k) A}, so {@code Wbar^T h^(L)} comes
 * from one sweep back: {@code v = h^(L)}; for k = L..1: {@code q = E^(k) v; r_k = A^T q; v = W^T
 * q}. That takes {@code 2 m (m (L - 1) + d L)} operations a sequence and no memory of size m L d.
 *
 * <p>The theorem's patterns are those of the base sequence, {@code D_(0)}: known without the input.
 * With the sequence's own, D, only the concentration part of the error is left; without any ({@code
 * E = I}, the naive readout of section 4.4) the error grows by sqrt(2) a step under he weights. The
 * factor 2 a step that the text adds there belongs to weights N(0, 1) and a division by m: with it
 * and he weights block k would be biased by 2^(L-k+1).
 *
 * <p>All in double: the differences measured here are smaller than what single resolves.
 */
public final class SignReadout {
  /** Widest block of sequences: a step then takes about a second at m = 10000. */
  static final int WIDEST = 64;

  private final Blas blas;
  private final ElmanNetwork network;
  private final BlockPlan plan;
  private final Lane base; // one sequence
  private final Lane fresh; // a block of them
  private final OffHeapMatrix recovered; // 2 width x d
  private final OffHeapMatrix first; // 2 width x m
  private final OffHeapMatrix second;

  /**
   * What the theorem's readout does to fresh sequences.
   *
   * @param errors with the base sequence's patterns: {@code r - x}
   * @param concentration with each sequence's own patterns: {@code r_D - x}
   * @param epsLinf mean over sequences of {@code max |r_(0) - r_D|}
   * @param epsTerm {@code r_(0) - r_D}, signed, averaged over sequences; L d coordinates
   */
  public record Constructive(
      InversionErrors errors, InversionErrors concentration, double epsLinf, double[] epsTerm) {}

  /**
   * Takes {@link #memoryBytes} from the arena.
   *
   * @param network double
   * @param sequences how many fresh sequences a measurement takes
   */
  public SignReadout(Blas blas, Arena arena, ElmanNetwork network, long sequences) {
    if (network.precision() != Precision.DOUBLE) {
      throw new IllegalArgumentException("the network must be double, found " + network);
    }
    this.blas = blas;
    this.network = network;
    this.plan = BlockPlan.balanced(sequences, WIDEST);
    this.base = new Lane(arena, 1);
    this.fresh = new Lane(arena, plan.width());
    long rows = 2L * plan.width();
    this.recovered = arena.matrix(rows, network.inputDimension(), Precision.DOUBLE);
    this.first = arena.matrix(rows, network.width(), Precision.DOUBLE);
    this.second = arena.matrix(rows, network.width(), Precision.DOUBLE);
  }

  /** What the constructor takes from its arena; the network is not counted. */
  public static long memoryBytes(long networkWidth, int dimension, long sequences) {
    long width = BlockPlan.balanced(sequences, WIDEST).width();
    long signals = 2 * 2 * width * networkWidth;
    long tokens = (1 + width + 2 * width) * dimension; // of both lanes, and what is recovered
    return ForwardPass.memoryBytes(networkWidth, 1, Precision.DOUBLE)
        + ForwardPass.memoryBytes(networkWidth, (int) width, Precision.DOUBLE)
        + (signals + tokens) * Double.BYTES;
  }

  /** Flops of {@link #constructive}. */
  public static double constructiveFlops(
      long networkWidth, int dimension, int length, long sequences) {
    BlockPlan plan = BlockPlan.balanced(sequences, WIDEST);
    double block =
        passFlops(networkWidth, dimension, length, plan.width())
            + passFlops(networkWidth, dimension, length, 2.0 * plan.width());
    return passFlops(networkWidth, dimension, length, 1) + plan.count() * block;
  }

  /** Flops of {@link #naive}. */
  public static double naiveFlops(long networkWidth, int dimension, int length, long sequences) {
    BlockPlan plan = BlockPlan.balanced(sequences, WIDEST);
    return 2 * plan.count() * passFlops(networkWidth, dimension, length, plan.width());
  }

  /** Of a forward pass or a sweep back: both multiply by W once less than they have steps. */
  private static double passFlops(double m, double d, int length, double rows) {
    return length * inputFlops(m, d, rows) + (length - 1) * recurrentFlops(m, rows);
  }

  private static double inputFlops(double m, double d, double rows) {
    return 2 * m * d * rows;
  }

  /** Reading and packing W takes about as long as multiplying 28 rows, and is counted so. */
  private static double recurrentFlops(double m, double rows) {
    return 2 * m * m * (rows + 28);
  }

  /** Errors of the theorem's readout on fresh sequences of one length. */
  public Constructive constructive(
      InputSequences baseSequence, InputSequences inputs, int length, Checkpoint checkpoint)
      throws InterruptedException {
    int dimension = inputs.dimension();
    InversionErrors errors = new InversionErrors(length, dimension);
    InversionErrors concentration = new InversionErrors(length, dimension);
    double[] epsTerm = new double[length * dimension];
    double epsLargest = 0;
    base.run(baseSequence, 0, 1, length, checkpoint);
    for (long block = 0; block < plan.count(); block++) {
      int sequences = plan.sequencesIn(block);
      fresh.run(inputs, block, sequences, length, checkpoint);
      double[][] found = sweep(length, Signs.BASE_AND_OWN, checkpoint);
      for (int i = 0; i < sequences; i++) {
        double[] withBase = found[i];
        double[] withOwn = found[plan.width() + i];
        errors.add(withBase, fresh.sequences[i]);
        concentration.add(withOwn, fresh.sequences[i]);
        double largest = 0;
        for (int j = 0; j < epsTerm.length; j++) {
          double difference = withBase[j] - withOwn[j];
          epsTerm[j] += difference;
          largest = Math.max(largest, Math.abs(difference));
        }
        epsLargest += largest;
      }
    }
    for (int j = 0; j < epsTerm.length; j++) {
      epsTerm[j] /= plan.sequences();
    }
    return new Constructive(errors, concentration, epsLargest / plan.sequences(), epsTerm);
  }

  /** Errors of the readout without patterns, E = I and factor 1 a step (section 4.4). */
  public InversionErrors naive(InputSequences inputs, int length, Checkpoint checkpoint)
      throws InterruptedException {
    InversionErrors errors = new InversionErrors(length, inputs.dimension());
    for (long block = 0; block < plan.count(); block++) {
      int sequences = plan.sequencesIn(block);
      fresh.run(inputs, block, sequences, length, checkpoint);
      double[][] found = sweep(length, Signs.NONE, checkpoint);
      for (int i = 0; i < sequences; i++) {
        errors.add(found[i], fresh.sequences[i]);
      }
    }
    return errors;
  }

  private enum Signs {
    /** One row a sequence, all neurons. */
    NONE,
    /** Two: first every sequence with the base's patterns, then every one with its own. */
    BASE_AND_OWN
  }

  /** The sweep from the block's last states; a row of the result is L d numbers. */
  private double[][] sweep(int length, Signs signs, Checkpoint checkpoint)
      throws InterruptedException {
    int width = plan.width();
    int rows = signs == Signs.NONE ? width : 2 * width;
    int dimension = (int) network.inputDimension();
    OffHeapMatrix v = first.rowRange(0, rows);
    OffHeapMatrix next = second.rowRange(0, rows);
    OffHeapMatrix tokens = recovered.rowRange(0, rows);
    for (int from = 0; from < rows; from += width) {
      v.rowRange(from, from + width).copyFrom(fresh.forward.hidden());
    }
    double[][] found = new double[rows][length * dimension];
    for (int k = length; k >= 1; k--) {
      if (signs == Signs.BASE_AND_OWN) {
        for (int i = 0; i < rows; i++) {
          keep(v, i, i < width ? base.active[k - 1][0] : fresh.active[k - 1][i - width]);
        }
      }
      blas.gemm(Transpose.NO, Transpose.NO, 1, v, network.input(), 0, tokens);
      for (int i = 0; i < rows; i++) {
        tokens.getRow(i, 0, found[i], (k - 1) * dimension, dimension);
      }
      checkpoint.worked(inputFlops(network.width(), dimension, rows));
      if (k > 1) {
        blas.gemm(Transpose.NO, Transpose.NO, 1, v, network.recurrent(), 0, next);
        OffHeapMatrix done = v;
        v = next;
        next = done;
        checkpoint.worked(recurrentFlops(network.width(), rows));
      }
    }
    return found;
  }

  /** Sets the entries of a row to 0 where the neuron is not active. */
  private static void keep(OffHeapMatrix v, int row, BitSet active) {
    double[] entries = new double[(int) v.columns()];
    v.getRow(row, entries);
    for (int j = active.nextClearBit(0); j < entries.length; j = active.nextClearBit(j + 1)) {
      entries[j] = 0;
    }
    v.putRow(row, entries);
  }

  /** Sequences that go forward together, with the patterns they leave. */
  private final class Lane {
    private final ForwardPass forward;
    private final OffHeapMatrix tokens;
    private final double[] drawn;
    private BitSet[][] active; // by step, by sequence
    private double[][] sequences; // by sequence, L d numbers

    Lane(Arena arena, int width) {
      forward = new ForwardPass(blas, arena, network, width);
      tokens = arena.matrix(width, network.inputDimension(), Precision.DOUBLE);
      drawn = new double[(int) (width * network.inputDimension())];
    }

    void run(InputSequences source, long block, int count, int length, Checkpoint checkpoint)
        throws InterruptedException {
      source.requireWhole(length);
      int width = (int) tokens.rows();
      int dimension = source.dimension();
      active = new BitSet[length][width];
      sequences = new double[width][length * dimension];
      double[] room = new double[(int) network.width()];
      forward.reset();
      for (int step = 0; step < length; step++) {
        source.draw(block, step + 1, count, drawn);
        for (int i = 0; i < width; i++) {
          tokens.putRow(i, 0, drawn, i * dimension, dimension);
          System.arraycopy(drawn, i * dimension, sequences[i], step * dimension, dimension);
        }
        forward.step(tokens);
        for (int i = 0; i < width; i++) {
          active[step][i] = pattern(i, room);
        }
        checkpoint.worked(inputFlops(network.width(), dimension, width));
        if (step > 0) {
          checkpoint.worked(recurrentFlops(network.width(), width));
        }
      }
    }

    /** The neurons with a preactivation of at least 0. */
    private BitSet pattern(int sequence, double[] room) {
      forward.signPattern(sequence, room);
      BitSet bits = new BitSet(room.length);
      for (int j = 0; j < room.length; j++) {
        if (room[j] == 1) {
          bits.set(j);
        }
      }
      return bits;
    }
  }
}
