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
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.operator.ConditionedGaussian;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.IndicatorCounts;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.Separation;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Several sequences under one random W, with first tokens of the first two at distance delta:
 * norms, what is new in each state, whether sequences stay apart, neurons that are near 0 at one
 * place only, and backward coordinates (Allen-Zhu, Li and Song: Lemmas B.3, B.6, B.9, D.2 to D.5,
 * D.7).
 *
 * <p>No W is formed. A group of lengths shares one forward pass; the way back of a length is asked
 * of a fork taken after its last step. All is double whatever the profile says: what is new is a
 * small difference of Gram entries.
 */
public final class SeparationJob implements Job {
  private static final Precision PRECISION = Precision.DOUBLE;
  private static final String NONE = "none";

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          Parameter.integer("length", "L", 2, 1024, "tokens of a sequence"),
          Parameter.integer("sequences", "n", 1, 64, "sequences under one network").withDefault(2),
          Parameter.real(
                  "delta", "delta", 1e-6, Math.sqrt(2), "distance of the first two first tokens")
              .withDefault(0.5),
          Parameter.choice(
                  "inputs",
                  "tokens after the first: none, the first one repeated, or random unit vectors,"
                      + " apart or the same for all sequences",
                  TokenFamily.SILENT.label(),
                  TokenFamily.REPEATED.label(),
                  TokenFamily.UNRELATED.label(),
                  TokenFamily.COMMON.label())
              .withDefault(TokenFamily.SILENT.label()),
          Parameter.integer("dimension", "d_x", 3, 4096, "coordinates of a token").withDefault(8),
          NetworkSetting.OUTPUTS,
          Parameter.real("near", "c_near", 1e-6, 10, "near 0 is within near times delta / sqrt(m)")
              .withDefault(0.1),
          Parameter.real("far", "c_far", 1e-6, 10, "far from 0 is beyond far times delta / sqrt(m)")
              .withDefault(0.3),
          Parameter.choice(
                  "losses",
                  "loss vectors that are sent back, of norm 1: random, all equal, of alternating"
                      + " sign, or only the last one; or none",
                  NONE,
                  LossVectors.Family.RANDOM.label(),
                  LossVectors.Family.EQUAL.label(),
                  LossVectors.Family.ALTERNATING.label(),
                  LossVectors.Family.SINGLE.label())
              .withDefault(NONE));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("norm_least", "least norm", "1", "min over i and l of |h_(i,l)|"),
          Metric.scalar("norm_most", "largest norm", "1", "max over i and l of |h_(i,l)|"),
          Metric.scalar(
              "norm_excess",
              "norms over the bound",
              "1",
              "max over i and l of |h_(i,l)| / (2 (l - 1) + 4)"),
          Metric.scalar(
              "step_least",
              "least growth of a step over the bound",
              "1",
              "min over i and l < L of |h_(i,l+1)| / ((1 - 1/(4L)) |h_(i,l)|)"),
          Metric.scalar(
              "step_most",
              "largest growth of a step over the bound",
              "1",
              "max over i and l < L of |h_(i,l+1)| / ((1 + 1/L) sqrt(|h_(i,l)|^2 + 1))"),
          Metric.scalar(
              "new_part",
              "new part of a state",
              "1",
              "min over i and l of |r_(i,l)|, r = (I - U U^T) h, U all states of earlier steps"),
          Metric.scalar(
              "new_part_last", "new part of the last states", "1", "min over i of |r_(i,L)|"),
          Metric.scalar(
              "new_part_ratio",
              "new part over its limit",
              "1",
              "new_part_last over its value at infinite width"),
          Metric.scalar(
              "separation",
              "separation over delta",
              "1",
              "min over l and i != j of the distance of r_(i,l) to the line of r_(j,l), over delta"),
          Metric.scalar(
              "separation_last", "separation of the last states", "1", "the same for l = L"),
          Metric.scalar(
              "separation_ratio",
              "separation over its limit",
              "1",
              "separation_last over its value at infinite width"),
          Metric.scalar(
              "separation_limit",
              "separation at infinite width",
              "1",
              "limit of separation, without chance"),
          Metric.scalar("new_part_limit", "new part at infinite width", "1", "limit of new_part"),
          Metric.scalar(
              "near_share",
              "share near 0",
              "1",
              "min over l from 2 of #{k: |g_(1,l,k)| <= near delta / sqrt(m)} / (m near delta)"),
          Metric.scalar(
              "alone_share",
              "share that is near 0 at one place only",
              "1",
              "min over l from 2 of the share that is also far from 0 in other sequences and later"
                  + " on, / (m near delta)"),
          Metric.scalar(
              "second_failure",
              "near 0 in another sequence as well",
              "1",
              "at l = 2: share of the near ones not far from 0 in all other sequences, / far"),
          Metric.scalar(
              "small_back",
              "share of small backward coordinates",
              "1",
              "max over l from 2 (with a loss) of #{k: |V_(l,k)| < 1 / (6 sqrt(d) n L)} / m, V the"
                  + " sum of backward vectors with the losses"));

  /** For the service loader. */
  public SeparationJob() {}

  @Override
  public String id() {
    return "separation";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "whether the states of several sequences under one random W stay new and apart";
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
    return Set.of("length");
  }

  @Override
  public List<String> check(Configuration configuration) {
    long states = (long) configuration.integer("sequences") * configuration.smallInteger("length");
    long width = configuration.integer("width");
    return width < states
        ? List.of(
            "the states span a proper subspace only for a width above sequences times length = "
                + states
                + ", found "
                + width)
        : List.of();
  }

  @Override
  public Cost cost(TrialGroup group) {
    Setting setting = Setting.of(group);
    return new Cost(setting.flops(), setting.memoryBytes());
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    context.checkCancelled();
    Setting setting = Setting.of(group);
    Arena arena = context.arena();
    Blas blas = Blas.of(setting.first().numerics());
    Progress progress = new Progress(context, setting.flops());
    int n = setting.sequences();
    int last = setting.lengths().last();
    double[][][] tokens = setting.tokens();
    Separation limit = Separation.limit(tokens);
    Map<Integer, TrialResult> found = new HashMap<>();
    try (RandomNetwork network =
            RandomNetwork.draw(
                blas,
                arena,
                Representation.CONDITIONED,
                PRECISION,
                setting.shape(),
                RandomNetwork.HE,
                setting.forward(last),
                setting.key());
        Trajectory states =
            new Trajectory(blas, arena, network.recurrent(), network.input(), n, last)) {
      for (int l = 1; l <= last; l++) {
        double[][] x = new double[n][];
        for (int i = 0; i < n; i++) {
          x[i] = tokens[i][l - 1];
        }
        states.step(x);
        progress.worked(setting.forwardFlops() / last);
        if (setting.lengths().contains(l)) {
          Map<String, Double> metrics = new LinkedHashMap<>();
          norms(states, metrics);
          apart(setting, blas, arena, states, limit, metrics);
          indicators(setting, states, metrics);
          if (setting.losses() != null) {
            metrics.put("small_back", smallBack(setting, blas, arena, network, states));
          }
          found.put(l, TrialResult.of(metrics, Map.of()));
          progress.worked(setting.memberFlops(l));
        }
      }
    }
    context.progress(1);
    List<TrialResult> results = new ArrayList<>();
    for (Trial trial : group.trials()) {
      results.add(found.get(trial.configuration().smallInteger("length")));
    }
    return results;
  }

  private static void norms(Trajectory states, Map<String, Double> metrics) {
    double length = states.steps();
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    double excess = 0;
    double stepLeast = Double.POSITIVE_INFINITY;
    double stepMost = 0;
    for (int i = 0; i < states.batch(); i++) {
      double before = 0;
      for (int l = 1; l <= states.steps(); l++) {
        double norm = RowMeasures.norm(states.states(l), i);
        least = Math.min(least, norm);
        most = Math.max(most, norm);
        excess = Math.max(excess, norm / (2 * (l - 1) + 4));
        if (l > 1) {
          stepLeast = Math.min(stepLeast, norm / ((1 - 1 / (4 * length)) * before));
          stepMost = Math.max(stepMost, norm / ((1 + 1 / length) * Math.sqrt(before * before + 1)));
        }
        before = norm;
      }
    }
    metrics.put("norm_least", least);
    metrics.put("norm_most", most);
    metrics.put("norm_excess", excess);
    metrics.put("step_least", stepLeast);
    metrics.put("step_most", stepMost);
  }

  private static void apart(
      Setting setting,
      Blas blas,
      Arena arena,
      Trajectory states,
      Separation limit,
      Map<String, Double> metrics) {
    int length = states.steps();
    Separation separation =
        Separation.of(RowMeasures.gram(blas, arena, states.statesTo(length)), states.batch());
    double newPartLimit = Double.POSITIVE_INFINITY;
    double separationLimit = Double.POSITIVE_INFINITY;
    for (int l = 1; l <= length; l++) {
      newPartLimit = Math.min(newPartLimit, limit.newPart(l));
      separationLimit = Math.min(separationLimit, limit.separation(l));
    }
    metrics.put("new_part", separation.leastNewPart());
    metrics.put("new_part_last", separation.newPart(length));
    metrics.put("new_part_ratio", separation.newPart(length) / limit.newPart(length));
    metrics.put("new_part_limit", newPartLimit);
    if (states.batch() > 1) {
      metrics.put("separation", separation.leastSeparation() / setting.delta());
      metrics.put("separation_last", separation.separation(length) / setting.delta());
      metrics.put("separation_ratio", separation.separation(length) / limit.separation(length));
      metrics.put("separation_limit", separationLimit / setting.delta());
    }
  }

  private static void indicators(Setting setting, Trajectory states, Map<String, Double> metrics) {
    double near = setting.configuration().real("near") * setting.delta();
    double far = setting.configuration().real("far") * setting.delta();
    double scale = near * setting.width();
    double nearShare = Double.POSITIVE_INFINITY;
    double aloneShare = Double.POSITIVE_INFINITY;
    for (int l = 2; l <= states.steps(); l++) {
      IndicatorCounts counts = IndicatorCounts.of(states, l, near, far);
      nearShare = Math.min(nearShare, counts.near() / scale);
      aloneShare = Math.min(aloneShare, counts.last() / scale);
      if (l == 2 && counts.near() > 0 && states.batch() > 1) {
        double failed = (double) (counts.near() - counts.alone()) / counts.near();
        metrics.put("second_failure", failed / setting.configuration().real("far"));
      }
    }
    metrics.put("near_share", nearShare);
    metrics.put("alone_share", aloneShare);
  }

  /** Of the first sequence, whose loss counts as the largest. */
  private static double smallBack(
      Setting setting, Blas blas, Arena arena, RandomNetwork network, Trajectory states) {
    int length = states.steps();
    int outputs = setting.outputs();
    double[][] losses =
        setting
            .losses()
            .draw(StreamKey.of(setting.first().rootSeed()).name("losses"), outputs, length);
    double threshold = 1 / (6 * Math.sqrt(outputs) * setting.sequences() * length);
    double[] most = new double[1];
    try (GaussianOperator fork = network.recurrent().fork(arena, Setting.back(length))) {
      LossVectors.ask(
          blas,
          arena,
          fork,
          network.output(),
          states,
          0,
          losses,
          (l, vector) -> {
            if (isLoss(losses[l - 2])) {
              double share =
                  RowMeasures.countWithin(vector, 0, threshold) / (double) setting.width();
              most[0] = Math.max(most[0], share);
            }
          });
    }
    return most[0];
  }

  private static boolean isLoss(double[] loss) {
    for (double entry : loss) {
      if (entry != 0) {
        return true;
      }
    }
    return false;
  }

  /** What a group agrees on, and its lengths. */
  private record Setting(Trial first, SortedSet<Integer> lengths) {

    static Setting of(TrialGroup group) {
      SortedSet<Integer> lengths = new TreeSet<>();
      for (Trial trial : group.trials()) {
        lengths.add(trial.configuration().smallInteger("length"));
      }
      return new Setting(group.first(), lengths);
    }

    Configuration configuration() {
      return first.configuration();
    }

    long width() {
      return configuration().integer("width");
    }

    int sequences() {
      return configuration().smallInteger("sequences");
    }

    double delta() {
      return configuration().real("delta");
    }

    int outputs() {
      return configuration().smallInteger("outputs");
    }

    RandomNetwork.Shape shape() {
      return new RandomNetwork.Shape(width(), configuration().smallInteger("dimension"), outputs());
    }

    StreamKey key() {
      return first.key();
    }

    /** Fixed sequences for all seeds, as the statements have them. */
    double[][][] tokens() {
      return TokenFamily.ofLabel(configuration().choice("inputs"))
          .draw(
              StreamKey.of(first.rootSeed()).name("input"),
              sequences(),
              shape().inputDimension(),
              delta(),
              lengths.last());
    }

    /** Null where nothing is sent back. */
    LossVectors.Family losses() {
      String label = configuration().choice("losses");
      return label.equals(NONE) ? null : LossVectors.Family.ofLabel(label);
    }

    Products forward(int length) {
      return new Products(Trajectory.products(sequences(), length), 0);
    }

    static Products back(int length) {
      return new Products(0, length - 2);
    }

    long memoryBytes() {
      int last = lengths.last();
      long m = width();
      long held =
          RandomNetwork.memoryBytes(Representation.CONDITIONED, PRECISION, shape(), forward(last))
              + Trajectory.memoryBytes(m, shape().inputDimension(), sequences(), last, PRECISION);
      long back =
          losses() == null
              ? 0
              : ConditionedGaussian.forkBytes(m, m, forward(last), back(last), PRECISION)
                  + LossVectors.size(m, outputs()) * PRECISION.bytes();
      return held + Math.max(back, RowMeasures.gramBytes((long) sequences() * last, m));
    }

    double forwardFlops() {
      int last = lengths.last();
      return Representation.CONDITIONED.costFlops(width(), width(), forward(last))
          + NetworkSetting.FLOPS_OF_A_COORDINATE * width() * last * sequences();
    }

    double memberFlops(int length) {
      double states = (double) length * sequences();
      double back = 0;
      if (losses() != null) {
        Products both = new Products(forward(length).right(), back(length).left());
        back =
            Representation.CONDITIONED.costFlops(width(), width(), both)
                - Representation.CONDITIONED.costFlops(width(), width(), forward(length));
      }
      return back
          + width()
              * (NetworkSetting.FLOPS_OF_A_COORDINATE * states
                  + 2 * states * states
                  + 10 * states * length);
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
