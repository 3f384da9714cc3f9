package org.rnnsweep.jobs.learning;

import java.util.ArrayList;
import java.util.Collections;
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
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.learning.LinearComplexity;
import org.rnnsweep.kernels.learning.NetworkComplexity;
import org.rnnsweep.kernels.learning.TangentFactors;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The empirical Rademacher complexity of a random network's neighbourhood (Allen-Zhu and Li, [F]
 * Lemma 7.1; Panigrahi and Goyal, Lemma D.4): of the linearised class in closed form, over the
 * Frobenius ball of radius Delta/sqrt(m) and over the spectral one, and of the network itself from
 * below by ascent. Double whatever the profile says, since differences of small ones are measured.
 */
public final class RademacherJob implements TrialJob {
  private static final String LINEAR = "linear";
  private static final String SPECTRAL = "spectral";
  private static final String NETWORK = "network";
  private static final double FLOPS_OF_A_PAIR = 400; // a pair and step of the limit's recursion

  private static final List<Parameter> PARAMETERS =
      List.of(
          LearningSetting.WIDTH,
          LearningSetting.LENGTH,
          LearningSetting.SAMPLES,
          LearningSetting.EPS_X,
          LearningSetting.DIMENSION,
          LearningSetting.TOKENS,
          LearningSetting.END,
          LearningSetting.TRAINED,
          Parameter.real("radius", "Delta", 1e-3, 1e3, "sqrt(m) times the radius of the ball")
              .withDefault(1.0),
          Parameter.choice(
                  "measure",
                  "the linearised class in the Frobenius ball; also in the spectral one; or also"
                      + " the network itself",
                  LINEAR,
                  SPECTRAL,
                  NETWORK)
              .withDefault(LINEAR),
          Parameter.integer("draws", "draws", 1, 100_000, "draws of signs").withDefault(400),
          Parameter.integer("steps", "steps", 1, 100, "steps of ascent")
              .withDefault(4)
              .withRelevance("measure", NETWORK));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "linear",
              "complexity of the linearised class",
              "1",
              "Delta/N E sqrt(xi^T H xi), H the tangent Gram matrix over m; with A trained, that of"
                  + " W plus that of A"),
          Metric.scalar(
              "linear_limit", "the same at infinite width", "1", "with H of an infinite network"),
          Metric.scalar("trace_bound", "Jensen's bound", "1", "Delta/N sqrt(tr H)"),
          Metric.scalar(
              "bound_share",
              "share of the bound",
              "1",
              "the complexity over Delta/sqrt(N) max_q sqrt(H_qq); at most 1 but for the draws"),
          Metric.scalar(
              "trace_share", "share of Jensen's bound", "1", "the complexity over Jensen's bound"),
          Metric.scalar(
              "spectral",
              "complexity in the spectral ball",
              "1",
              "Delta/(N sqrt(m)) E |sum_q xi_q grad F(x_q)|_*, the nuclear norm"),
          Metric.scalar(
              "spectral_ratio",
              "spectral over Frobenius ball",
              "1",
              "the complexity in the spectral ball over that in the Frobenius ball, W alone"),
          Metric.scalar(
              "attained",
              "what the network attains",
              "1",
              "mean over draws of the largest 1/N sum_q xi_q (F(x_q; W + W') - F(x_q; W)) found"),
          Metric.scalar(
              "attained_share",
              "network over linearised class",
              "1",
              "what the network attains over the linearised class's complexity, of the same draws"),
          Metric.scalar(
              "excess",
              "distance from the linearised class",
              "1",
              "mean over draws of |what the network attains - the linearised class's supremum|"));

  /** For the service loader. */
  public RademacherJob() {}

  @Override
  public String id() {
    return "rademacher";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "Rademacher complexity of a random network's neighbourhood, linearised and true";
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
  public List<String> check(Configuration configuration) {
    return configuration.choice("measure").equals(SPECTRAL)
            && !configuration.choice("trained").equals(LearningSetting.RECURRENT)
        ? List.of("measure spectral is for trained = w")
        : List.of();
  }

  @Override
  public Cost cost(Trial trial) {
    LearningSetting setting = new LearningSetting(trial);
    NetworkShape shape = TangentFactors.shape(setting.width(), setting.dimension());
    int n = setting.samples();
    int length = setting.length();
    int draws = setting.configuration().smallInteger("draws");
    String measure = setting.configuration().choice("measure");
    double entries = (double) shape.width() * shape.width();
    double flops =
        Cost.FLOPS_OF_A_NORMAL * entries
            + TangentFactors.flops(shape, n, length)
            + 40.0 * draws * n * n
            + FLOPS_OF_A_PAIR * n * n * length;
    long bytes =
        Network.memoryBytes(shape, Precision.DOUBLE)
            + TangentFactors.memoryBytes(shape, Precision.DOUBLE, n, length);
    if (measure.equals(SPECTRAL)) {
      flops += LinearComplexity.spectralFlops(n, length, draws);
      bytes += LinearComplexity.spectralBytes(n, length);
    }
    if (measure.equals(NETWORK)) {
      int steps = setting.configuration().smallInteger("steps");
      flops += draws * NetworkComplexity.flops(shape, n, length, steps);
      bytes += NetworkComplexity.memoryBytes(shape, Precision.DOUBLE, n, length);
    }
    return new Cost(flops, bytes);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(new LearningSetting(trial), context), Map.of());
  }

  private static Map<String, Double> measure(LearningSetting setting, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    Arena arena = context.arena();
    Blas blas = setting.blas();
    String measure = setting.configuration().choice("measure");
    int draws = setting.configuration().smallInteger("draws");
    double radius = setting.configuration().real("radius");
    StreamKey signs = setting.key().name("signs");
    List<double[][]> sequences = setting.sequences("data", setting.samples());
    NetworkShape shape =
        new NetworkShape(
            setting.width(), setting.dimension(), 1, setting.trained(), Output.LAST, 1, 1);
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (Network network = setting.network(arena, Precision.DOUBLE, shape)) {
      List<double[][]> grams = new ArrayList<>();
      try (TangentFactors factors = new TangentFactors(blas, arena, network, sequences)) {
        grams.add(factors.recurrentGram());
        if (setting.trained() == Trained.RECURRENT_AND_INPUT) {
          grams.add(factors.inputGram());
        }
        context.checkCancelled();
        if (measure.equals(SPECTRAL)) {
          double spectral = LinearComplexity.spectral(blas, arena, factors, radius, signs, draws);
          metrics.put("spectral", spectral);
          metrics.put(
              "spectral_ratio",
              spectral / LinearComplexity.frobenius(grams.get(0), radius, signs, draws));
        }
      }
      linear(metrics, grams, limits(sequences, setting.trained()), radius, signs, draws);
      if (measure.equals(NETWORK)) {
        network(metrics, setting, context, network, sequences, grams);
      }
    }
    return metrics;
  }

  private static void linear(
      Map<String, Double> metrics,
      List<double[][]> grams,
      List<double[][]> limits,
      double radius,
      StreamKey signs,
      int draws) {
    double linear = 0;
    double limit = 0;
    double trace = 0;
    double bound = 0;
    for (int k = 0; k < grams.size(); k++) {
      double[][] gram = grams.get(k);
      linear += LinearComplexity.frobenius(gram, radius, signs, draws);
      limit += LinearComplexity.frobenius(limits.get(k), radius, signs, draws);
      trace += LinearComplexity.traceBound(gram, radius);
      double largest = 0;
      for (int q = 0; q < gram.length; q++) {
        largest = Math.max(largest, gram[q][q]);
      }
      bound += radius * Math.sqrt(largest / gram.length);
    }
    metrics.put("linear", linear);
    metrics.put("linear_limit", limit);
    metrics.put("trace_bound", trace);
    metrics.put("trace_share", linear / trace);
    metrics.put("bound_share", linear / bound);
  }

  /** The infinite network's Gram matrices of W and, where it is trained, of A. */
  private static List<double[][]> limits(List<double[][]> sequences, Trained trained) {
    double[][] recurrent =
        RecurrentKernel.ntk(LearningSetting.LAW, Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(sequences, Output.LAST, 1);
    if (trained == Trained.RECURRENT) {
      return Collections.singletonList(recurrent);
    }
    double[][] both =
        RecurrentKernel.ntk(LearningSetting.LAW, trained, Parametrization.ENTRIES)
            .gram(sequences, Output.LAST, 1);
    for (int q = 0; q < both.length; q++) {
      for (int r = 0; r < both.length; r++) {
        both[q][r] -= recurrent[q][r];
      }
    }
    return List.of(recurrent, both);
  }

  private static void network(
      Map<String, Double> metrics,
      LearningSetting setting,
      JobContext context,
      Network network,
      List<double[][]> sequences,
      List<double[][]> grams)
      throws InterruptedException {
    int draws = setting.configuration().smallInteger("draws");
    double radius = setting.configuration().real("radius");
    double attained = 0;
    double excess = 0;
    for (int k = 0; k < draws; k++) {
      context.checkCancelled();
      double[] signs = LinearComplexity.signs(setting.key().name("signs"), k, sequences.size());
      NetworkComplexity found =
          NetworkComplexity.climb(
              setting.blas(),
              context.arena(),
              network,
              sequences,
              signs,
              radius,
              setting.configuration().smallInteger("steps"));
      double linear = 0;
      for (double[][] gram : grams) {
        linear += radius / signs.length * LinearComplexity.norm(gram, signs);
      }
      attained += found.best() / draws;
      excess += Math.abs(found.best() - linear) / draws;
      context.progress((k + 1.0) / draws);
    }
    metrics.put("attained", attained);
    metrics.put("attained_share", attained / metrics.get("linear"));
    metrics.put("excess", excess);
  }
}
