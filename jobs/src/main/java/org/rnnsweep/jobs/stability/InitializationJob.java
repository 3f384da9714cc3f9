package org.rnnsweep.jobs.stability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardCorrelations;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.FixedVectors;
import org.rnnsweep.kernels.stability.InputColumns;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.StateGram;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * A random network on one fixed normalised sequence: norms, maxima and small coordinates of its
 * states, how much of a state is new, products applied to fixed vectors, and the rows of {@code
 * Back_(i->j)} (Allen-Zhu and Li, Lemmas B.1 and C.1; Panigrahi and Goyal, Lemma B.1).
 *
 * <p>A group of lengths shares the network and one forward pass: a shorter sequence is a prefix but
 * for its last token, and its further questions go to a fork of W taken after its last step. A
 * group of thresholds shares everything.
 *
 * <p>Precision: that of the profile for W and all vectors; sums are double.
 */
public final class InitializationJob implements Job {
  private static final String STATES = "states";
  private static final String FIXED_VECTORS = "fixed-vectors";
  private static final String BACKWARD = "backward";
  private static final String ISOMETRY = "isometry";

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          NetworkSetting.LENGTH,
          NetworkSetting.EPS_X,
          NetworkSetting.DIMENSION,
          NetworkSetting.OUTPUTS,
          Parameter.choice(
                  "inputs",
                  "middle tokens: spread over the sphere, two tokens, the null sequence, or one"
                      + " token repeated to the end; or spread, the last token being the first"
                      + " one again",
                  NormalizedInput.Law.SPREAD.label(),
                  NormalizedInput.Law.TOKENS.label(),
                  NormalizedInput.Law.NULL.label(),
                  NormalizedInput.Law.REPEATED.label(),
                  NormalizedInput.Law.NORMALISED.label())
              .withDefault(NormalizedInput.Law.SPREAD.label()),
          Parameter.real(
                  "variance", "variance", 0.01, 100, "m times the variance of an entry of W and A")
              .withDefault(RandomNetwork.HE),
          Parameter.choice(
                  "questions",
                  "what is asked beside the states: nothing, products applied to fixed vectors, or"
                      + " all backward vectors; or products applied to fixed vectors and to A",
                  STATES,
                  FIXED_VECTORS,
                  BACKWARD,
                  ISOMETRY)
              .withDefault(STATES),
          Parameter.real(
                  "threshold", "s", 1e-6, 1, "small coordinates are those within s / sqrt(m) of 0")
              .withDefault(0.1),
          Parameter.choice(
                  "representation",
                  "whether W is formed, or never formed and exact in law",
                  NetworkSetting.CONDITIONED,
                  NetworkSetting.DENSE)
              .withDefault(NetworkSetting.CONDITIONED));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "norm_h",
              "deviation of |h|",
              "1",
              "max_l | |h_l| - zeta_l |, zeta_l^2 = |x_1|^2 + .. + |x_l|^2 (for variance 2)"),
          Metric.scalar(
              "norm_printed",
              "deviation of |h| from sqrt(2)",
              "1",
              "max_l | |h_l| - sqrt(2 + (l - 2) eps_x^2) |, for normalised inputs"),
          Metric.scalar(
              "norm_g", "deviation of |g|", "1", "max_l | |g_l| - sqrt(2) zeta_l | (variance 2)"),
          Metric.scalar("square_ratio", "|h_L|^2 over its limit", "1", "|h_L|^2 / zeta_L^2"),
          Metric.scalar("norm_last", "norm of the last state", "1", "|h_L|"),
          Metric.scalar("inf_g", "largest preactivation", "1", "max_l |g_l|_inf"),
          Metric.scalar("inf_wh", "largest entry of W h", "1", "max_(l<L) |W h_l|_inf"),
          Metric.scalar("inf_ax", "largest entry of A x", "1", "max_l |A x_l|_inf"),
          Metric.scalar(
              "small_coordinates",
              "share of small coordinates",
              "1",
              "max_l #{k: |(g_l)_k| <= s / sqrt(m)} / m"),
          Metric.scalar("output", "norm of the outputs", "1", "max_l |B h_l|"),
          Metric.scalar(
              "new_part",
              "new part of a state",
              "1",
              "min_l |(I - U U^T) h_l|, U an orthonormal basis of h_1 .. h_(l-1)"),
          Metric.scalar(
              "state_gap", "least distance of two states", "1", "min_(l != l') |h_l - h_l'|"),
          Metric.scalar(
              "state_angle", "angle of the last two states", "1", "angle between h_(L-1) and h_L"),
          Metric.scalar(
              "fixed_deviation",
              "deviation on fixed vectors",
              "1",
              "max_(i<=j) | |D_j W .. D_i W u| - 1 | over u = e_1 and a random direction"),
          Metric.scalar(
              "fixed_growth",
              "growth on fixed vectors over the bound",
              "1",
              "max_(i<=j) ln |D_j W .. D_i W u| / ((j - i + 1) ln(1 + 1/(100 L)))"),
          Metric.scalar(
              "fixed_decay",
              "decay on fixed vectors over the bound",
              "1",
              "max_(i<=j) ln |D_j W .. D_i W u| / ((j - i + 1) ln(1 - 1/(100 L)))"),
          Metric.scalar(
              "input_deviation",
              "deviation on all inputs",
              "1",
              "max_(i<=j) |s - 1| over the singular values s of D_j W .. D_(i+1) W D_i A"),
          Metric.scalar(
              "input_growth",
              "growth on all inputs over the bound",
              "1",
              "max_(i<=j) ln s / ((j - i + 1) ln(1 + 1/(100 L))) over the same s"),
          Metric.scalar(
              "input_decay",
              "decay on all inputs over the bound",
              "1",
              "max_(i<=j) ln s / ((j - i + 1) ln(1 - 1/(100 L))) over the same s"),
          Metric.scalar(
              "input_entry",
              "largest entry of W .. D A",
              "1",
              "max_(i<=j) max_(a,b) |(W D_j W .. D_i A)_(a,b)|"),
          Metric.scalar(
              "back_entry",
              "largest entry of Back",
              "1",
              "sqrt(d) max_(i<j,s,k) |e_s^T Back_(i->j) e_k|"),
          Metric.scalar(
              "back_least", "least row of Back", "1", "min_(i<j,s) d/m |e_s^T Back_(i->j)|^2"),
          Metric.scalar(
              "back_most", "largest row of Back", "1", "max_(i<j,s) d/m |e_s^T Back_(i->j)|^2"),
          Metric.scalar(
              "c_least",
              "least C",
              "1",
              "min d C_(i->j,s) over 2 <= i < j, C = |e_s^T Back_(i->j)|^2 |h_(i-1)|^2 / m"),
          Metric.scalar("c_most", "largest C", "1", "max of the same"),
          Metric.scalar(
              "back_first", "row through the whole chain", "1", "sqrt(d/m) |e_1^T Back_(1->L)|"),
          Metric.scalar(
              "back_correlation",
              "correlation of backward maps",
              "1",
              "max_(i<=j<j') |Back_(i->j) Back_(i->j')^T|_2"),
          Metric.scalar(
              "back_correlation_any",
              "correlation of backward maps of unequal depth",
              "1",
              "max over j - i != j' - i' of |Back_(i->j) Back_(i'->j')^T|_2"),
          Metric.scalar(
              "back_square",
              "the same for j = j'",
              "1",
              "max_(i<j) |Back_(i->j) Back_(i->j)^T|_2: the control"));

  /** For the service loader. */
  public InitializationJob() {}

  @Override
  public String id() {
    return "initialization";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "states and backward vectors of a random recurrent network on one normalised sequence";
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
    return Set.of("length", "threshold");
  }

  @Override
  public List<String> check(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    long width = configuration.integer("width");
    int length = configuration.smallInteger("length");
    if (configuration.choice("representation").equals(NetworkSetting.CONDITIONED)
        && width < length + Setting.more(configuration, length).total()) {
      problems.add(
          "a conditioned W of width "
              + width
              + " does not have room for the questions of length "
              + length
              + "; representation = dense does");
    }
    return problems;
  }

  @Override
  public Cost cost(TrialGroup group) {
    Setting setting = Setting.of(group);
    long extra = 0;
    for (int length : setting.lengths()) {
      extra = Math.max(extra, setting.memberBytes(length));
    }
    int last = setting.lengths().last();
    long bytes =
        setting.network().networkBytes(setting.representation(), Setting.forward(last))
            + Trajectory.memoryBytes(
                setting.network().width(),
                setting.network().dimension(),
                1,
                last,
                setting.network().precision())
            + extra;
    return new Cost(setting.flops(), bytes);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    context.checkCancelled();
    Setting setting = Setting.of(group);
    Arena arena = context.arena();
    Blas blas = setting.network().blas();
    Progress progress = new Progress(context, setting.flops());
    int last = setting.lengths().last();
    Map<Integer, Member> members = new HashMap<>();
    try (RandomNetwork network =
            setting
                .network()
                .network(
                    arena,
                    setting.representation(),
                    setting.configuration().real("variance"),
                    Setting.forward(last));
        Trajectory states =
            new Trajectory(blas, arena, network.recurrent(), network.input(), 1, last)) {
      NormalizedInput input = setting.input();
      List<Step> middle = new ArrayList<>();
      for (int l = 1; l <= last; l++) {
        boolean end = setting.lengths().contains(l);
        states.step(new double[][] {end ? input.lastToken(l) : input.token(l)});
        if (end) {
          List<Step> steps = new ArrayList<>(middle);
          steps.add(Step.measure(states, network, setting.thresholds()));
          members.put(l, member(setting, blas, arena, network, states, steps));
          states.stepAgain(new double[][] {input.token(l)});
          progress.worked(setting.memberFlops(l));
        }
        middle.add(Step.measure(states, network, setting.thresholds()));
        progress.worked(setting.forwardFlops() / last);
      }
    }
    context.progress(1);
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      int length = trial.configuration().smallInteger("length");
      results.add(members.get(length).result(setting, trial.configuration().real("threshold")));
    }
    return results;
  }

  /** What one length finds beyond single steps. */
  private static Member member(
      Setting setting,
      Blas blas,
      Arena arena,
      RandomNetwork network,
      Trajectory states,
      List<Step> steps) {
    int length = states.steps();
    Map<String, Double> metrics = new LinkedHashMap<>();
    StateGram gram = StateGram.of(RowMeasures.gram(blas, arena, states.statesTo(length)));
    metrics.put("new_part", gram.leastNewPart());
    metrics.put("state_gap", gram.leastDistance());
    metrics.put("state_angle", gram.lastAngle());
    Products more = setting.more(length);
    if (more.total() > 0) {
      try (GaussianOperator fork = network.recurrent().fork(arena, more)) {
        if (more.right() > 0) {
          products(setting, blas, arena, states, fork, metrics);
        } else {
          backward(setting, blas, arena, network, states, fork, metrics);
        }
      }
    }
    return new Member(steps, metrics);
  }

  private static void products(
      Setting setting,
      Blas blas,
      Arena arena,
      Trajectory states,
      GaussianOperator fork,
      Map<String, Double> metrics) {
    double above = Math.log1p(1.0 / (100.0 * states.steps()));
    double below = Math.log1p(-1.0 / (100.0 * states.steps()));
    FixedVectors fixed =
        FixedVectors.measure(arena, fork, states, setting.network().key().name("probe"));
    metrics.put("fixed_deviation", fixed.worstDeviation());
    metrics.put("fixed_growth", fixed.fastestGrowth() / above);
    if (setting.configuration().choice("questions").equals(ISOMETRY)) {
      metrics.put("fixed_decay", fixed.fastestDecay() / below);
      InputColumns columns = InputColumns.measure(blas, arena, fork, states);
      metrics.put("input_deviation", columns.worstDeviation());
      metrics.put("input_growth", columns.fastestGrowth() / above);
      metrics.put("input_decay", columns.fastestDecay() / below);
      metrics.put("input_entry", columns.largestEntry());
    }
  }

  private static void backward(
      Setting setting,
      Blas blas,
      Arena arena,
      RandomNetwork network,
      Trajectory states,
      GaussianOperator fork,
      Map<String, Double> metrics) {
    int length = states.steps();
    try (BackwardVectors back =
        BackwardVectors.ask(arena, fork, network.output(), states, 2, length)) {
      double d = setting.network().outputs();
      double m = setting.network().width();
      double entry = 0;
      double least = Double.POSITIVE_INFINITY;
      double most = 0;
      double leastC = Double.POSITIVE_INFINITY;
      double mostC = 0;
      for (int j = 2; j <= length; j++) {
        for (int i = 1; i < j; i++) {
          double before = i > 1 ? RowMeasures.norm(states.states(i - 1), 0) : 0;
          for (int s = 0; s < d; s++) {
            entry = Math.max(entry, RowMeasures.maxAbs(back.block(i, j, 0), s));
            double norm = RowMeasures.norm(back.block(i, j, 0), s);
            double square = d / m * norm * norm;
            least = Math.min(least, square);
            most = Math.max(most, square);
            if (i > 1) {
              leastC = Math.min(leastC, square * before * before);
              mostC = Math.max(mostC, square * before * before);
            }
          }
        }
      }
      metrics.put("back_entry", Math.sqrt(d) * entry);
      metrics.put("back_least", least);
      metrics.put("back_most", most);
      metrics.put("c_least", leastC);
      metrics.put("c_most", mostC);
      metrics.put("back_first", Math.sqrt(d / m) * RowMeasures.norm(back.block(1, length, 0), 0));
      BackwardCorrelations correlations = BackwardCorrelations.of(blas, arena, back, 0);
      metrics.put("back_correlation", correlations.sameStart());
      metrics.put("back_correlation_any", correlations.otherDepth());
      metrics.put("back_square", correlations.sameEnd());
    }
  }

  /** The numbers of one step, with the token that it was taken with. */
  private record Step(
      double normH,
      double normG,
      double infG,
      double infWh,
      double infAx,
      double output,
      Map<Double, Double> small) {

    static Step measure(Trajectory states, RandomNetwork network, SortedSet<Double> thresholds) {
      int l = states.steps();
      double m = network.width();
      Map<Double, Double> small = new HashMap<>();
      for (double s : thresholds) {
        small.put(s, RowMeasures.countWithin(states.preactivations(l), 0, s / Math.sqrt(m)) / m);
      }
      double square = 0;
      for (int row = 0; row < network.output().rows(); row++) {
        double y = RowMeasures.dot(network.output(), row, states.states(l), 0);
        square += y * y;
      }
      return new Step(
          RowMeasures.norm(states.states(l), 0),
          RowMeasures.norm(states.preactivations(l), 0),
          RowMeasures.maxAbs(states.preactivations(l), 0),
          RowMeasures.maxAbs(states.recurrentPart(), 0),
          RowMeasures.maxDistance(states.preactivations(l), 0, states.recurrentPart(), 0),
          Math.sqrt(square),
          small);
    }
  }

  /** One length: its steps, and what was asked after the last one. */
  private record Member(List<Step> steps, Map<String, Double> asked) {

    TrialResult result(Setting setting, double threshold) {
      double epsX = setting.network().epsX();
      boolean normalised =
          setting.configuration().choice("inputs").equals(NormalizedInput.Law.NORMALISED.label());
      Map<String, Double> metrics = new LinkedHashMap<>();
      double printed = 0;
      double normH = 0;
      double normG = 0;
      double infG = 0;
      double infWh = 0;
      double infAx = 0;
      double small = 0;
      double output = 0;
      double zeta = 1;
      for (int l = 1; l <= steps.size(); l++) {
        Step step = steps.get(l - 1);
        double ofTheEnd = normalised && l == steps.size() ? 1 - epsX * epsX : 0;
        zeta = Math.sqrt(1 + (l - 1) * epsX * epsX + ofTheEnd);
        double centre = Math.sqrt(2 + (l - 2) * epsX * epsX);
        printed = Math.max(printed, Math.abs(step.normH - centre));
        normH = Math.max(normH, Math.abs(step.normH - zeta));
        normG = Math.max(normG, Math.abs(step.normG - Math.sqrt(2) * zeta));
        infG = Math.max(infG, step.infG);
        infWh = Math.max(infWh, step.infWh);
        infAx = Math.max(infAx, step.infAx);
        small = Math.max(small, step.small.get(threshold));
        output = Math.max(output, step.output);
      }
      double last = steps.get(steps.size() - 1).normH;
      metrics.put("norm_h", normH);
      if (normalised) {
        metrics.put("norm_printed", printed);
      }
      metrics.put("norm_g", normG);
      metrics.put("square_ratio", last * last / (zeta * zeta));
      metrics.put("norm_last", last);
      metrics.put("inf_g", infG);
      metrics.put("inf_wh", infWh);
      metrics.put("inf_ax", infAx);
      metrics.put("small_coordinates", small);
      metrics.put("output", output);
      metrics.putAll(asked);
      return TrialResult.of(metrics, Map.of());
    }
  }

  /** What a group agrees on, and what it does not. */
  private record Setting(
      NetworkSetting network, SortedSet<Integer> lengths, SortedSet<Double> thresholds) {

    static Setting of(TrialGroup group) {
      SortedSet<Integer> lengths = new TreeSet<>();
      SortedSet<Double> thresholds = new TreeSet<>();
      for (Trial trial : group.trials()) {
        lengths.add(trial.configuration().smallInteger("length"));
        thresholds.add(trial.configuration().real("threshold"));
      }
      Trial first = group.first();
      return new Setting(
          new NetworkSetting(first, first.numerics().precision()), lengths, thresholds);
    }

    Configuration configuration() {
      return network.configuration();
    }

    NormalizedInput input() {
      return network.input(NormalizedInput.Law.ofLabel(configuration().choice("inputs")));
    }

    Representation representation() {
      return Representation.ofLabel(configuration().choice("representation"));
    }

    static Products forward(int length) {
      return new Products(Trajectory.products(1, length), 0);
    }

    /** What a length asks of a fork after its last step. */
    Products more(int length) {
      return more(configuration(), length);
    }

    static Products more(Configuration configuration, int length) {
      int fixed = FixedVectors.products(length);
      int outputs = configuration.smallInteger("outputs");
      int dimension = configuration.smallInteger("dimension");
      return switch (configuration.choice("questions")) {
        case FIXED_VECTORS -> new Products(fixed, 0);
        case BACKWARD -> new Products(0, BackwardVectors.products(1, outputs, 2, length));
        case ISOMETRY -> new Products(fixed + InputColumns.products(dimension, length), 0);
        default -> new Products(0, 0);
      };
    }

    long memberBytes(int length) {
      Products more = more(length);
      long gram = RowMeasures.gramBytes(length, network.width());
      if (more.total() == 0) {
        return gram;
      }
      long fork = network.forkBytes(representation(), forward(length), more);
      long columns =
          configuration().choice("questions").equals(ISOMETRY)
              ? InputColumns.memoryBytes(network.width(), network.dimension(), network.precision())
              : 0;
      long asked =
          more.right() > 0
              ? Math.max(
                  columns, FixedVectors.memoryBytes(network.width(), length, network.precision()))
              : BackwardVectors.memoryBytes(
                      network.width(), 1, network.outputs(), 2, length, network.precision())
                  + BackwardCorrelations.memoryBytes(
                      more.left(), network.outputs(), network.width());
      return Math.max(gram, fork + asked);
    }

    double forwardFlops() {
      int last = lengths.last();
      return network.operatorFlops(representation(), forward(last))
          + NetworkSetting.FLOPS_OF_A_COORDINATE * network.width() * last;
    }

    double memberFlops(int length) {
      Products more = more(length);
      double rows = length + more.left();
      return network.moreFlops(representation(), forward(length), more)
          + network.width()
              * (NetworkSetting.FLOPS_OF_A_COORDINATE * (1 + more.total()) + 2 * rows * rows);
    }

    double flops() {
      double flops = forwardFlops();
      for (int length : lengths) {
        flops += memberFlops(length);
      }
      return flops;
    }
  }
}
