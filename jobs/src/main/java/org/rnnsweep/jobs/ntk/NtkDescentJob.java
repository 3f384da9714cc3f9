package org.rnnsweep.jobs.ntk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
import org.rnnsweep.kernels.descent.Descent;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.KernelDescent;
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
    int most = most(group);
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
      NetworkShape shape = shape(configuration);
      double passes = linear ? 5 : 3;
      flops +=
          most * SLOWNESS * passes * Pass.forwardFlops(shape, 1, length)
              + Cost.FLOPS_OF_A_NORMAL * shape.width() * shape.width();
      bytes =
          Math.max(
              bytes,
              (linear ? 1 : 2) * Network.memoryBytes(shape, numerics.precision())
                  + Descent.memoryBytes(shape, numerics.precision(), 1, length, 0, linear));
    }
    return new Cost(flops, bytes);
  }

  private static int most(TrialGroup group) {
    return group.trials().stream()
        .mapToInt(trial -> trial.configuration().smallInteger("samples"))
        .max()
        .getAsInt();
  }

  private static NetworkShape shape(Configuration configuration) {
    return new NetworkShape(
        configuration.smallInteger("width"),
        configuration.smallInteger("dimension"),
        1,
        Trained.RECURRENT,
        Output.LAST,
        1,
        1);
  }

  /** What a tier did: y f before each step, and the distances asked for. */
  private record Course(double[] margins, Map<Integer, Double> distances) {
    double mistakes(int from, int to) {
      return Arrays.stream(margins, from, to).filter(margin -> !(margin > 0)).count();
    }
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    context.checkCancelled();
    Trial first = group.first();
    Configuration configuration = first.configuration();
    StreamKey key = StreamKey.of(first.rootSeed()).seed(first.seedIndex());
    ConceptSamples samples = ConceptSamples.of(configuration, key);
    List<MarginLaw.Labelled> data = new ArrayList<>();
    for (int i = 0; i < most(group); i++) {
      data.add(samples.sample(i));
    }
    context.checkCancelled();
    double[][] gram =
        RecurrentKernel.ntk(
                ConceptSamples.network(configuration), Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(data.stream().map(MarginLaw.Labelled::tokens).toList(), Output.LAST, 1);
    context.checkCancelled();
    Course limit = inTheLimit(configuration, data, gram, key);
    Course course =
        configuration.choice("tier").equals(LIMIT)
            ? limit
            : atFiniteWidth(group, configuration, data, key, context);
    context.progress(0.9);
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      context.checkCancelled();
      results.add(
          TrialResult.of(
              metrics(trial, data, gram, course, course == limit ? null : limit, context),
              Map.of()));
    }
    context.progress(1);
    return results;
  }

  private static double rate(Configuration configuration) {
    return 2 * configuration.real("rate") / configuration.integer("length");
  }

  private static Course inTheLimit(
      Configuration configuration, List<MarginLaw.Labelled> data, double[][] gram, StreamKey key) {
    NetworkLaw law = ConceptSamples.network(configuration);
    double[][] any = data.get(0).tokens(); // tokens have norm 1: the outputs' variance is one
    double variance = RecurrentKernel.nngp(law).between(any, any, Output.LAST)[0][0];
    double[] normal = new double[1];
    NormalStream.of(key.name("start")).fill(normal, 0, 1);
    double[] start = new double[data.size()];
    Arrays.fill(start, Math.sqrt(variance) * normal[0]);
    double[] labels = data.stream().mapToDouble(MarginLaw.Labelled::label).toArray();
    KernelDescent descent = new KernelDescent(gram, start, labels, 1, rate(configuration));
    Map<Integer, Double> distances = new HashMap<>();
    for (int n = 1; n <= labels.length; n++) {
      distances.put(n, descent.norm(n));
    }
    return new Course(descent.margins(), distances);
  }

  private static Course atFiniteWidth(
      TrialGroup group,
      Configuration configuration,
      List<MarginLaw.Labelled> data,
      StreamKey key,
      JobContext context)
      throws InterruptedException {
    NumericsProfile numerics = group.first().numerics();
    Blas blas = Blas.of(numerics);
    int length = configuration.smallInteger("length");
    double step = rate(configuration) / configuration.integer("width");
    boolean linear = configuration.choice("tier").equals(LINEARISED);
    double[] margins = new double[data.size()];
    Map<Integer, Double> distances = new HashMap<>();
    List<Integer> asked =
        group.trials().stream()
            .map(trial -> trial.configuration().smallInteger("samples"))
            .toList();
    try (Network start =
            Network.draw(
                context.arena(),
                numerics.precision(),
                shape(configuration),
                ConceptSamples.network(configuration),
                key);
        Network moved = linear ? null : start.copy(context.arena());
        Descent descent =
            linear
                ? Descent.linearised(blas, context.arena(), start, Loss.LOGISTIC, 1, length, 0)
                : Descent.of(blas, context.arena(), moved, Loss.LOGISTIC, 1, length, 0)) {
      for (int t = 0; t < margins.length; t++) {
        context.checkCancelled();
        int label = data.get(t).label();
        descent.step(new double[][][] {data.get(t).tokens()}, new double[][][] {{{label}}}, step);
        margins[t] = label * descent.pass().outputs(0)[0][0];
        if (asked.contains(t + 1)) {
          Network change = descent.trained();
          double distance = linear ? Math.sqrt(change.dot(change)) : change.distance(start);
          distances.put(t + 1, Math.sqrt(start.shape().width()) * distance);
        }
        context.progress(0.9 * (t + 1) / margins.length);
      }
    }
    return new Course(margins, distances);
  }

  /**
   * @param limit null where the course is the limit's own
   */
  private static Map<String, Double> metrics(
      Trial trial,
      List<MarginLaw.Labelled> data,
      double[][] gram,
      Course course,
      Course limit,
      JobContext context) {
    int n = trial.configuration().smallInteger("samples");
    double[][] part = new double[n][];
    Arrays.setAll(part, i -> Arrays.copyOf(gram[i], n));
    double[] target = data.subList(0, n).stream().mapToDouble(MarginLaw.Labelled::value).toArray();
    double norm = LabelNorm.squared(Blas.of(trial.numerics()), context.arena(), part, target);
    double mistakes = course.mistakes(0, n);
    int late = n - n / 4;
    double distance = course.distances().get(n);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("mistakes", mistakes);
    metrics.put("error", mistakes / n);
    metrics.put("late_error", course.mistakes(late, n) / (n - late));
    double loss = 0;
    for (int t = 0; t < n; t++) {
      loss += Loss.LOGISTIC.value(new double[] {course.margins()[t]}, new double[] {1});
    }
    metrics.put("loss", loss / n);
    metrics.put("label_norm", norm);
    metrics.put("norm_ratio", mistakes / norm);
    metrics.put("distance", distance);
    double b = -StrictMath.log(StrictMath.expm1(1.0 / n));
    metrics.put("distance_ratio", distance / (b * Math.sqrt(norm)));
    if (limit != null) {
      metrics.put("excess", mistakes / Math.max(1, limit.mistakes(0, n)));
    }
    return metrics;
  }
}
