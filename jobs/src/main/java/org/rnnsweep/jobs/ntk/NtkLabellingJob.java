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
import org.rnnsweep.kernels.certificates.LabelNorm;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Sequence labelling (Wang, Shen, Hu and Cao, Remark 3.2): one network answers after every token,
 * {@code f_a = <B, h_a>}, and learns from the sum of the outputs' losses, one new sequence a step.
 * Output a has the label of {@code F_a = cos of token max(1, a - lag) / gamma}; sequences in which
 * some |F_a| is below 1 are drawn again.
 *
 * <p>Remark 3.2 argues from outputs whose gradients are orthogonal to each other. They are not
 * ({@code ntk-outputs}); its conclusion is tried here all the same. The limit starts at 0.
 */
public final class NtkLabellingJob implements Job {
  private static final String LIMIT = "limit";
  private static final String NETWORK = "network";

  private static final long MOST_ATTEMPTS = 1_000_000;
  private static final double FLOPS_OF_A_PAIR_STEP = 400; // 5 ns
  private static final double SLOWNESS = 10; // of products with one vector, beside large ones

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("samples", "n", 4, 8192, "steps, each on a new sequence"),
          Parameter.integer("length", "L", 1, 64, "tokens of a sequence, and outputs"),
          Parameter.integer("lag", "k", 0, 63, "how many tokens back a label looks").withDefault(0),
          Parameter.integer("dimension", "d", 2, 1024, "coordinates of a token").withDefault(4),
          Parameter.real("margin", "gamma", 1e-3, 1, "the least |cosine| of a token that counts")
              .withDefault(0.3),
          Parameter.real("input_power", "alpha", 0, 10, "A ~ N(0, 2/(L^alpha m))").withDefault(3.0),
          Parameter.choice(
              "tier",
              "what is trained: the network or its limit of infinite width",
              LIMIT,
              NETWORK),
          Parameter.integer("width", "m", 2, 1 << 14, "neurons").withRelevance("tier", NETWORK),
          Parameter.real("rate", "nu", 1e-6, 1000, "eta = (2/L) nu / m").withDefault(1.0));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("error", "mean error", "1", "mistakes of all outputs over n L"),
          Metric.scalar(
              "worst_error",
              "error of the worst output",
              "1",
              "most mistakes of an output, over n"),
          Metric.scalar("mistakes", "mistakes", "1", "sum over the outputs"),
          Metric.scalar(
              "joint_norm", "joint label norm", "1", "y^T Theta^-1 y, Theta of all outputs, n L"),
          Metric.scalar(
              "joint_ratio",
              "joint label norm over the outputs' own",
              "1",
              "y^T Theta^-1 y / sum over a of y_a^T (Theta^aa)^-1 y_a: 1 for orthogonal outputs"),
          Metric.scalar(
              "norm_ratio", "mistakes over the joint norm", "1", "mistakes / joint label norm"));

  /** For the service loader. */
  public NtkLabellingJob() {}

  @Override
  public String id() {
    return "ntk-labelling";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "sequence labelling by stochastic gradient descent, of a network or in its limit";
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
  public Cost cost(TrialGroup group) {
    Configuration configuration = group.first().configuration();
    int most = Collections.max(OnlineCourse.asked(group));
    int length = configuration.smallInteger("length");
    double rows = (double) most * length;
    double flops = FLOPS_OF_A_PAIR_STEP * rows * rows;
    for (Trial trial : group.trials()) {
      double n = trial.configuration().integer("samples");
      flops += (Math.pow(n * length, 3) + length * Math.pow(n, 3)) / 3;
    }
    long bytes = LabelNorm.memoryBytes((long) most * length);
    if (configuration.choice("tier").equals(NETWORK)) {
      NetworkShape shape = ConceptSamples.shape(configuration, Output.EVERY_STEP);
      flops +=
          most * SLOWNESS * Pass.stepFlops(shape, 1, length)
              + Cost.FLOPS_OF_A_NORMAL * shape.width() * shape.width();
      bytes =
          Math.max(bytes, OnlineCourse.memoryBytes(shape, group.first().numerics(), length, false));
    }
    return new Cost(flops, bytes);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    context.checkCancelled();
    Trial first = group.first();
    Configuration configuration = first.configuration();
    StreamKey key = first.key();
    int length = configuration.smallInteger("length");
    int most = Collections.max(OnlineCourse.asked(group));
    List<OnlineCourse.Sample> data = new ArrayList<>();
    double[] values = new double[most * length];
    for (int i = 0; i < most; i++) {
      data.add(sample(configuration, key.name("data").block(i), values, i * length));
    }
    context.checkCancelled();
    NetworkLaw law = ConceptSamples.network(configuration);
    double[][] gram =
        RecurrentKernel.ntk(law, Trained.RECURRENT, Parametrization.ENTRIES)
            .gram(data.stream().map(OnlineCourse.Sample::tokens).toList(), Output.EVERY_STEP, 1);
    context.checkCancelled();
    double rate = 2 * configuration.real("rate") / length;
    OnlineCourse course =
        configuration.choice("tier").equals(LIMIT)
            ? OnlineCourse.inTheLimit(gram, new double[values.length], data, rate)
            : OnlineCourse.ofNetwork(
                ConceptSamples.shape(configuration, Output.EVERY_STEP),
                law,
                false,
                data,
                rate,
                Set.of(),
                first.numerics(),
                key,
                context);
    context.progress(0.9);
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      context.checkCancelled();
      results.add(TrialResult.of(metrics(trial, course, gram, values, length, context), Map.of()));
    }
    context.progress(1);
    return results;
  }

  /** The first of the sample's attempts that has the margin; F_a by output goes into values. */
  private static OnlineCourse.Sample sample(
      Configuration configuration, StreamKey key, double[] values, int at) {
    TokenLaw tokens = TokenLaw.unit(configuration.smallInteger("dimension"));
    int length = configuration.smallInteger("length");
    int lag = configuration.smallInteger("lag");
    double gamma = configuration.real("margin");
    for (long attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      double[][] sequence = tokens.sequence(key, attempt, length);
      double[] labels = new double[length];
      boolean accepted = true;
      for (int a = 0; a < length; a++) {
        values[at + a] = sequence[Math.max(0, a - lag)][0] / gamma;
        labels[a] = Math.signum(values[at + a]);
        accepted &= Math.abs(values[at + a]) >= 1;
      }
      if (accepted) {
        return new OnlineCourse.Sample(sequence, labels);
      }
    }
    throw new IllegalStateException("no margin in " + MOST_ATTEMPTS + " attempts");
  }

  private static Map<String, Double> metrics(
      Trial trial,
      OnlineCourse course,
      double[][] gram,
      double[] values,
      int length,
      JobContext context) {
    int n = trial.configuration().smallInteger("samples");
    Blas blas = Blas.of(trial.numerics());
    double joint =
        LabelNorm.squared(
            blas,
            context.arena(),
            OnlineCourse.leading(gram, n * length),
            Arrays.copyOf(values, n * length));
    double mistakes = 0;
    double worst = 0;
    double apart = 0;
    for (int a = 0; a < length; a++) {
      double[][] own = new double[n][n];
      double[] target = new double[n];
      for (int i = 0; i < n; i++) {
        target[i] = values[i * length + a];
        for (int j = 0; j < n; j++) {
          own[i][j] = gram[i * length + a][j * length + a];
        }
      }
      apart += LabelNorm.squared(blas, context.arena(), own, target);
      double wrong = course.mistakes(a, 0, n);
      mistakes += wrong;
      worst = Math.max(worst, wrong);
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("error", mistakes / (n * (double) length));
    metrics.put("worst_error", worst / n);
    metrics.put("mistakes", mistakes);
    metrics.put("joint_norm", joint);
    metrics.put("joint_ratio", joint / apart);
    metrics.put("norm_ratio", mistakes / joint);
    return metrics;
  }
}
