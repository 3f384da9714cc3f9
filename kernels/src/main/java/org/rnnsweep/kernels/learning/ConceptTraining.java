package org.rnnsweep.kernels.learning;

import java.util.Arrays;
import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Descent;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.learning.ConceptData.Sample;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.RowMeasures;

/**
 * Plain stochastic gradient descent, one sequence a step (Allen-Zhu and Li, Section 3.3; Panigrahi
 * and Goyal, Section 3.3):
 *
 * <pre>W_t = W_(t-1) - eta grad G(lambda F(x_t; W_(t-1)), y_t)</pre>
 *
 * with a new sequence at every step, or one drawn uniformly from N. Beside it, if asked, the
 * linearised network on the same sequences in the same order. The samples of step t are a function
 * of the key and t alone.
 */
public final class ConceptTraining implements AutoCloseable {
  /** Sequences that go through the network together when a risk is measured. */
  private static final int BATCH = 32;

  /** How much slower than a large product one of a matrix and a vector is. */
  private static final double SLOWER = 6;

  private final ConceptData data;
  private final StreamKey key;
  private final List<Sample> training; // empty: fresh ones
  private final double rate;
  private final Network initial;
  private final Network network;
  private final Descent descent;
  private final Descent linear; // or null
  private double[] averages = new double[1024]; // after each step
  private int steps;
  private double losses;
  private double largestGradient;
  private double gradientGrowth;

  /**
   * Nothing learnt yet.
   *
   * @param initial W_0, stays as it is and is the caller's
   * @param samples N, or 0 for a fresh sequence at every step
   * @param rate eta
   * @param linearised whether the linearised network learns too
   * @param key of the training sequences and their order
   */
  public ConceptTraining(
      Blas blas,
      Arena arena,
      Network initial,
      ConceptData data,
      int samples,
      double rate,
      boolean linearised,
      StreamKey key) {
    this.data = data;
    this.key = key;
    this.rate = rate;
    this.initial = initial;
    training = data.samples(key.name("training"), samples);
    network = initial.copy(arena);
    descent = Descent.of(blas, arena, network, data.loss(), BATCH, data.length(), 0);
    linear =
        linearised
            ? Descent.linearised(blas, arena, initial, data.loss(), BATCH, data.length(), 0)
            : null;
  }

  /** Bytes beside the initial network. */
  public static long memoryBytes(
      NetworkShape shape, Precision precision, int length, boolean linearised) {
    return Network.memoryBytes(shape, precision)
        + Descent.memoryBytes(shape, precision, BATCH, length, 0, false)
        + (linearised ? Descent.memoryBytes(shape, precision, BATCH, length, 0, true) : 0);
  }

  /** Of a step, in flops of a large product. */
  public static double stepFlops(NetworkShape shape, int length, boolean linearised) {
    return (linearised ? 2.5 : 1) * SLOWER * Pass.stepFlops(shape, 1, length);
  }

  /** Of one risk on this many sequences. */
  public static double riskFlops(NetworkShape shape, int length, int count, boolean linearised) {
    return (linearised ? 3 : 1) * Pass.forwardFlops(shape, count, length);
  }

  /** One step. */
  public void step() {
    Sample sample = next();
    double[][][] sequence = {sample.tokens()};
    double[][][] target = {{{sample.label()}}};
    stepped(descent.step(sequence, target, rate));
    if (linear != null) {
      linear.step(sequence, target, rate);
    }
    if (looksAtGradient()) {
      double norm = gradientNorm(descent.pass(), sample.label());
      saw(norm);
      double initialNorm = linear == null ? 0 : gradientNorm(linear.pass(), sample.label());
      if (initialNorm > 0) {
        gradientGrowth = Math.max(gradientGrowth, norm / initialNorm);
      }
    }
  }

  /** A step was taken, from where the sample's loss was this. */
  void stepped(double loss) {
    losses += loss;
    steps++;
    if (steps > averages.length) {
      averages = Arrays.copyOf(averages, 2 * averages.length);
    }
    averages[steps - 1] = losses / steps;
  }

  /** Whether the gradient of the last step is to be {@link #saw seen}. */
  boolean looksAtGradient() {
    return Integer.bitCount(steps) == 1;
  }

  /** {@code lambda |grad_W F|_F} of the last step. */
  void saw(double norm) {
    largestGradient = Math.max(largestGradient, norm);
  }

  /** What the next step is on. */
  Sample next() {
    if (training.isEmpty()) {
      return data.sample(key.name("fresh"), steps);
    }
    double uniform = NormalStream.of(key.name("order").block(steps)).nextUniform();
    return training.get((int) (uniform * training.size()));
  }

  /** {@code lambda |grad_W F|_F} of the last step, from its factors; 0 where the loss is flat. */
  private double gradientNorm(Pass pass, double label) {
    double square = 0;
    for (int i = 2; i <= data.length(); i++) {
      for (int k = 2; k <= data.length(); k++) {
        square +=
            RowMeasures.dot(pass.signals(i), 0, pass.signals(k), 0)
                * RowMeasures.dot(pass.states(i - 1), 0, pass.states(k - 1), 0);
      }
    }
    return ofOutput(Math.sqrt(square), pass.outputs(0)[0][0], label);
  }

  /** The gradient of an output from that of its loss; 0 where the loss is flat. */
  double ofOutput(double gradient, double output, double label) {
    double slope = data.slope(output, label);
    return slope == 0 ? 0 : gradient / Math.abs(slope);
  }

  /** W_0. */
  Network initial() {
    return initial;
  }

  /** W_t. */
  Network network() {
    return network;
  }

  ConceptData data() {
    return data;
  }

  /** eta. */
  double rate() {
    return rate;
  }

  /** Steps so far. */
  public int steps() {
    return steps;
  }

  /** The mean over the steps of the loss just before each: that of the average iterate. */
  public double averageLoss() {
    return losses / steps;
  }

  /** The first step from {@code from} on whose average loss is at most this; 0 if there is none. */
  public int firstAtMost(double risk, int from) {
    for (int t = from; t <= steps; t++) {
      if (averages[t - 1] <= risk) {
        return t;
      }
    }
    return 0;
  }

  /** The largest {@code lambda |grad_W F|_F} at steps 1, 2, 4, 8, ... */
  public double largestGradient() {
    return largestGradient;
  }

  /**
   * The largest {@code |grad_W F(x_t; W_(t-1))|_F / |grad_W F(x_t; W_0)|_F} at the same steps. Only
   * with the linearised network, which goes through W_0.
   */
  public double gradientGrowth() {
    return gradientGrowth;
  }

  /** {@code sqrt(m) |W_t - W_0|_F}. */
  public double displacement() {
    return Math.sqrt(network.shape().width())
        * Network.frobeniusDistance(network.recurrent(), initial.recurrent());
  }

  /** {@code sqrt(m) |A_t - A_0|_F}. */
  public double inputDisplacement() {
    return Math.sqrt(network.shape().width())
        * Network.frobeniusDistance(network.input(), initial.input());
  }

  /** {@code lambda F} of sequences under the weights of now. */
  public double[] outputs(List<double[][]> sequences) {
    return outputs(descent, sequences);
  }

  /** The linearised network's. */
  public double[] linearOutputs(List<double[][]> sequences) {
    return outputs(linear, sequences);
  }

  private static double[] outputs(Descent of, List<double[][]> sequences) {
    double[] outputs = new double[sequences.size()];
    for (int from = 0; from < outputs.length; from += BATCH) {
      double[][][] batch = new double[BATCH][][]; // padded: one shape for all
      for (int q = 0; q < BATCH; q++) {
        batch[q] = sequences.get(Math.min(from + q, outputs.length - 1));
      }
      of.forward(batch);
      for (int q = 0; q < BATCH && from + q < outputs.length; q++) {
        outputs[from + q] = of.pass().outputs(q)[0][0];
      }
    }
    return outputs;
  }

  /** The mean loss on the N training samples, with the labels they have. */
  public double trainingRisk() {
    double[] z = outputs(training.stream().map(Sample::tokens).toList());
    double sum = 0;
    for (int q = 0; q < z.length; q++) {
      sum += data.loss(z[q], training.get(q).label());
    }
    return sum / z.length;
  }

  /** The N training samples. */
  public List<Sample> training() {
    return training;
  }

  @Override
  public void close() {
    if (linear != null) {
      linear.close();
    }
    descent.close();
    network.close();
  }
}
