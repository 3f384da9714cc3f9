package org.rnnsweep.jobs.ntk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
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
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.certificates.LabelNorm;
import org.rnnsweep.kernels.concepts.MarginLaw;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Algorithm 1 of Wang, Shen, Hu and Cao: stochastic gradient descent on W, one new sample a step,
 * eta = nu / m, in three tiers: the network itself, the network made linear at its start, and the
 * limit of both, descent in the space of H_inf. Each sample is judged before it is learned, so that
 * the mistakes up to n estimate the left side of (17) times n without a test set.
 *
 * <p>All tiers of a seed see the same samples in the same order, and the two of finite width one
 * network; those for n are the first n of those for more, so that one run serves every n. The limit
 * starts at one normal number for all sequences, of the outputs' variance: that is what f(W_0, .)
 * is when A is small.
 */
public final class NtkDescentJob implements Job {
  private static final String LIMIT = "limit";
  private static final String LINEARISED = "linearised";
  private static final String NETWORK = "network";

  private static final double FLOPS_OF_A_PAIR_STEP = 400; // 5 ns
  private static final double SLOWNESS = 10; // of products with one vector, beside large ones

  private static final List<Parameter> PARAMETERS = parametersOfTheJob();

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("mistakes", "mistakes", "1", "M: samples with y f <= 0 before their step"),
          Metric.scalar("error", "mean error", "1", "M / n, the left side of (17)"),
          Metric.scalar("late_error", "late error", "1", "share of mistakes in the last quarter"),
          Metric.scalar("loss", "mean loss", "1", "mean of ln(1 + exp(-y f)) before the steps"),
          Metric.scalar(
              "label_norm", "label norm", "1", "Lambda = y^T H_inf^-1 y of the n samples"),
          Metric.scalar(
              "norm_ratio", "mistakes over the label norm", "1", "M / Lambda, bounded in (19)"),
          Metric.scalar(
              "distance", "distance from the start", "1", "sqrt(m) |W - W_0|_F after n steps"),
          Metric.scalar(
              "distance_ratio",
              "distance over the radius of Lemma 15",
              "1",
              "distance / (b sqrt(Lambda)), b = ln(1 / (exp(1/n) - 1)), without its max |f(W_0)|"),
          Metric.scalar(
              "excess",
              "mistakes over the limit's",
              "1",
              "M / M of the limit on the same samples"));

  /** For the service loader. */
  public NtkDescentJob() {}

  private static List<Parameter> parametersOfTheJob() {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(Parameter.integer("samples", "n", 4, 20_000, "steps, each on a new sequence"));
    parameters.addAll(ConceptSamples.parameters());
    parameters.add(
        Parameter.choice(
            "tier",
            "what is trained: the network, the network linear in W, or its limit of infinite width",
            LIMIT,
            LINEARISED,
            NETWORK));
    parameters.add(
        Parameter.integer("width", "m", 2, 1 << 14, "neurons")
            .withRelevance("tier", LINEARISED, NETWORK));
    parameters.add(
        Parameter.real("rate", "nu", 1e-6, 1000, "eta = (2/L) nu / m; H_ii is about L/2")
            .withDefault(1.0));
    return List.copyOf(parameters);
  }

  @Override
  public String id() {
    return "ntk-descent";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "stochastic gradient descent of a recurrent network, of its linearisation and its limit";
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
  public Set<String> sharedAxes() {
    return Set.of("samples");
  }

  @Override
  public List<String> check(Configuration configuration) {
    return ConceptSamples.check(configuration);
  }

  @Override
  public Cost cost(TrialGroup group) {
    Configuration configuration = group.first().configuration();
    NumericsProfile numerics = group.first().numerics();
    int most = Collections.max(OnlineCourse.asked(group));
    int length = configuration.smallInteger("length");
    double flops =
        FLOPS_OF_A_PAIR_STEP * most * (double) most * length
            + ConceptSamples.flops(configuration, most);
    for (Trial trial : group.trials()) {
      flops += Math.pow(trial.configuration().integer("samples"), 3) / 3;
    }
    long bytes = LabelNorm.memoryBytes(most);
    if (!configuration.choice("tier").equals(LIMIT)) {
      boolean linear = configuration.choice("tier").equals(LINEARISED);
      NetworkShape shape = ConceptSamples.shape(configuration, Output.LAST);
      double passes = linear ? 5 : 3;
      flops +=
          most * SLOWNESS * passes * Pass.forwardFlops(shape, 1, length)
              + Cost.FLOPS_OF_A_NORMAL * shape.width() * shape.width();
      bytes = Math.max(bytes, OnlineCourse.memoryBytes(shape, numerics, length, linear));
    }
    return new Cost(flops, bytes);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    context.checkCancelled();
    Trial first = group.first();
    Configuration configuration = first.configuration();
    StreamKey key = first.key();
    ConceptSamples samples = ConceptSamples.of(configuration, key);
    List<OnlineCourse.Sample> data = new ArrayList<>();
    double[] values = new double[Collections.max(OnlineCourse.asked(group))];
    for (int i = 0; i < values.length; i++) {
      MarginLaw.Labelled sample = samples.sample(i);
      data.add(new OnlineCourse.Sample(sample.tokens(), sample.label()));
      values[i] = sample.value();
    }
    context.checkCancelled();
    NetworkLaw law = ConceptSamples.network(configuration);
    double[][] gram =
        RecurrentKernel.ntk(law, Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(data.stream().map(OnlineCourse.Sample::tokens).toList(), Output.LAST, 1);
    context.checkCancelled();
    double rate = 2 * configuration.real("rate") / configuration.integer("length");
    OnlineCourse limit = OnlineCourse.inTheLimit(gram, start(law, data, key), data, rate);
    String tier = configuration.choice("tier");
    OnlineCourse course =
        tier.equals(LIMIT)
            ? limit
            : OnlineCourse.ofNetwork(
                ConceptSamples.shape(configuration, Output.LAST),
                law,
                tier.equals(LINEARISED),
                data,
                rate,
                OnlineCourse.asked(group),
                first.numerics(),
                key,
                context);
    context.progress(0.9);
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      context.checkCancelled();
      int n = trial.configuration().smallInteger("samples");
      double norm =
          LabelNorm.squared(
              Blas.of(trial.numerics()),
              context.arena(),
              OnlineCourse.leading(gram, n),
              Arrays.copyOf(values, n));
      Map<String, Double> metrics = metrics(course, n, norm);
      if (course != limit) {
        double least = Math.max(1, limit.mistakes(0, 0, n));
        metrics.put("excess", course.mistakes(0, 0, n) / least);
      }
      results.add(TrialResult.of(metrics, Map.of()));
    }
    context.progress(1);
    return results;
  }

  /** One number for all: tokens have norm 1, so that all outputs have one variance. */
  private static double[] start(NetworkLaw law, List<OnlineCourse.Sample> data, StreamKey key) {
    double[][] any = data.get(0).tokens();
    double variance = RecurrentKernel.nngp(law).between(any, any, Output.LAST)[0][0];
    double[] normal = new double[1];
    NormalStream.of(key.name("start")).fill(normal, 0, 1);
    double[] start = new double[data.size()];
    Arrays.fill(start, Math.sqrt(variance) * normal[0]);
    return start;
  }

  private static Map<String, Double> metrics(OnlineCourse course, int n, double norm) {
    double mistakes = course.mistakes(0, 0, n);
    int late = n - n / 4;
    double b = -StrictMath.log(StrictMath.expm1(1.0 / n));
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("mistakes", mistakes);
    metrics.put("error", mistakes / n);
    metrics.put("late_error", course.mistakes(0, late, n) / (n - late));
    metrics.put("loss", course.loss(n));
    metrics.put("label_norm", norm);
    metrics.put("norm_ratio", mistakes / norm);
    metrics.put("distance", course.distance(n));
    metrics.put("distance_ratio", course.distance(n) / (b * Math.sqrt(norm)));
    return metrics;
  }
}
