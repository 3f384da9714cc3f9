package org.example;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.ForwardPass;
import org.rnnsweep.kernels.rnn.Initialization;

/**
 * How far the norm of a random network's state drifts from 1: with W, A ~ N(0, 2/m), a first token
 * of norm 1 and silence after it, E|h^(1)|^2 = E|h^(2)|^2 = 1 exactly and later ones differ by
 * O(1/m), since W is used again. The deviation is O(rho^2 m^(-1/2)) by Lemma B.1(1) of Panigrahi
 * and Goyal; E(|h^(1)|^2 - 1)^2 = 5/m, and after two steps it is (1 + 5/m)^2 - 1.
 */
public final class HiddenNormJob implements Job {
  private static final String WIDTH = "width";
  private static final String LENGTH = "length";
  private static final int DIMENSION = 2;

  /** Drawing a normal takes about as long as this many operations of a product. */
  private static final double FLOPS_OF_A_NORMAL = 1000;

  @Override
  public String id() {
    return "hidden-norm";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "drift of the hidden state's norm at random initialisation";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.integer(WIDTH, "m", 2, 1 << 15, "neurons"),
        Parameter.integer(LENGTH, "L", 1, 4096, "steps"),
        Parameter.integer("directions", "n", 1, 4096, "first tokens tried, in R^2 on the circle")
            .withDefault(16));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.scalar(
            "norm_drift", "rms drift of |h|^2", "1", "rms over first tokens of |h^(L)|^2 - 1"),
        Metric.series(
            "drift_by_step", "rms drift of |h|^2", "1", "the same after each step l = 1..L"));
  }

  @Override
  public Set<String> sharedAxes() {
    return Set.of(LENGTH); // h^(l) for l < L is a prefix of the same pass
  }

  @Override
  public Cost cost(TrialGroup group) {
    Configuration c = group.first().configuration();
    int directions = c.smallInteger("directions");
    Precision precision = group.first().numerics().precision();
    double m = c.integer(WIDTH);
    double flops =
        longest(group) * 2 * m * (m + DIMENSION) * directions
            + FLOPS_OF_A_NORMAL * m * (m + DIMENSION);
    long bytes =
        ElmanNetwork.memoryBytes(c.integer(WIDTH), DIMENSION, precision)
            + ForwardPass.memoryBytes(c.integer(WIDTH), directions, precision)
            + 2L * directions * DIMENSION * precision.bytes(); // the token, and silence
    return new Cost(flops, bytes);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    Trial first = group.first();
    Configuration c = first.configuration();
    int width = c.smallInteger(WIDTH);
    int directions = c.smallInteger("directions");
    Precision precision = first.numerics().precision();
    // The key leaves the length out, so that every length draws the same network.
    StreamKey key = StreamKey.of(first.rootSeed()).seed(first.seedIndex()).name("hidden-norm");

    ElmanNetwork network =
        ElmanNetwork.draw(context.arena(), precision, width, DIMENSION, Initialization.HE, key);
    ForwardPass pass =
        new ForwardPass(Blas.of(first.numerics()), context.arena(), network, directions);
    OffHeapMatrix token = context.arena().matrix(directions, DIMENSION, precision);
    OffHeapMatrix silence = context.arena().matrix(directions, DIMENSION, precision);
    for (int i = 0; i < directions; i++) {
      token.set(i, 0, Math.cos(2 * Math.PI * i / directions));
      token.set(i, 1, Math.sin(2 * Math.PI * i / directions));
    }

    int steps = longest(group);
    double[] drift = new double[steps];
    for (int l = 0; l < steps; l++) {
      context.checkCancelled();
      pass.step(l == 0 ? token : silence);
      drift[l] = drift(pass.hidden());
      context.progress((l + 1.0) / steps);
    }

    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      int length = trial.configuration().smallInteger(LENGTH);
      results.add(
          TrialResult.of(
              Map.of("norm_drift", drift[length - 1]),
              Map.of("drift_by_step", Arrays.copyOf(drift, length))));
    }
    return results;
  }

  private static int longest(TrialGroup group) {
    return group.trials().stream()
        .mapToInt(trial -> trial.configuration().smallInteger(LENGTH))
        .max()
        .orElseThrow();
  }

  /** Root of the mean over sequences of (|h|^2 - 1)^2. */
  private static double drift(OffHeapMatrix states) {
    double[] state = new double[(int) states.columns()];
    double sum = 0;
    for (long i = 0; i < states.rows(); i++) {
      states.getRow(i, state);
      double squares = 0;
      for (double h : state) {
        squares += h * h;
      }
      sum += (squares - 1) * (squares - 1);
    }
    return Math.sqrt(sum / states.rows());
  }
}
