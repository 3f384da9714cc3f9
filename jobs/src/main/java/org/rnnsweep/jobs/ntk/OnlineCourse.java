package org.rnnsweep.jobs.ntk;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.descent.Descent;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.KernelDescent;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Algorithm 1 of Wang, Shen, Hu and Cao, one new sample a step, each judged before it is learned
 * (progressive validation).
 */
final class OnlineCourse {
  private final double[] margins; // y f by sample, and by output within one
  private final int outputs;
  private final Map<Integer, Double> distances;

  private OnlineCourse(double[] margins, int outputs, Map<Integer, Double> distances) {
    this.margins = margins;
    this.outputs = outputs;
    this.distances = distances;
  }

  /**
   * A sequence and the labels, 1 or -1, of its outputs.
   *
   * @param labels by output
   */
  record Sample(double[][] tokens, double... labels) {}

  /**
   * In the space of a kernel.
   *
   * @param gram by sample, and by output within one
   * @param start f_0 likewise
   * @param rate nu
   */
  static OnlineCourse inTheLimit(double[][] gram, double[] start, List<Sample> data, double rate) {
    int outputs = data.get(0).labels().length;
    double[] labels = data.stream().flatMapToDouble(s -> Arrays.stream(s.labels())).toArray();
    KernelDescent descent = new KernelDescent(gram, start, labels, outputs, rate);
    Map<Integer, Double> distances = new HashMap<>();
    for (int n = 1; n <= data.size(); n++) {
      distances.put(n, descent.norm(n));
    }
    return new OnlineCourse(descent.margins(), outputs, distances);
  }

  /**
   * On the weights of a network of finite width, eta = nu / m.
   *
   * @param linear whether of the network made linear at its start
   * @param asked after how many samples the distance is wanted
   */
  static OnlineCourse ofNetwork(
      NetworkShape shape,
      NetworkLaw law,
      boolean linear,
      List<Sample> data,
      double rate,
      Set<Integer> asked,
      NumericsProfile numerics,
      StreamKey key,
      JobContext context)
      throws InterruptedException {
    Blas blas = Blas.of(numerics);
    int length = data.get(0).tokens().length;
    int outputs = data.get(0).labels().length;
    double[] margins = new double[data.size() * outputs];
    Map<Integer, Double> distances = new HashMap<>();
    try (Network start = Network.draw(context.arena(), numerics.precision(), shape, law, key);
        Network moved = linear ? null : start.copy(context.arena());
        Descent descent =
            linear
                ? Descent.linearised(blas, context.arena(), start, Loss.LOGISTIC, 1, length, 0)
                : Descent.of(blas, context.arena(), moved, Loss.LOGISTIC, 1, length, 0)) {
      for (int t = 0; t < data.size(); t++) {
        context.checkCancelled();
        double[] labels = data.get(t).labels();
        double[][] targets = new double[outputs][1];
        for (int a = 0; a < outputs; a++) {
          targets[a][0] = labels[a];
        }
        descent.step(
            new double[][][] {data.get(t).tokens()},
            new double[][][] {targets},
            rate / shape.width());
        double[][] said = descent.pass().outputs(0); // before the step
        for (int a = 0; a < outputs; a++) {
          margins[t * outputs + a] = labels[a] * said[a][0];
        }
        if (asked.contains(t + 1)) {
          Network change = descent.trained();
          double distance = linear ? Math.sqrt(change.dot(change)) : change.distance(start);
          distances.put(t + 1, Math.sqrt(shape.width()) * distance);
        }
        context.progress(0.9 * (t + 1) / data.size());
      }
    }
    return new OnlineCourse(margins, outputs, distances);
  }

  /** Bytes of {@link #ofNetwork}. */
  static long memoryBytes(
      NetworkShape shape, NumericsProfile numerics, int length, boolean linear) {
    return (linear ? 1 : 2) * Network.memoryBytes(shape, numerics.precision())
        + Descent.memoryBytes(shape, numerics.precision(), 1, length, 0, linear);
  }

  /** How many of the samples from..to - 1 an output was wrong about, or not finite. */
  double mistakes(int output, int from, int to) {
    int count = 0;
    for (int t = from; t < to; t++) {
      count += margins[t * outputs + output] > 0 ? 0 : 1;
    }
    return count;
  }

  /** The mean over the first n samples of the sum of the losses. */
  double loss(int n) {
    double sum = 0;
    for (int r = 0; r < n * outputs; r++) {
      sum += Loss.LOGISTIC.value(new double[] {margins[r]}, new double[] {1});
    }
    return sum / n;
  }

  /** {@code sqrt(m) |W - W_0|_F} after n samples. */
  double distance(int n) {
    return distances.get(n);
  }

  /** The numbers of samples that a group's trials ask for. */
  static Set<Integer> asked(TrialGroup group) {
    Set<Integer> asked = new HashSet<>();
    group.trials().forEach(trial -> asked.add(trial.configuration().smallInteger("samples")));
    return asked;
  }

  /** The matrix of the first n samples. */
  static double[][] leading(double[][] gram, int rows) {
    if (rows == gram.length) {
      return gram;
    }
    double[][] part = new double[rows][];
    Arrays.setAll(part, i -> Arrays.copyOf(gram[i], rows));
    return part;
  }
}
