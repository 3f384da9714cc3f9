package org.rnnsweep.kernels.inversion;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.ForwardPass;

/**
 * Fresh sequences on their way through a network, one block of fixed width at a time: the states
 * h^(l) as doubles, whatever the precision of the forward pass, beside the tokens that made them.
 * One pass to the longest length shows the states of every shorter one.
 */
public final class StatePanel {
  private final Blas blas;
  private final ElmanNetwork network;
  private final ForwardPass forward;
  private final int width;
  private final OffHeapMatrix tokens; // width x d, the network's precision
  private final OffHeapMatrix inputs; // (longest d) x width, double
  private final OffHeapMatrix recovered; // the same shape
  private final OffHeapMatrix states; // width x m, double; null where the forward pass is double
  private final double[] drawn;

  private InputSequences source;
  private long block;
  private int sequences;
  private int position;

  /** Takes {@link #memoryBytes} from the arena. */
  public StatePanel(Blas blas, Arena arena, ElmanNetwork network, int longest, int width) {
    int dimension = Math.toIntExact(network.inputDimension());
    this.blas = blas;
    this.network = network;
    this.width = width;
    this.forward = new ForwardPass(blas, arena, network, width);
    this.tokens = arena.matrix(width, dimension, network.precision());
    this.inputs = arena.matrix((long) longest * dimension, width, Precision.DOUBLE);
    this.recovered = arena.matrix((long) longest * dimension, width, Precision.DOUBLE);
    this.states =
        network.precision() == Precision.DOUBLE
            ? null
            : arena.matrix(width, network.width(), Precision.DOUBLE);
    this.drawn = new double[Math.multiplyExact(width, dimension)];
  }

  /** What a panel takes from its arena; the network is not counted. */
  public static long memoryBytes(
      Precision precision, long networkWidth, int dimension, int longest, int width) {
    long widened = precision == Precision.DOUBLE ? 0 : width * networkWidth * Double.BYTES;
    return ForwardPass.memoryBytes(networkWidth, width, precision)
        + (long) width * dimension * precision.bytes()
        + 2L * longest * dimension * width * Double.BYTES
        + widened;
  }

  /** Sequences in a block, padding included. */
  public int width() {
    return width;
  }

  /** The network. */
  public ElmanNetwork network() {
    return network;
  }

  /** Begins a block at h^(0) = 0: {@code sequences} of them drawn, the rest of the width zero. */
  void start(InputSequences source, long block, int sequences) {
    this.source = source;
    this.block = block;
    this.sequences = sequences;
    this.position = 0;
    forward.reset();
  }

  /** Draws the next token of every sequence and goes one step on. */
  void step(Checkpoint checkpoint) throws InterruptedException {
    position++;
    source.draw(block, position, sequences, drawn);
    int dimension = source.dimension();
    double[] coordinate = new double[width];
    for (int i = 0; i < width; i++) {
      tokens.putRow(i, 0, drawn, i * dimension, dimension);
    }
    for (int j = 0; j < dimension; j++) {
      for (int i = 0; i < width; i++) {
        coordinate[i] = drawn[i * dimension + j];
      }
      inputs.putRow((long) (position - 1) * dimension + j, coordinate);
    }
    forward.step(tokens);
    checkpoint.worked(forward.lastStepFlops());
  }

  /** h^(l) after l steps, width x m, double; padding is zero. Valid until the next step. */
  OffHeapMatrix states() {
    if (states == null) {
      return forward.hidden();
    }
    states.copyFrom(forward.hidden());
    return states;
  }

  /** x^(1..length), (length d) x width, double: a row a coordinate, a column a sequence. */
  OffHeapMatrix inputs(int length) {
    source.requireWhole(length);
    return inputs.rowRange(0, (long) length * source.dimension());
  }

  /**
   * {@code Wbar^T h} for every sequence, in the shape of {@link #inputs}. Overwritten by the next.
   */
  OffHeapMatrix recover(OffHeapMatrix weights, OffHeapMatrix states) {
    OffHeapMatrix target = recovered.rowRange(0, weights.rows());
    blas.gemm(Transpose.NO, Transpose.YES, 1, weights, states, 0, target);
    return target;
  }

  /**
   * Errors of the usable readouts on {@code count} sequences, by length.
   *
   * @param test a law with streams of its own: not those that the readouts were fitted on
   */
  public Map<Integer, InversionErrors> errors(
      InputSequences test, Collection<Readout> readouts, long count, Checkpoint checkpoint)
      throws InterruptedException {
    Map<Integer, InversionErrors> errors = new LinkedHashMap<>();
    Map<Integer, Readout> byLength = new LinkedHashMap<>();
    int longest = 0;
    for (Readout readout : readouts) {
      if (readout.usable()) {
        byLength.put(readout.length(), readout);
        errors.put(readout.length(), new InversionErrors(readout.length(), test.dimension()));
        longest = Math.max(longest, readout.length());
      }
    }
    BlockPlan plan = new BlockPlan(count, width);
    for (long b = 0; b < plan.count(); b++) {
      start(test, b, plan.sequencesIn(b));
      for (int length = 1; length <= longest; length++) {
        step(checkpoint);
        Readout readout = byLength.get(length);
        if (readout != null) {
          add(recover(readout.weights(), states()), errors.get(length), length);
        }
      }
    }
    return errors;
  }

  private void add(OffHeapMatrix recovered, InversionErrors errors, int length) {
    double[][] found = rows(recovered);
    double[][] actual = rows(inputs(length));
    double[] r = new double[found.length];
    double[] x = new double[found.length];
    for (int i = 0; i < sequences; i++) {
      for (int j = 0; j < r.length; j++) {
        r[j] = found[j][i];
        x[j] = actual[j][i];
      }
      errors.add(r, x);
    }
  }

  private static double[][] rows(OffHeapMatrix matrix) {
    double[][] rows = new double[(int) matrix.rows()][(int) matrix.columns()];
    for (int i = 0; i < rows.length; i++) {
      matrix.getRow(i, rows[i]);
    }
    return rows;
  }

  Blas blas() {
    return blas;
  }
}
