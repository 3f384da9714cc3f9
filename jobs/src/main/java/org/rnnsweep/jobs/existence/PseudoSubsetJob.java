package org.rnnsweep.jobs.existence;

import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
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
import org.rnnsweep.kernels.existence.StateDirections;
import org.rnnsweep.kernels.existence.SubsetChange;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Rerandomization;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * A few neurons' share of the pseudo-network with the weights A*, and what drawing their rows anew
 * makes of it (Panigrahi and Goyal, Claims F.6 to F.8). Double whatever the profile says.
 */
public final class PseudoSubsetJob implements TrialJob {
  private static final List<Parameter> PARAMETERS =
      List.of(
          PseudoSetting.WIDTH,
          PseudoSetting.LENGTH,
          PseudoSetting.EPS_X,
          PseudoSetting.DIMENSION,
          PseudoSetting.OUTPUTS,
          Links.LINK,
          Links.DEGREE,
          Links.WEIGHT,
          Parameter.integer("replaced", "N", 1, 1L << 20, "neurons in the set K"));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "function_change", "change of the set's share", "1", "rms over s of F~^K_s - F^K_s"),
          Metric.scalar("noise", "distance from the signal", "1", "rms over s of F~^K_s - S~^K_s"),
          Metric.scalar(
              "signal_change", "change of the signal", "1", "rms over s of S~^K_s - S^K_s"));

  /** For the service loader. */
  public PseudoSubsetJob() {}

  @Override
  public String id() {
    return "pseudo-subset";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "a few neurons' share of a constructed pseudo-network, before and after a new draw";
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
    long m = configuration.integer("width");
    long count = configuration.integer("replaced");
    return count <= m
        ? List.of()
        : List.of("replaced is at most width = " + m + ", found " + count);
  }

  @Override
  public Cost cost(Trial trial) {
    Setting setting = new Setting(trial);
    return new Cost(
        setting.pseudo().flops(setting.representation(), setting.products()),
        setting.memoryBytes());
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
    double[][][] sequence = pseudo.sequences(1);
    try (RandomNetwork net = pseudo.network(arena, setting.representation(), setting.products());
        Rerandomization anew =
            Rerandomization.draw(
                pseudo.blas(),
                arena,
                setting.representation(),
                net,
                setting.replaced(),
                setting.freshProducts(),
                pseudo.key().name("anew"));
        Side old = Side.of(pseudo, arena, net, net.recurrent(), net.input(), sequence)) {
      progress.worked(1);
      try (Side fresh = Side.of(pseudo, arena, net, anew.recurrent(), anew.input(), sequence)) {
        progress.worked(1);
        LastStepConstruction.Target target = pseudo.target(pseudo.stateNorm());
        SubsetChange change =
            SubsetChange.measure(
                arena,
                net,
                anew.set(),
                old.view(),
                fresh.view(),
                sequence[0],
                LastStepConstruction.ofInputs(
                    old.directions(), pseudo.outputs(), target, sequence[0]),
                target);
        progress.worked(1);
        return Map.of(
            "function_change", change.function(),
            "noise", change.noise(),
            "signal_change", change.signal());
      }
    }
  }

  /** One of the two networks, asked all that is needed of it. */
  private record Side(Trajectory states, BackwardVectors back, StateDirections directions)
      implements AutoCloseable {

    static Side of(
        PseudoSetting pseudo,
        Arena arena,
        RandomNetwork net,
        GaussianOperator recurrent,
        OffHeapMatrix input,
        double[][][] sequence) {
      int length = pseudo.length();
      Trajectory states = pseudo.pass(arena, recurrent, input, sequence);
      BackwardVectors back =
          BackwardVectors.ask(arena, recurrent, net.output(), states, length, length);
      try (Trajectory base = pseudo.pass(arena, recurrent, input, pseudo.base())) {
        StateDirections directions =
            StateDirections.ofInputs(
                pseudo.blas(),
                arena,
                recurrent,
                input,
                base,
                pseudo.outputs(),
                pseudo.key().name("directions"));
        return new Side(states, back, directions);
      }
    }

    SubsetChange.View view() {
      return new SubsetChange.View(states, back, directions);
    }

    @Override
    public void close() {
      directions.close();
      back.close();
      states.close();
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) {
    PseudoSetting pseudo() {
      return new PseudoSetting(trial);
    }

    int replaced() {
      return trial.configuration().smallInteger("replaced");
    }

    /** What is asked of the fresh rows: the new network's passes. */
    Products freshProducts() {
      int length = pseudo().length();
      return new Products(
          2 * Trajectory.products(1, length) + StateDirections.products(length, pseudo().outputs()),
          BackwardVectors.products(1, pseudo().outputs(), length, length));
    }

    /** The same for both networks, and old rows with both networks' directions and states. */
    Products products() {
      Products fresh = freshProducts();
      return new Products(2 * (fresh.right() + pseudo().outputs() + 1), 2 * fresh.left());
    }

    Representation representation() {
      return Representation.choose(pseudo().width(), pseudo().width(), products());
    }

    long memoryBytes() {
      long m = pseudo().width();
      int length = pseudo().length();
      int outputs = pseudo().outputs();
      long side =
          pseudo().passBytes(1)
              + BackwardVectors.memoryBytes(m, 1, outputs, length, length, Precision.DOUBLE)
              + StateDirections.memoryBytes(m, pseudo().dimension(), outputs);
      return pseudo().networkBytes(representation(), products())
          + Rerandomization.memoryBytes(
              representation(), m, pseudo().dimension(), replaced(), freshProducts())
          + 2 * side
          + Math.max(pseudo().passBytes(1), SubsetChange.memoryBytes(m, outputs));
    }
  }
}
