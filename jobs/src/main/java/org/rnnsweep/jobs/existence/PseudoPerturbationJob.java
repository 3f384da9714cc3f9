package org.rnnsweep.jobs.existence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.existence.LastStepConstruction;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.stability.BackwardChange;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RankOneAttack;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.StateChange;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * What a rank-one change of norm {@code radius / sqrt(m)} of W, of A, or of each of both, does to
 * the pseudo-network with the weights A*, to the network and its linearisation (Panigrahi and
 * Goyal, Lemmas G.2, G.3 and G.4). Double whatever the profile says.
 */
public final class PseudoPerturbationJob implements TrialJob {
  private static final String STATE = "state";
  private static final String TOKEN = "token";
  private static final String BOTH = "both";
  private static final String AIMED = "aimed";

  private static final List<Parameter> PARAMETERS =
      List.of(
          PseudoSetting.WIDTH,
          PseudoSetting.LENGTH,
          PseudoSetting.EPS_X,
          PseudoSetting.DIMENSION,
          Links.LINK,
          Links.DEGREE,
          Links.WEIGHT,
          Parameter.real("radius", "Delta", 1e-6, 1e6, "sqrt(m) times the change's norm"),
          Parameter.choice(
              "attack",
              "along the gradient of the output; reflecting small preactivations of the last step of"
                  + " positive output weight; carrying small ones just over 0; reflecting those"
                  + " where that adds to b_k a*_k of the active neurons",
              RankOneAttack.GRADIENT.label(),
              RankOneAttack.REFLECT.label(),
              RankOneAttack.SIGN_FLIP.label(),
              AIMED),
          Parameter.choice(
              "carrier",
              "what is changed: W, along h^(L-1); or A, along the last token, which is the first"
                  + " one too; or W and A, their effects on the last step added up",
              STATE,
              TOKEN,
              BOTH));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("hidden_change", "change of the states", "1", "max_l |h'_l|"),
          Metric.scalar("sign_changes", "signs that change", "1", "max_l |D'_l|_0"),
          Metric.scalar(
              "back_change", "change of the backward maps", "1", "max_i |Back'_(i->L)|_2"),
          Metric.scalar("pseudo_size", "pseudo-network's output", "1", "|F| with A*, unchanged"),
          Metric.scalar(
              "pseudo_change",
              "change of the pseudo-network",
              "1",
              "|F' - F| with A*, F' with Back, D and h of the changed network"),
          Metric.scalar(
              "relative_change",
              "change over the pseudo-network's scale",
              "1",
              "|F' - F| over sqrt(m) |A*|_F"),
          Metric.scalar(
              "first_order_error",
              "error of the first-order approximation",
              "1",
              "|B h'_L - sum_i Back_(i->L) D_i (W' h_(i-1) + A' x_i)|"));

  /** For the service loader. */
  public PseudoPerturbationJob() {}

  @Override
  public String id() {
    return "pseudo-perturbation";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "what changes of W or A do to a constructed pseudo-network";
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
    Setting setting = new Setting(trial);
    return new Cost(setting.flops(), setting.memoryBytes());
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Progress progress = new Progress(context, 3);
    return TrialResult.of(measure(new Setting(trial), context.arena(), progress), Map.of());
  }

  private static Map<String, Double> measure(Setting setting, Arena arena, Progress progress)
      throws InterruptedException {
    progress.worked(0);
    PseudoSetting pseudo = setting.pseudo();
    int length = pseudo.length();
    double[][][] sequence = pseudo.sequences(1);
    try (RandomNetwork net = pseudo.network(arena, setting.representation(), setting.products());
        Trajectory states = pseudo.pass(arena, net.recurrent(), net.input(), sequence);
        LastStepConstruction weights = pseudo.weights(arena, net);
        Change change = Change.of(setting, arena, net, states, weights)) {
      progress.worked(1);
      try (Trajectory changed = pseudo.pass(arena, change.recurrent(), change.input(), sequence);
          BackwardVectors back =
              BackwardVectors.ask(arena, net.recurrent(), net.output(), states, length, length);
          BackwardVectors backChanged =
              BackwardVectors.ask(
                  arena, change.recurrent(), net.output(), changed, length, length)) {
        progress.worked(1);
        double before =
            weights.last(net.output(), states, 0)[0] + weights.first(back, states, 0)[0];
        double after =
            weights.last(net.output(), changed, 0)[0] + weights.first(backChanged, changed, 0)[0];
        Map<String, Double> metrics = new LinkedHashMap<>();
        StateChange moved = StateChange.between(states, 0, changed, 0);
        metrics.put("hidden_change", moved.states());
        metrics.put("sign_changes", (double) moved.signs());
        metrics.put(
            "back_change",
            BackwardChange.between(pseudo.blas(), arena, back, 0, backChanged, 0).norm());
        metrics.put("pseudo_size", Math.abs(before));
        metrics.put("pseudo_change", Math.abs(after - before));
        metrics.put(
            "relative_change",
            Math.abs(after - before) / (Math.sqrt(net.width()) * weights.norm()));
        double total =
            RowMeasures.dot(net.output(), 0, changed.states(length), 0)
                - RowMeasures.dot(net.output(), 0, states.states(length), 0);
        metrics.put("first_order_error", Math.abs(total - change.linear(states, back)));
        progress.worked(1);
        return metrics;
      }
    }
  }

  /**
   * The changed network, and what it was made of: p q^T added to W, or a e_d^T to A, or both; what
   * is not changed is null.
   */
  private record Change(
      Arena arena,
      RandomNetwork net,
      LowRankSum sum,
      OffHeapMatrix shifted,
      OffHeapMatrix p,
      OffHeapMatrix q,
      OffHeapMatrix a)
      implements AutoCloseable {

    static Change of(
        Setting setting,
        Arena arena,
        RandomNetwork net,
        Trajectory states,
        LastStepConstruction weights) {
      long m = net.width();
      OffHeapMatrix p = arena.matrix(1, m, Precision.DOUBLE);
      OffHeapMatrix q = arena.matrix(1, m, Precision.DOUBLE);
      OffHeapMatrix aim = arena.matrix(1, m, Precision.DOUBLE);
      aim.copyFrom(net.output());
      if (setting.attack().equals(AIMED)) {
        OffHeapMatrix g = states.preactivation(states.steps(), 0);
        for (int k = 0; k < m; k++) { // positive where a reflection adds to b^T D a*
          aim.set(0, k, -g.get(0, k) * aim.get(0, k) * weights.coefficients().get(0, k));
        }
      }
      double size = setting.radius() / Math.sqrt(m);
      setting.rankOne().choose(arena, states, aim, size, p, q);
      OffHeapMatrix a = null;
      if (setting.carrier().equals(TOKEN)) {
        // The last token has norm 1 where q has 1 / <q, h_(L-1)> at most: the same, of norm |p|.
        setting.rankOne().choose(arena, states, aim, size * RowMeasures.norm(q, 0), p, q);
        a = p;
      } else if (setting.carrier().equals(BOTH)) {
        a = arena.matrix(1, m, Precision.DOUBLE);
        share(setting, arena, states, aim, size, p, q, a);
      }
      arena.release(aim);
      LowRankSum sum =
          a == p ? null : LowRankSum.of(setting.pseudo().blas(), arena, net.recurrent(), p, q);
      return new Change(arena, net, sum, a == null ? null : shifted(arena, net, a), p, q, a);
    }

    /**
     * Both matrices at their largest norm, with one sum of their effects: a change of W of norm s
     * moves the last preactivations by s c, c the length of h_(L-1) along q, and one of A by s.
     */
    private static void share(
        Setting setting,
        Arena arena,
        Trajectory states,
        OffHeapMatrix aim,
        double size,
        OffHeapMatrix p,
        OffHeapMatrix q,
        OffHeapMatrix a) {
      OffHeapMatrix state = states.state(states.steps() - 1, 0);
      double c = RowMeasures.dot(q, 0, state, 0) / RowMeasures.norm(q, 0);
      setting.rankOne().choose(arena, states, aim, size * (1 + 1 / c), p, q);
      a.copyFrom(p);
      RowMeasures.scale(a, 0, RowMeasures.dot(q, 0, state, 0) / (c + 1));
      RowMeasures.scale(p, 0, c / (c + 1));
    }

    /** A with {@code a} added to its last column. */
    private static OffHeapMatrix shifted(Arena arena, RandomNetwork net, OffHeapMatrix a) {
      OffHeapMatrix shifted = arena.matrix(net.width(), net.input().columns(), Precision.DOUBLE);
      shifted.copyFrom(net.input());
      long last = shifted.columns() - 1;
      for (int k = 0; k < net.width(); k++) {
        shifted.set(k, last, shifted.get(k, last) + a.get(0, k));
      }
      return shifted;
    }

    GaussianOperator recurrent() {
      return sum == null ? net.recurrent() : sum;
    }

    OffHeapMatrix input() {
      return shifted == null ? net.input() : shifted;
    }

    /** The first-order change of the output. */
    double linear(Trajectory states, BackwardVectors back) {
      int length = states.steps();
      OffHeapMatrix masked = arena.matrix(1, net.width(), Precision.DOUBLE);
      double linear = 0;
      for (int i = 1; i <= length; i++) {
        if (sum != null && i > 1) {
          double along = RowMeasures.dot(q, 0, states.state(i - 1, 0), 0);
          linear += along * through(states, back, i, p, masked);
        }
        if (a != null && (i == 1 || i == length)) {
          linear += through(states, back, i, a, masked);
        }
      }
      arena.release(masked);
      return linear;
    }

    /** {@code Back_(i->L) D_i v}. */
    private static double through(
        Trajectory states, BackwardVectors back, int i, OffHeapMatrix v, OffHeapMatrix masked) {
      masked.copyFrom(v);
      SignPattern.apply(states.state(i, 0), masked);
      return RowMeasures.dot(back.block(i, states.steps(), 0), 0, masked, 0);
    }

    @Override
    public void close() {
      if (sum != null) {
        sum.close();
      }
      if (shifted != null) {
        arena.release(shifted);
      }
      if (a != null && a != p) {
        arena.release(a);
      }
      arena.release(q);
      arena.release(p);
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) {
    PseudoSetting pseudo() {
      return new PseudoSetting(trial);
    }

    String attack() {
      return trial.configuration().choice("attack");
    }

    RankOneAttack rankOne() {
      return attack().equals(AIMED) ? RankOneAttack.REFLECT : RankOneAttack.ofLabel(attack());
    }

    String carrier() {
      return trial.configuration().choice("carrier");
    }

    double radius() {
      return trial.configuration().real("radius");
    }

    Products products() {
      int length = pseudo().length();
      return new Products(
          2 * Trajectory.products(1, length) + pseudo().weightProducts(),
          2 * BackwardVectors.products(1, 1, length, length));
    }

    Representation representation() {
      return Representation.choose(pseudo().width(), pseudo().width(), products());
    }

    double flops() {
      return pseudo().flops(representation(), products());
    }

    long memoryBytes() {
      long m = pseudo().width();
      int length = pseudo().length();
      int bytes = Precision.DOUBLE.bytes();
      long change =
          3 * m * bytes
              + Math.max(
                  RankOneAttack.memoryBytes(m, length, bytes),
                  (carrier().equals(STATE) ? 0 : m * (pseudo().dimension() + 1) * bytes)
                      + (carrier().equals(TOKEN)
                          ? 0
                          : LowRankSum.memoryBytes(m, m, 1, 1, Precision.DOUBLE)));
      long answers =
          pseudo().passBytes(1)
              + 2 * BackwardVectors.memoryBytes(m, 1, 1, length, length, Precision.DOUBLE);
      return pseudo().networkBytes(representation(), products())
          + pseudo().passBytes(1)
          + Math.max(
              pseudo().weightBytes(), change + answers + BackwardChange.memoryBytes(m, 1, bytes));
    }
  }
}
