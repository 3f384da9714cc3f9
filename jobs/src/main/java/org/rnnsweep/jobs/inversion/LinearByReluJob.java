package org.rnnsweep.jobs.inversion;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.inversion.LinearByRelu;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * A linear function read off one random ReLU layer (Panigrahi and Goyal, Lemmas C.1 and 4.4, Claim
 * C.2). In double, and without a BLAS: the numerics profile changes nothing.
 */
public final class LinearByReluJob implements TrialJob {
  /** A draw of two normals and two products, in flops of a large product in double. */
  private static final double NEURON_FLOPS = 1_000;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 1, 1L << 30, "neurons"),
          Parameter.real("angle", "theta", 0, 180, "between v and x").withUnit("degree"),
          Parameter.integer("dimension", "d", 3, 64, "of the sphere in Claim C.2").withDefault(8),
          Parameter.integer("draws", "draws", 1, 100_000, "layers drawn in a trial")
              .withDefault(64));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "expectation_gap",
              "gap of the expectation",
              "1",
              "|E (w.v) relu(w.x) - beta^2/2 v.x| over beta^2 |v| |x|, by quadrature"),
          Metric.scalar(
              "half_sphere_gap",
              "gap of the half sphere's moments",
              "1",
              "largest entry of d E w w^T 1[w_1 >= 0] - I/2, by quadrature"),
          Metric.scalar(
              "error_rms",
              "rms error of the layer",
              "1",
              "rms over draws of |v.x - 2/m (T v)^T relu(T x)| / (|v| |x|)"),
          Metric.scalar(
              "exceeding",
              "share of layers above the bound",
              "1",
              "share of draws whose error exceeds |v| |x| / sqrt(m)"));

  /** For the service loader. */
  public LinearByReluJob() {}

  @Override
  public String id() {
    return "linear-by-relu";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "how well one random ReLU layer represents a linear function";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  @Override
  public Cost cost(Trial trial) {
    return new Cost(flops(trial.configuration()), 0);
  }

  private static double flops(Configuration configuration) {
    return NEURON_FLOPS * configuration.integer("width") * configuration.integer("draws");
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Configuration configuration = trial.configuration();
    long m = configuration.integer("width");
    int draws = configuration.smallInteger("draws");
    LinearByRelu layer = LinearByRelu.ofAngle(configuration.real("angle"));
    StreamKey key = trial.key().name("T").with("width", m);
    double squares = 0;
    int exceeding = 0;
    for (int i = 0; i < draws; i++) {
      context.checkCancelled();
      double error = layer.error(m, key.block(i));
      squares += error * error;
      exceeding += Math.abs(error) > 1 / Math.sqrt(m) ? 1 : 0;
      context.progress((i + 1.0) / draws);
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("expectation_gap", Math.abs(layer.expectationGap()));
    metrics.put(
        "half_sphere_gap", LinearByRelu.halfSphereGap(configuration.smallInteger("dimension")));
    metrics.put("error_rms", Math.sqrt(squares / draws));
    metrics.put("exceeding", (double) exceeding / draws);
    return TrialResult.of(metrics, Map.of());
  }
}
