package org.rnnsweep.kernels.descent;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.ntk.Output;

/**
 * Stochastic gradient descent, one sequence a step, of up to {@value #LANES} small networks of one
 * shape side by side, each in a lane of its own: the same formulas as {@link Pass} and {@link
 * Descent}, for networks without bias that start in h_0 = 0, answer after the last step and learn W
 * or W and A, in single.
 *
 * <p>A product of a small matrix and a vector costs a library its call; here all lanes share the
 * loops. The bits of a network are those it has alone or beside any others, with the Vector API or
 * without, for its lane's operations come in one fixed order ({@link LaneLoops}). They are not
 * those of {@link Descent}, whose order is the library's. Matrices are on the heap: 32 bytes an
 * entry.
 */
public final class LaneDescent {
  /** The most networks. */
  public static final int LANES = LaneLoops.LANES;

  /** The largest width for which a library is slower, one network after another. */
  public static final int WIDEST = 32;

  private final LaneLoops loops;
  private final NetworkShape shape;
  private final List<Network> initial;
  private final Loss loss;
  private final int longest;
  private final float[] recurrent;
  private final float[] input;
  private final float[] readout;
  private final float[] tokens; // x_l from entry (l - 1) D on
  private final float[] states; // h_l from entry l m on
  private final float[] signals; // u_l from entry l m on
  private final float[] steps; // -eta u_l likewise
  private final float[] answers; // B h_L
  private final float[] errors; // scale e_L
  private final double[][] outputs; // of each lane
  private int length;

  /**
   * Starts from networks, which stay as they are.
   *
   * @param networks one to {@link #LANES}, of one shape
   * @param longest the most tokens of a sequence
   */
  public LaneDescent(List<Network> networks, Loss loss, int longest) {
    this(LaneLoops.fastest(), networks, loss, longest);
  }

  LaneDescent(LaneLoops loops, List<Network> networks, Loss loss, int longest) {
    this.loops = loops;
    this.initial = List.copyOf(networks);
    this.loss = loss;
    this.longest = longest;
    shape = initial.get(0).shape();
    for (Network network : initial) {
      if (initial.size() > LANES
          || !network.shape().equals(shape)
          || network.precision() != Precision.SINGLE
          || network.bias() != null
          || network.initialState() != null
          || shape.output() != Output.LAST
          || shape.trainsAll()) {
        throw new IllegalArgumentException(
            "up to "
                + LANES
                + " networks of one shape, single, without bias or first state, that answer after"
                + " the last step and keep B: found "
                + initial.size()
                + ", one of them "
                + network.shape());
      }
    }
    int m = shape.width();
    recurrent = new float[m * m * LANES];
    input = new float[m * shape.dimension() * LANES];
    readout = new float[shape.outputs() * m * LANES];
    tokens = new float[longest * shape.dimension() * LANES];
    states = new float[(longest + 1) * m * LANES];
    signals = new float[(longest + 1) * m * LANES];
    steps = new float[(longest + 1) * m * LANES];
    answers = new float[shape.outputs() * LANES];
    errors = new float[shape.outputs() * LANES];
    outputs = new double[initial.size()][shape.outputs()];
    for (int lane = 0; lane < initial.size(); lane++) {
      load(initial.get(lane).recurrent(), recurrent, lane);
      load(initial.get(lane).input(), input, lane);
      load(initial.get(lane).readout(), readout, lane);
    }
  }

  private static void load(OffHeapMatrix from, float[] to, int lane) {
    double[] row = new double[Math.toIntExact(from.columns())];
    for (int i = 0; i < from.rows(); i++) {
      from.getRow(i, row);
      for (int k = 0; k < row.length; k++) {
        to[(i * row.length + k) * LANES + lane] = (float) row[k];
      }
    }
  }

  private static void store(float[] from, int lane, OffHeapMatrix to) {
    double[] row = new double[Math.toIntExact(to.columns())];
    for (int i = 0; i < to.rows(); i++) {
      for (int k = 0; k < row.length; k++) {
        row[k] = from[(i * row.length + k) * LANES + lane];
      }
      to.putRow(i, row);
    }
  }

  /**
   * One step of every network on a sequence of its own.
   *
   * @param sequences [lane][l - 1] is the token x_l, all of one length
   * @param targets [lane] has d numbers
   * @param rate eta
   * @return [lane] the loss before the step
   */
  public double[] step(double[][][] sequences, double[][] targets, double rate) {
    read(sequences, targets);
    forward();
    double[] losses = new double[initial.size()];
    double[] gradient = new double[shape.outputs()];
    for (int lane = 0; lane < losses.length; lane++) {
      double[] z = outputs[lane];
      for (int c = 0; c < z.length; c++) {
        z[c] = shape.scale() * answers[c * LANES + lane];
      }
      losses[lane] = loss.value(z, targets[lane]);
      loss.gradient(z, targets[lane], gradient);
      for (int c = 0; c < z.length; c++) {
        errors[c * LANES + lane] = (float) (shape.scale() * gradient[c]);
      }
    }
    backward();
    advance((float) -rate);
    return losses;
  }

  private void read(double[][][] sequences, double[][] targets) {
    length = sequences[0].length;
    if (sequences.length != initial.size()
        || targets.length != initial.size()
        || length < 1
        || length > longest) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d networks, sequences and targets of at most %d tokens: found %d and %d, %d tokens",
              initial.size(),
              longest,
              sequences.length,
              targets.length,
              length));
    }
    for (int lane = 0; lane < sequences.length; lane++) {
      int at = lane;
      for (int l = 0; l < length; l++) {
        double[] token = sequences[lane][l];
        for (int c = 0; c < shape.dimension(); c++) {
          tokens[at] = (float) token[c];
          at += LANES;
        }
      }
    }
  }

  private void forward() {
    int m = shape.width();
    int d = shape.dimension();
    Arrays.fill(states, m * LANES, (length + 1) * m * LANES, 0);
    for (int l = 1; l <= length; l++) {
      int here = l * m * LANES;
      loops.addProduct(input, m, d, tokens, (l - 1) * d * LANES, states, here);
      if (l > 1) {
        loops.addProduct(recurrent, m, m, states, here - m * LANES, states, here);
      }
      loops.rectify(states, l * m, (l + 1) * m);
    }
    Arrays.fill(answers, 0);
    loops.addProduct(readout, shape.outputs(), m, states, length * m * LANES, answers, 0);
  }

  private void backward() {
    int m = shape.width();
    Arrays.fill(signals, 0, (length + 1) * m * LANES, 0);
    for (int l = length; l >= firstSignal(); l--) {
      int here = l * m * LANES;
      if (l == length) {
        loops.addTransposed(readout, shape.outputs(), m, errors, 0, signals, here);
      } else {
        loops.addTransposed(recurrent, m, m, signals, here + m * LANES, signals, here);
      }
      loops.mask(states, here, signals, here, m);
    }
  }

  /** W has no part in h_1. */
  private int firstSignal() {
    return shape.trainsInput() ? 1 : 2;
  }

  private void advance(float factor) {
    int m = shape.width();
    for (int i = m * LANES; i < (length + 1) * m * LANES; i++) {
      steps[i] = factor * signals[i];
    }
    loops.addOuter(recurrent, m, m, length - 1, steps, 2 * m * LANES, states, m * LANES);
    if (shape.trainsInput()) {
      loops.addOuter(input, m, shape.dimension(), length, steps, m * LANES, tokens, 0);
    }
  }

  /** What a network answered just before the last step, d numbers. */
  public double[] outputs(int lane) {
    return outputs[lane].clone();
  }

  /**
   * {@code |grad_W G|_F} of the last step, before it: the root of the sum over i, k of {@code <u_i,
   * u_k> <h_(i-1), h_(k-1)>}.
   */
  public double gradientNorm(int lane) {
    double square = 0;
    for (int i = 2; i <= length; i++) {
      for (int k = 2; k <= length; k++) {
        square += dot(signals, i, k, lane) * dot(states, i - 1, k - 1, lane);
      }
    }
    return Math.sqrt(square);
  }

  private double dot(float[] vectors, int i, int k, int lane) {
    int size = shape.width() * LANES;
    double sum = 0;
    for (int at = lane; at < size; at += LANES) {
      sum += (double) vectors[i * size + at] * vectors[k * size + at];
    }
    return sum;
  }

  /** Writes W and A of a lane into a network of the shape. */
  public void copyTo(int lane, Network target) {
    store(recurrent, lane, target.recurrent());
    store(input, lane, target.input());
  }
}
