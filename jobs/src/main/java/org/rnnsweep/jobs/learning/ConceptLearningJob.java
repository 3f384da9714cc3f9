package org.rnnsweep.jobs.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.concepts.Target;
import org.rnnsweep.kernels.descent.LaneDescent;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.learning.Concept;
import org.rnnsweep.kernels.learning.ConceptData;
import org.rnnsweep.kernels.learning.ConceptData.Sample;
import org.rnnsweep.kernels.learning.ConceptTraining;
import org.rnnsweep.kernels.learning.KernelPredictor;
import org.rnnsweep.kernels.learning.TrainingsTogether;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.stability.NormalizedInput;

/**
 * Learning curves of plain stochastic gradient descent on a concept class (Allen-Zhu and Li,
 * Theorem 1; Panigrahi and Goyal, Theorem 3.1), one sequence a step, loss {@link Loss#HUBER} of
 * lambda F after the last step. Risks are population risks on held-out sequences, the labels' noise
 * averaged exactly; beside them the best constant's, the best in class (OPT, which is exact), the
 * linearised network's and the infinite-width kernel's. Trials that differ by their number of steps
 * share a run; seeds of small networks train side by side.
 */
public final class ConceptLearningJob implements Job {
  private static final String NONE = "none";
  private static final String LINEARISED = "linearised";
  private static final String KERNEL = "kernel";
  private static final double RIDGE = 1e-8;
  private static final int MOST_FOR_KERNEL = 256; // held-out sequences whose pairs are computed
  private static final int FIRST_AVERAGE = 16; // before, an average says little

  private static final Map<String, Link> LINKS =
      Map.of(
          "linear", Link.power(1),
          "square", Link.power(2),
          "cube", Link.power(3),
          "sine", Link.sine(2),
          "arctan", Link.arctan());

  private static final List<Parameter> PARAMETERS =
      List.of(
          LearningSetting.WIDTH,
          LearningSetting.LENGTH,
          LearningSetting.EPS_X,
          LearningSetting.DIMENSION,
          LearningSetting.TOKENS,
          LearningSetting.END,
          LearningSetting.TRAINED,
          Parameter.choice(
              "concept",
              "the target: a sum over positions; two-layer networks of each lag; the difference of"
                  + " two tokens' frequencies; the same with weights of sum 0; one token; the"
                  + " product of two; smooth functions of the whole sequence; a sum over positions plus"
                  + " kappa times the product of two tokens",
              Arrays.stream(Concept.values()).map(Concept::label).toArray(String[]::new)),
          Parameter.choice(
                  "link",
                  "phi: z, z^2, z^3, sin(2 z) or arctan(z / 2)",
                  "linear",
                  "square",
                  "cube",
                  "sine",
                  "arctan")
              .withDefault("linear")
              .withRelevance("concept", "additive", "two-layer", "memory", "dense", "misspecified"),
          Parameter.integer("terms", "p", 1, 256, "terms of the target (of each position)")
              .withDefault(1)
              .withRelevance("concept", "additive", "two-layer", "dense", "misspecified"),
          Parameter.integer(
                  "distance", "distance", 1, 254, "of the (first) token from the last middle one")
              .withDefault(1)
              .withRelevance("concept", "memory", "product", "misspecified"),
          Parameter.real("outside", "kappa", 0, 1, "what the target has outside of the class")
              .withDefault(0.5)
              .withRelevance("concept", "misspecified"),
          Parameter.real("noise", "sigma", 0, 1, "labels are F* plus or minus this")
              .withDefault(0.0),
          Parameter.integer("samples", "N", 0, 65_536, "training sequences; 0: new ones each step")
              .withDefault(0),
          Parameter.integer("steps", "T", 1, 10_000_000, "steps, one sequence each"),
          Parameter.real("scale", "lambda", 1e-6, 10, "factor of the output").withDefault(0.3),
          Parameter.real(
                  "rate",
                  "eta_0",
                  1e-6,
                  10,
                  "learning rate times lambda^2 m (L - 1)/2, the output's squared gradient")
              .withDefault(0.3),
          Parameter.real(
                  "goal", "eps", 1e-3, 1, "excess over the best constant's that counts as learnt")
              .withDefault(0.5),
          Parameter.integer("test", "test", 1, 1_000_000, "held-out sequences").withDefault(512),
          Parameter.choice(
                  "neighbour",
                  "what else learns: nothing, the linearised network on the same sequences, or the"
                      + " infinite-width kernel on the N sequences",
                  NONE,
                  LINEARISED,
                  KERNEL)
              .withDefault(NONE));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("risk", "population risk", "1", "E G(lambda F(x; W_T), y), held out"),
          Metric.scalar(
              "average_risk",
              "average risk",
              "1",
              "mean over the steps of the loss just before each; with new sequences the population"
                  + " risk of the average iterate, without bias"),
          Metric.scalar("trivial_risk", "risk of the best constant", "1", "on the same sequences"),
          Metric.scalar(
              "optimum",
              "OPT",
              "1",
              "least risk in the class: of F*, G(sigma); of F* less what is outside"),
          Metric.scalar("excess", "excess risk", "1", "risk - OPT"),
          Metric.scalar(
              "excess_share",
              "excess over the best constant's",
              "1",
              "(risk - OPT) / (risk of the best constant - OPT)"),
          Metric.scalar(
              "average_share",
              "average excess over the best constant's",
              "1",
              "(average risk - OPT) / (risk of the best constant - OPT)"),
          Metric.scalar(
              "steps_to_goal",
              "steps until learnt",
              "1",
              "the first T from 16 on whose average risk is at most OPT + eps (risk of the best"
                  + " constant - OPT); none where it is not reached"),
          Metric.scalar("train_risk", "training risk", "1", "on the N sequences"),
          Metric.scalar("gap", "generalisation gap", "1", "population risk - training risk"),
          Metric.scalar("displacement", "displacement of W", "1", "sqrt(m) |W_T - W_0|_F: Delta"),
          Metric.scalar("input_displacement", "displacement of A", "1", "sqrt(m) |A_T - A_0|_F"),
          Metric.scalar(
              "gradient_norm",
              "largest gradient",
              "1",
              "max of lambda |grad_W F|_F at steps 1, 2, 4, .."),
          Metric.scalar(
              "gradient_growth",
              "growth of the gradient",
              "1",
              "max at steps 1, 2, 4, .. of |grad_W F|_F over that at W_0, on the same sequence"),
          Metric.scalar("linear_risk", "risk of the linearised network", "1", "held out"),
          Metric.scalar(
              "linear_distance",
              "distance from the linearised network",
              "1",
              "rms over held-out sequences of its output less the network's"),
          Metric.scalar(
              "kernel_share",
              "the kernel's excess over the best constant's",
              "1",
              "of the infinite-width tangent kernel's regression on the N sequences, held out: 256 at most"),
          Metric.scalar(
              "count_errors",
              "counts read off wrongly",
              "1",
              "share of held-out strings with |lambda F - F*| >= 1/(L - 2), half the distance of two"
                  + " counts"),
          Metric.scalar(
              "pair_contrast",
              "A..AB against A..ABA",
              "1",
              "difference of lambda F between the two strings over that of F*; a bag of tokens: 0"),
          Metric.series("curve_risk", "population risk", "1", "at steps 1, 2, 4, .., T"));

  /** For the service loader. */
  public ConceptLearningJob() {}

  @Override
  public String id() {
    return "concept-learning";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public String summary() {
    return "learning curves of stochastic gradient descent on functions of a sequence";
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
    return Set.of("steps", "goal");
  }

  @Override
  public List<String> check(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    long middle = configuration.integer("length") - 2;
    String concept = configuration.choice("concept");
    if (configuration.has("distance") && configuration.integer("distance") > middle) {
      problems.add("distance is at most L - 2 = " + middle);
    }
    boolean product = concept.equals("product") || concept.equals("misspecified");
    if (product && configuration.integer("distance") >= middle) {
      problems.add("a product's distance is below L - 2 = " + middle);
    }
    boolean letters = List.of("counting", "order", "product").contains(concept);
    if (letters && !configuration.choice("tokens").equals(NormalizedInput.Law.TOKENS.label())) {
      problems.add("concept " + concept + " is for tokens = tokens");
    }
    if (configuration.has("outside")
        && configuration.real("outside") + configuration.real("noise") > 1) {
      problems.add("noise and kappa reach 1 at most, where the loss is quadratic and OPT known");
    }
    if (concept.equals("order") && middle < 2) {
      problems.add("an order needs two middle tokens, L of at least 4");
    }
    if (configuration.choice("neighbour").equals(KERNEL) && configuration.integer("samples") < 1) {
      problems.add("the kernel needs N sequences, samples of at least 1");
    }
    return problems;
  }

  /** As many as there are lanes, where networks are small; in double they take turns. */
  @Override
  public int seedsTogether(Configuration configuration) {
    boolean linearised = configuration.choice("neighbour").equals(LINEARISED);
    return TrainingsTogether.inLanes(configuration.integer("width"), Precision.SINGLE, linearised)
        ? LaneDescent.LANES
        : 1;
  }

  @Override
  public Cost cost(TrialGroup group) {
    Setting setting = new Setting(group.first());
    Precision precision = setting.trial().numerics().precision();
    NetworkShape shape = setting.shape();
    int length = setting.base().length();
    int seeds = group.bySeed().size();
    int steps = group.trials().stream().mapToInt(Course::end).max().orElse(0);
    int risks = group.trials().size() + seeds * (32 - Integer.numberOfLeadingZeros(steps));
    int count = setting.test() + setting.samples();
    double flops =
        seeds * Cost.FLOPS_OF_A_NORMAL * shape.width() * shape.width()
            + steps
                * TrainingsTogether.stepFlops(shape, precision, length, setting.linearised(), seeds)
            + risks * ConceptTraining.riskFlops(shape, length, count, setting.linearised());
    long bytes =
        seeds
            * (Network.memoryBytes(shape, precision)
                + ConceptTraining.memoryBytes(shape, precision, length, setting.linearised()));
    if (setting.kernel()) {
      flops += seeds * KernelPredictor.flops(setting.samples(), MOST_FOR_KERNEL, length);
      bytes += KernelPredictor.memoryBytes(setting.samples());
    }
    return new Cost(flops, bytes);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    List<Course> courses = new ArrayList<>();
    try {
      for (TrialGroup seed : group.bySeed()) {
        courses.add(new Course(seed.trials(), context.arena()));
      }
      TrainingsTogether together =
          new TrainingsTogether(
              courses.stream().map(Course::training).toList(),
              new Setting(group.first()).linearised());
      int last = courses.stream().mapToInt(Course::end).max().orElse(0);
      for (int now = 1; now <= last; now++) {
        together.step();
        int step = now;
        if (courses.stream().anyMatch(course -> course.looksAt(step))) {
          context.checkCancelled();
          together.settle();
          courses.forEach(course -> course.look(step));
          context.progress((double) now / last);
        } else if (now % 64 == 0) {
          context.checkCancelled();
          context.progress((double) now / last);
        }
      }
    } finally {
      courses.forEach(Course::close);
    }
    Map<Trial, TrialResult> results = new HashMap<>();
    courses.forEach(course -> results.putAll(course.results));
    return group.trials().stream().map(results::get).toList();
  }

  /** The training of one seed, and its trials, which end after some steps of it. */
  private static final class Course implements AutoCloseable {
    private final List<Trial> trials;
    private final Set<Integer> ends; // the steps after which trials end: asked at every step
    private final Network initial;
    private final ConceptTraining training;
    private final Evaluation evaluation;
    private final List<Double> curve = new ArrayList<>(); // of risks, at steps 1, 2, 4, ..
    private final Map<Trial, TrialResult> results = new HashMap<>();

    Course(List<Trial> trials, Arena arena) {
      this.trials = trials;
      ends = trials.stream().map(Course::end).collect(Collectors.toSet());
      Setting setting = new Setting(trials.get(0));
      LearningSetting base = setting.base();
      ConceptData data = setting.data();
      List<Sample> test = data.samples(base.key().name("test"), setting.test());
      initial = base.network(arena, setting.trial().numerics().precision(), setting.shape());
      training =
          new ConceptTraining(
              base.blas(),
              arena,
              initial,
              data,
              setting.samples(),
              setting.rate(),
              setting.linearised(),
              base.key());
      evaluation = new Evaluation(setting, arena, training, data, test);
    }

    ConceptTraining training() {
      return training;
    }

    private static int end(Trial trial) {
      return trial.configuration().smallInteger("steps");
    }

    int end() {
      return Collections.max(ends);
    }

    boolean looksAt(int step) {
      return Integer.bitCount(step) == 1 || ends.contains(step);
    }

    /** Measures what there is to measure after a step, as long as a trial goes on. */
    void look(int step) {
      if (!looksAt(step) || step > end()) {
        return;
      }
      double risk = evaluation.risk();
      List<Double> upTo = curve;
      if (Integer.bitCount(step) == 1) {
        curve.add(risk);
      } else {
        upTo = new ArrayList<>(curve);
        upTo.add(risk);
      }
      List<Trial> ending = trials.stream().filter(trial -> end(trial) == step).toList();
      if (!ending.isEmpty()) {
        List<TrialResult> found = evaluation.results(ending, risk, upTo);
        for (int k = 0; k < found.size(); k++) {
          results.put(ending.get(k), found.get(k));
        }
      }
    }

    @Override
    public void close() {
      training.close();
      initial.close();
    }
  }

  /** What is measured of a training at some step. */
  private record Evaluation(
      Setting setting, Arena arena, ConceptTraining training, ConceptData data, List<Sample> test) {

    double risk() {
      return risk(training.outputs(sequences()));
    }

    private List<double[][]> sequences() {
      return test.stream().map(Sample::tokens).toList();
    }

    /** On the first held-out sequences, as many as there are outputs. */
    private double risk(double[] z) {
      double sum = 0;
      for (int q = 0; q < z.length; q++) {
        sum += data.risk(z[q], test.get(q).value());
      }
      return sum / z.length;
    }

    /** What each trial would say if it ended now. */
    List<TrialResult> results(List<Trial> trials, double risk, List<Double> curve) {
      double optimum = data.optimum();
      double trivial = data.constantRisk(test);
      Map<String, Double> shared = metrics(risk, optimum, trivial);
      Map<String, double[]> series =
          Map.of("curve_risk", curve.stream().mapToDouble(Double::doubleValue).toArray());
      List<TrialResult> results = new ArrayList<>();
      for (Trial trial : trials) {
        Map<String, Double> metrics = new LinkedHashMap<>(shared);
        double goal = optimum + trial.configuration().real("goal") * (trivial - optimum);
        int reached = training.firstAtMost(goal, FIRST_AVERAGE);
        if (reached > 0) {
          metrics.put("steps_to_goal", (double) reached);
        }
        results.add(TrialResult.of(metrics, series));
      }
      return results;
    }

    private Map<String, Double> metrics(double risk, double optimum, double trivial) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("risk", risk);
      metrics.put("average_risk", training.averageLoss());
      metrics.put("trivial_risk", trivial);
      metrics.put("optimum", optimum);
      metrics.put("excess", risk - optimum);
      metrics.put("excess_share", (risk - optimum) / (trivial - optimum));
      metrics.put("average_share", (training.averageLoss() - optimum) / (trivial - optimum));
      metrics.put("displacement", training.displacement());
      metrics.put("gradient_norm", training.largestGradient());
      if (setting.base().trained() == Trained.RECURRENT_AND_INPUT) {
        metrics.put("input_displacement", training.inputDisplacement());
      }
      if (setting.samples() > 0) {
        double train = training.trainingRisk();
        metrics.put("train_risk", train);
        metrics.put("gap", risk - train);
      }
      if (setting.linearised()) {
        addLinearised(metrics);
      }
      if (setting.kernel()) {
        metrics.put("kernel_share", (risk(kernel()) - optimum) / (trivial - optimum));
      }
      addStrings(metrics);
      return metrics;
    }

    private void addLinearised(Map<String, Double> metrics) {
      double[] linear = training.linearOutputs(sequences());
      double[] z = training.outputs(sequences());
      double square = 0;
      for (int q = 0; q < z.length; q++) {
        square += (z[q] - linear[q]) * (z[q] - linear[q]) / z.length;
      }
      metrics.put("gradient_growth", training.gradientGrowth());
      metrics.put("linear_risk", risk(linear));
      metrics.put("linear_distance", Math.sqrt(square));
    }

    private double[] kernel() {
      List<Sample> known = training.training();
      return KernelPredictor.predict(
          setting.base().blas(),
          arena,
          RecurrentKernel.ntk(
              LearningSetting.LAW, setting.base().trained(), Parametrization.ENTRIES),
          known.stream().map(Sample::tokens).toList(),
          known.stream().mapToDouble(Sample::label).toArray(),
          sequences().subList(0, Math.min(MOST_FOR_KERNEL, test.size())),
          RIDGE);
    }

    private void addStrings(Map<String, Double> metrics) {
      if (setting.concept() == Concept.COUNTING) {
        double[] z = training.outputs(sequences());
        int middle = setting.base().length() - 2;
        double wrong = 0;
        for (int q = 0; q < z.length; q++) {
          wrong += Math.abs(z[q] - test.get(q).value()) >= 1.0 / middle ? 1 : 0;
        }
        metrics.put("count_errors", wrong / z.length);
      }
      if (setting.concept() == Concept.ORDER) {
        List<double[][]> pair = setting.base().orderedPair();
        double[] z = training.outputs(pair);
        double expected =
            data.target().value(data.law().trueTokens(pair.get(0)))
                - data.target().value(data.law().trueTokens(pair.get(1)));
        metrics.put("pair_contrast", (z[0] - z[1]) / expected);
      }
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) {
    LearningSetting base() {
      return new LearningSetting(trial);
    }

    private Configuration configuration() {
      return trial.configuration();
    }

    Concept concept() {
      return Concept.ofLabel(configuration().choice("concept"));
    }

    boolean linearised() {
      return configuration().choice("neighbour").equals(LINEARISED);
    }

    boolean kernel() {
      return configuration().choice("neighbour").equals(KERNEL);
    }

    int samples() {
      return configuration().smallInteger("samples");
    }

    int test() {
      return configuration().smallInteger("test");
    }

    double scale() {
      return configuration().real("scale");
    }

    double rate() {
      return configuration().real("rate")
          / (scale() * scale() * base().width() * (base().length() - 1) / 2.0);
    }

    NetworkShape shape() {
      return new NetworkShape(
          base().width(), base().dimension(), 1, base().trained(), Output.LAST, 1, scale());
    }

    ConceptData data() {
      int terms = configuration().has("terms") ? configuration().smallInteger("terms") : 1;
      int distance = configuration().has("distance") ? configuration().smallInteger("distance") : 0;
      double outside = configuration().has("outside") ? configuration().real("outside") : 0;
      Link link =
          LINKS.get(configuration().has("link") ? configuration().choice("link") : "linear");
      Target target =
          concept()
              .target(
                  new Concept.Shape(
                      base().length() - 2, base().dimension() - 1, terms, distance, outside),
                  link,
                  base().key().name("target"));
      return new ConceptData(
          base().law(),
          base().length(),
          target,
          configuration().real("noise"),
          outside * base().law().letterSquare(),
          Loss.HUBER);
    }
  }
}
