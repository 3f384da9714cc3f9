package org.rnnsweep.jobs.stability;

import java.util.ArrayList;
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
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardChange;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.FirstOrder;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.OperatorSum;
import org.rnnsweep.kernels.stability.ProjectedAscent;
import org.rnnsweep.kernels.stability.ProjectedAscent.Objective;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RankOneAttack;
import org.rnnsweep.kernels.stability.StateChange;
import org.rnnsweep.kernels.stability.TrainingDisplacement;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * What a change W' of spectral norm {@code radius / sqrt(m)} does to a random network: states, sign
 * patterns, backward maps, and how far the change is from linear (Allen-Zhu and Li, Lemma F.1 and
 * Section 6). "For all W'" is tried by several families. Double whatever the profile says, since it
 * measures small differences.
 */
public final class PerturbationJob implements TrialJob {
  private static final String RANDOM = "random";
  private static final String TRAIN = "train";

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          NetworkSetting.LENGTH,
          NetworkSetting.EPS_X,
          NetworkSetting.DIMENSION,
          NetworkSetting.OUTPUTS,
          Parameter.real("radius", "Delta", 1e-6, 1e6, "sqrt(m) times the spectral norm of W'"),
          Parameter.choice(
              "attack",
              "W': Gaussian (scaled by its limit norm); along the gradient; reflecting small"
                  + " preactivations of positive output weight; carrying small ones just over 0;"
                  + " the best of those three for the last state, or for the first-order error,"
                  + " improved by projected gradient ascent; what descent on random labels of"
                  + " T sequences makes, the first of them the one that is measured",
              RANDOM,
              RankOneAttack.GRADIENT.label(),
              RankOneAttack.REFLECT.label(),
              RankOneAttack.SIGN_FLIP.label(),
              Objective.STATES.label(),
              Objective.FIRST_ORDER.label(),
              TRAIN),
          Parameter.integer("steps", "T", 1, 1_000, "steps of projected ascent, or of descent")
              .withDefault(8)
              .withRelevance(
                  "attack", Objective.STATES.label(), Objective.FIRST_ORDER.label(), TRAIN),
          Parameter.choice(
                  "representation",
                  "whether W is formed, or never formed and exact in law; auto takes the cheaper",
                  Representation.AUTO,
                  NetworkSetting.CONDITIONED,
                  NetworkSetting.DENSE)
              .withDefault(Representation.AUTO));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("hidden_change", "change of the states", "1", "max_l |h'_l|"),
          Metric.scalar("sign_changes", "signs that change", "1", "max_l |D'_l|_0"),
          Metric.scalar(
              "back_change", "change of the backward maps", "1", "max_i |Back'_(i->L)|_2"),
          Metric.scalar(
              "linear_part",
              "linear part",
              "1",
              "|sum_i Back_(i+1->L) D_(i+1) W' h_i|, the first-order change of the last output"),
          Metric.scalar(
              "first_order_error",
              "error of the first-order approximation",
              "1",
              "|B h'_L - the linear part|"),
          Metric.scalar(
              "coupling_error",
              "error of replacing states and maps by changed ones",
              "1",
              "the sum over i of (Back + Back')(D + D') V (h + h') minus that of Back D V h, for"
                  + " V = q h_(L-1)^T / |.|, q_k = (D'_L)_kk B_1k, of norm 1 / sqrt(m)"),
          Metric.scalar("formed", "W was formed", "1", "1 if W was formed, 0 if not"));

  /** For the service loader. */
  public PerturbationJob() {}

  @Override
  public String id() {
    return "perturbation";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "what random, gradient and adversarial changes of W do to a random network";
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
    NetworkSetting network = setting.network();
    Products products = setting.products();
    Representation representation = network.representation(products);
    long m = network.width();
    int length = network.length();
    int d = network.outputs();
    int bytes = Precision.DOUBLE.bytes();
    long change;
    if (setting.attack().equals(RANDOM)) {
      change =
          representation.memoryBytes(m, m, setting.changeProducts(), Precision.DOUBLE)
              + (long) d * m * bytes;
    } else if (setting.attack().equals(TRAIN)) {
      change = TrainingDisplacement.memoryBytes(m, network.dimension(), d, length, setting.steps());
    } else if (setting.ascends()) {
      change =
          ProjectedAscent.memoryBytes(
              setting.objective(), m, network.dimension(), d, length, setting.steps());
    } else {
      change =
          2L * m * bytes
              + LowRankSum.memoryBytes(m, m, 1, d, Precision.DOUBLE)
              + RankOneAttack.memoryBytes(m, length, bytes);
    }
    return new Cost(
        setting.flops(),
        network.networkBytes(representation, products)
            + change
            + 2 * Trajectory.memoryBytes(m, network.dimension(), 1, length, Precision.DOUBLE)
            + 2 * BackwardVectors.memoryBytes(m, 1, d, length, length, Precision.DOUBLE)
            + FirstOrder.memoryBytes(m, bytes));
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(new Setting(trial), context), Map.of());
  }

  private static Map<String, Double> measure(Setting setting, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    Progress progress = new Progress(context, 4);
    NetworkSetting network = setting.network();
    Arena arena = context.arena();
    Blas blas = network.blas();
    int length = network.length();
    Representation representation = network.representation(setting.products());
    NormalizedInput input = network.input(NormalizedInput.Law.SPREAD);
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (RandomNetwork net =
            network.network(arena, representation, RandomNetwork.HE, setting.products());
        Trajectory states =
            Trajectory.of(blas, arena, net.recurrent(), net.input(), length, input)) {
      progress.worked(1);
      try (Change change = Change.of(setting, blas, arena, representation, net, states);
          Trajectory changed =
              Trajectory.of(blas, arena, change.sum(), net.input(), length, input)) {
        progress.worked(1);
        StateChange moved = StateChange.between(states, 0, changed, 0);
        metrics.put("hidden_change", moved.states());
        metrics.put("sign_changes", (double) moved.signs());
        try (BackwardVectors back =
                BackwardVectors.ask(arena, net.recurrent(), net.output(), states, length, length);
            BackwardVectors backChanged =
                BackwardVectors.ask(arena, change.sum(), net.output(), changed, length, length)) {
          progress.worked(1);
          metrics.put(
              "back_change", BackwardChange.between(blas, arena, back, 0, backChanged, 0).norm());
          FirstOrder first =
              FirstOrder.measure(
                  arena,
                  net.output(),
                  net.recurrent(),
                  change.sum(),
                  states,
                  changed,
                  back,
                  backChanged);
          metrics.put("linear_part", first.linearPart());
          metrics.put("first_order_error", first.error());
          metrics.put("coupling_error", first.couplingError());
          progress.worked(1);
        }
      }
    }
    metrics.put("formed", representation == Representation.DENSE ? 1.0 : 0.0);
    return metrics;
  }

  /** W + W', and what it was made of. */
  private record Change(GaussianOperator sum, Runnable release) implements AutoCloseable {

    static Change of(
        Setting setting,
        Blas blas,
        Arena arena,
        Representation representation,
        RandomNetwork net,
        Trajectory states) {
      long m = net.width();
      double size = setting.radius() / Math.sqrt(m);
      if (setting.attack().equals(RANDOM)) {
        // The norm of m x m normals of deviation sd is 2 sd sqrt(m) (1 + O(m^(-2/3))).
        GaussianOperator change =
            representation.draw(
                blas,
                arena,
                Precision.DOUBLE,
                m,
                m,
                size / (2 * Math.sqrt(m)),
                setting.changeProducts(),
                setting.network().key().name("change").with("width", m));
        OperatorSum sum = OperatorSum.of(arena, net.recurrent(), change);
        return new Change(sum, change::close);
      }
      if (setting.attack().equals(TRAIN)) {
        TrainingDisplacement trained = setting.train(blas, arena, net, size);
        return new Change(trained.sum(), trained::close);
      }
      if (setting.ascends()) {
        ProjectedAscent ascent =
            ProjectedAscent.climb(
                blas,
                arena,
                net,
                setting.network().input(NormalizedInput.Law.SPREAD),
                states,
                setting.objective(),
                size,
                setting.steps());
        return new Change(ascent.sum(), ascent::close);
      }
      OffHeapMatrix p = arena.matrix(1, m, Precision.DOUBLE);
      OffHeapMatrix q = arena.matrix(1, m, Precision.DOUBLE);
      RankOneAttack.ofLabel(setting.attack()).choose(arena, states, net.output(), size, p, q);
      LowRankSum sum = LowRankSum.of(blas, arena, net.recurrent(), p, q);
      arena.release(q);
      arena.release(p);
      return new Change(sum, sum::close);
    }

    @Override
    public void close() {
      release.run();
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) {
    NetworkSetting network() {
      return new NetworkSetting(trial, Precision.DOUBLE);
    }

    String attack() {
      return trial.configuration().choice("attack");
    }

    boolean ascends() {
      return attack().equals(Objective.STATES.label())
          || attack().equals(Objective.FIRST_ORDER.label());
    }

    Objective objective() {
      return Objective.ofLabel(attack());
    }

    int steps() {
      return trial.configuration().smallInteger("steps");
    }

    /**
     * Labels are unit vectors; the first sequence is that of all seeds, the others are a seed's.
     */
    TrainingDisplacement train(Blas blas, Arena arena, RandomNetwork net, double size) {
      List<NormalizedInput> sequences = new ArrayList<>();
      sequences.add(network().input(NormalizedInput.Law.SPREAD));
      for (int t = 1; t < steps(); t++) {
        sequences.add(
            NormalizedInput.of(
                NormalizedInput.Law.SPREAD,
                network().key().name("training").block(t),
                network().dimension(),
                network().epsX()));
      }
      double[][] labels =
          LossVectors.Family.RANDOM.draw(
              network().key().name("labels"), network().outputs(), steps() + 1);
      return TrainingDisplacement.train(
          blas, arena, net, sequences, labels, network().length(), size);
    }

    double radius() {
      return trial.configuration().real("radius");
    }

    /** What is asked of W + W'. */
    Products changeProducts() {
      int length = network().length();
      return new Products(
          2 * Trajectory.products(1, length),
          BackwardVectors.products(1, network().outputs(), length, length));
    }

    /**
     * What is asked of W: the same, its own passes, W h once more for every state, and what an
     * ascent or a training asks.
     */
    Products products() {
      Products change = changeProducts();
      Products found = new Products(0, 0);
      if (ascends()) {
        found =
            ProjectedAscent.products(objective(), network().outputs(), network().length(), steps());
      } else if (attack().equals(TRAIN)) {
        found = TrainingDisplacement.products(network().length(), steps());
      }
      return new Products(
          change.right() + 2 * Trajectory.products(1, network().length()) + found.right(),
          2 * change.left() + found.left());
    }

    double flops() {
      Products products = products();
      Representation representation = network().representation(products);
      double flops =
          network().operatorFlops(representation, products)
              + NetworkSetting.FLOPS_OF_A_COORDINATE * network().width() * products.total();
      return attack().equals(RANDOM)
          ? flops + network().operatorFlops(representation, changeProducts())
          : flops;
    }
  }
}
