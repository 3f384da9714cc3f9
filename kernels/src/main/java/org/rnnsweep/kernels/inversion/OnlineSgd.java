package org.rnnsweep.kernels.inversion;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.optim.SgdMomentum;

/**
 * The paper's own way to a linear readout (Appendix I): stochastic gradient descent with momentum
 * on {@code ||Wbar^T h^(L) - x||^2} from Wbar = 0, every batch fresh. Wbar and its gradient are
 * double.
 *
 * <p>The paper says neither how the loss is reduced nor whether h is rescaled, and at its rate 0.1
 * that decides whether anything converges. With c the largest eigenvalue of {@code E h h^T} the
 * curvature is 2 c, over L d where the loss is a mean over outputs, and must stay below {@code 2 (1
 * + momentum) / rate}, that is 38. The states are not centred: about {@code 1/pi} of their square
 * lies in their mean, so c is about {@code L d / pi} for raw states of he weights and {@code m /
 * pi} for states of unit rms. Hence {@link Loss#MEAN} of {@link Features#RAW} is stable at every
 * size, and states of unit rms diverge from {@code m} about {@code 60 L d} on.
 */
public final class OnlineSgd {

  /** How the squared error of a sequence is reduced over its L d outputs; over the batch: mean. */
  public enum Loss {
    MEAN,
    SUM
  }

  /** What the readout sees. */
  public enum Features {
    /** h^(L) as it is. */
    RAW,
    /** h^(L) over the rms of its entries in the first batch; the readout returned is for raw h. */
    UNIT_RMS
  }

  private OnlineSgd() {}

  /**
   * Trains one readout a length; one pass a step serves all of them.
   *
   * @param panel through which the sequences go; its width is the batch
   * @param arena where the weights stay; takes {@link #memoryBytes} of it
   * @param train a law that gives every length as a prefix of the longest; step t is its block t
   * @param steps number of updates
   * @return in the order of {@code lengths}; one that diverged says at which step, from 1
   */
  public static List<Readout> fit(
      StatePanel panel,
      Arena arena,
      InputSequences train,
      Collection<Integer> lengths,
      long steps,
      SgdMomentum optimiser,
      Loss loss,
      Features features,
      Checkpoint checkpoint)
      throws InterruptedException {
    Map<Integer, Learner> learners = new LinkedHashMap<>();
    for (int length : lengths) {
      learners.put(length, new Learner(panel, arena, length, train.dimension(), loss, features));
    }
    for (long step = 1; step <= steps; step++) {
      int longest = 0;
      for (Learner learner : learners.values()) {
        longest = Math.max(longest, learner.problem.isEmpty() ? learner.length : 0);
      }
      if (longest == 0) {
        break; // all of them diverged
      }
      panel.start(train, step - 1, panel.width());
      for (int length = 1; length <= longest; length++) {
        panel.step(checkpoint);
        Learner learner = learners.get(length);
        if (learner != null && learner.problem.isEmpty()) {
          learner.update(panel, step, optimiser);
          checkpoint.worked(learner.updateFlops(panel.width()));
        }
      }
    }
    List<Readout> readouts = new ArrayList<>();
    for (Learner learner : learners.values()) {
      readouts.add(learner.readout(arena));
    }
    return readouts;
  }

  /** What {@link #fit} takes from the arena: weights, velocity and gradient of every length. */
  public static long memoryBytes(long networkWidth, int dimension, Collection<Integer> lengths) {
    long bytes = 0;
    for (int length : lengths) {
      bytes += 3 * networkWidth * length * dimension * Double.BYTES;
    }
    return bytes;
  }

  /** Flops of {@link #fit}, forward passes excluded. */
  public static double flops(
      long networkWidth, int dimension, Collection<Integer> lengths, long steps, int batch) {
    double flops = 0;
    for (int length : lengths) {
      flops += steps * updateFlops(networkWidth, (double) length * dimension, batch);
    }
    return flops;
  }

  /** Two products of 2 m L d batch, and 4 operations an element for the update. */
  private static double updateFlops(double m, double outputs, double batch) {
    return 4 * m * outputs * batch + 4 * m * outputs;
  }

  private static final class Learner {
    private final int length;
    private final Loss loss;
    private final Features features;
    private final OffHeapMatrix weights;
    private final OffHeapMatrix velocity;
    private final OffHeapMatrix gradient;
    private double scale = 1;
    private String problem = "";

    Learner(
        StatePanel panel, Arena arena, int length, int dimension, Loss loss, Features features) {
      long m = panel.network().width();
      long outputs = (long) length * dimension;
      this.length = length;
      this.loss = loss;
      this.features = features;
      this.weights = arena.matrix(outputs, m, Precision.DOUBLE);
      this.velocity = arena.matrix(outputs, m, Precision.DOUBLE);
      this.gradient = arena.matrix(outputs, m, Precision.DOUBLE);
    }

    double updateFlops(int batch) {
      return OnlineSgd.updateFlops(weights.columns(), weights.rows(), batch);
    }

    /** With f = scale h the loss has the gradient scale h (r - x) times a constant. */
    void update(StatePanel panel, long step, SgdMomentum optimiser) {
      OffHeapMatrix states = panel.states();
      if (step == 1 && features == Features.UNIT_RMS) {
        scale = 1 / rms(states);
      }
      OffHeapMatrix error = panel.recover(weights, states);
      if (!(subtractInputs(error, panel.inputs(length)) < Double.POSITIVE_INFINITY)) {
        problem = String.format(Locale.ROOT, "the loss is not finite at step %d", step);
        return;
      }
      double terms = (double) panel.width() * (loss == Loss.MEAN ? weights.rows() : 1);
      panel.blas().gemm(Transpose.NO, Transpose.NO, 2 * scale / terms, error, states, 0, gradient);
      optimiser.step(weights, velocity, gradient);
    }

    /** error = scale error - inputs, in place; returns the sum of squares. */
    private double subtractInputs(OffHeapMatrix error, OffHeapMatrix inputs) {
      double[] e = new double[(int) error.columns()];
      double[] x = new double[(int) error.columns()];
      double sum = 0;
      for (long j = 0; j < error.rows(); j++) {
        error.getRow(j, e);
        inputs.getRow(j, x);
        for (int i = 0; i < e.length; i++) {
          e[i] = scale * e[i] - x[i];
          sum += e[i] * e[i];
        }
        error.putRow(j, e);
      }
      return sum;
    }

    /** The readout of raw states: Wbar times the scale. */
    Readout readout(Arena arena) {
      arena.release(velocity);
      arena.release(gradient);
      double[] row = new double[(int) weights.columns()];
      for (long i = 0; i < weights.rows() && scale != 1; i++) {
        weights.getRow(i, row);
        for (int j = 0; j < row.length; j++) {
          row[j] *= scale;
        }
        weights.putRow(i, row);
      }
      return new Readout(length, weights, problem);
    }

    private static double rms(OffHeapMatrix states) {
      double[] row = new double[(int) states.columns()];
      double sum = 0;
      for (long i = 0; i < states.rows(); i++) {
        states.getRow(i, row);
        for (double h : row) {
          sum += h * h;
        }
      }
      return Math.sqrt(sum / ((double) states.rows() * row.length));
    }
  }
}
