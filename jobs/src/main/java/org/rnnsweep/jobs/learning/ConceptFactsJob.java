package org.rnnsweep.jobs.learning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.concepts.Target;
import org.rnnsweep.kernels.learning.Concept;
import org.rnnsweep.kernels.learning.SequenceLaw;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.NormalizedInput;

/**
 * Memberships of the concept class (3.1) of Allen-Zhu and Li that are identities: their Examples
 * 3.5 and 3.6, and that a bag of tokens knows nothing of the order. No network, and no BLAS: the
 * numerics profile changes nothing.
 */
public final class ConceptFactsJob implements TrialJob {
  private static final int SEQUENCES = 100;
  private static final double FLOPS_OF_A_TERM = 500;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("tokens", "n", 2, 16, "middle tokens, L - 2"),
          Parameter.integer("terms", "p", 1, 64, "hidden neurons of a lag").withDefault(4),
          Parameter.integer("dimension", "d_in", 3, 64, "coordinates of a token").withDefault(5));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "membership_gap",
              "two-layer networks as members",
              "1",
              "largest difference on random sequences between sum_i a_(L-i) phi(W_(L-i) x_i) and"
                  + " the sum of a_r phi(|W_r| <w_r, x_i>) with unit w_r; phi = sin(2 z)"),
          Metric.scalar(
              "counting_errors",
              "counting errors",
              "1",
              "how many of the 2^n strings of a and b have sum_i phi(x_i) = 0 without as many a as"
                  + " b, or the other way round; phi(a) = 1, phi(b) = -1"),
          Metric.scalar(
              "bag_gap",
              "what a bag of tokens knows of the order",
              "1",
              "largest |mean over the strings with k tokens b| of sum_i a_i u_i, over k"));

  /** For the service loader. */
  public ConceptFactsJob() {}

  @Override
  public String id() {
    return "concept-facts";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "what belongs to the class of sums over positions, as identities";
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
    double n = trial.configuration().integer("tokens");
    double flops =
        FLOPS_OF_A_TERM
            * n
            * (2 * SEQUENCES * trial.configuration().integer("terms") + Math.scalb(1, (int) n));
    return new Cost(flops, 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(trial), Map.of());
  }

  private static Map<String, Double> measure(Trial trial) {
    int n = trial.configuration().smallInteger("tokens");
    int dimension = trial.configuration().smallInteger("dimension");
    StreamKey key = trial.key();
    Concept.Shape shape =
        new Concept.Shape(n, dimension - 1, trial.configuration().smallInteger("terms"), 0);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("membership_gap", membershipGap(shape, key));
    Link link = Link.power(1);
    Target counting = Concept.COUNTING.target(shape, link, key);
    Target order = Concept.ORDER.target(shape, link, key);
    double errors = 0;
    double[] sums = new double[n + 1];
    double[] counts = new double[n + 1];
    for (int bits = 0; bits < 1 << n; bits++) {
      double[][] tokens = string(bits, n, dimension - 1);
      int other = Integer.bitCount(bits);
      boolean zero = Math.abs(counting.value(tokens)) < 1e-9;
      errors += zero == (2 * other == n) ? 0 : 1;
      sums[other] += order.value(tokens);
      counts[other]++;
    }
    double bag = 0;
    for (int k = 0; k <= n; k++) {
      bag = Math.max(bag, Math.abs(sums[k] / counts[k]));
    }
    metrics.put("counting_errors", errors);
    metrics.put("bag_gap", bag);
    return metrics;
  }

  private static double membershipGap(Concept.Shape shape, StreamKey key) {
    SequenceLaw law =
        new SequenceLaw(
            NormalizedInput.Law.SPREAD, shape.coordinates() + 1, 1, SequenceLaw.End.SMALL);
    Concept.TwoLayer layers = Concept.TwoLayer.draw(shape, key);
    Link link = Link.sine(2);
    double gap = 0;
    for (int i = 0; i < SEQUENCES; i++) {
      double[][] tokens =
          law.trueTokens(law.sequence(key.name("sequences"), i, shape.tokens() + 2));
      gap = Math.max(gap, Math.abs(layers.value(link, tokens) - layers.member(link, tokens)));
    }
    return gap;
  }

  private static double[][] string(int bits, int n, int coordinates) {
    double[][] tokens = new double[n][coordinates];
    for (int i = 0; i < n; i++) {
      tokens[i][0] = ((bits >> i & 1) == 0 ? 1 : -1) * Math.sqrt(3) / 2;
      tokens[i][coordinates - 1] = 0.5;
    }
    return tokens;
  }
}
