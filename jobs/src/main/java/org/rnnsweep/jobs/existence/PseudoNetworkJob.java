package org.rnnsweep.jobs.existence;

import java.util.LinkedHashMap;
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
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * The weights A* of the last step, what their pseudo-network computes and how large they are
 * (Panigrahi and Goyal, Lemma 4.2, Theorem D.2 = F.1, Lemma F.17). Double whatever the profile
 * says.
 */
public final class PseudoNetworkJob implements TrialJob {
  private static final String INPUTS = "inputs";
  private static final String BASE_STATE = "base-state";
  private static final String FLAT = "flat";
  private static final String STATE = "state";
  private static final String PRINTED = "printed";

  private static final List<Parameter> PARAMETERS =
      List.of(
          PseudoSetting.WIDTH,
          PseudoSetting.LENGTH,
          PseudoSetting.EPS_X,
          PseudoSetting.DIMENSION,
          PseudoSetting.OUTPUTS,
          PseudoSetting.FUNCTIONS,
          Links.LINK,
          Links.DEGREE,
          Links.WEIGHT,
          Parameter.choice(
                  "target",
                  "functions of the inputs; or one function of the state's product with that of"
                      + " the base sequence, or with the vector of equal coordinates",
                  INPUTS,
                  BASE_STATE,
                  FLAT)
              .withDefault(INPUTS),
          Parameter.choice(
                  "radius",
                  "the norm that H is made for: that of h^(L-1), or sqrt(2 + (L-2) eps_x^2) as"
                      + " printed",
                  STATE,
                  PRINTED)
              .withDefault(STATE),
          Parameter.integer("sequences", "n", 1, 1_000, "sequences that errors are a mean of")
              .withDefault(4));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("target_size", "rms of the target", "1", "rms of F* over sequences, s"),
          Metric.scalar("error", "rms error", "1", "rms of F_s - F*_s over sequences and s"),
          Metric.scalar("relative_error", "relative error", "1", "error over target_size"),
          Metric.scalar(
              "last_error",
              "error of the last step",
              "1",
              "rms of b_s^T D_L a* - sum_r Phi(k_0 <u, h^(L-1)> / |u|)"),
          Metric.scalar(
              "first_term", "the first step's part", "1", "rms of e_s^T Back_(1->L) D_1 a*"),
          Metric.scalar(
              "readout_error",
              "error of the readout",
              "1",
              "rms of sum_r Phi(<u, h^(L-1)> / eps_x) - F*_s; of functions of the inputs"),
          Metric.scalar("norm", "norm of A*", "1", "|A*|_F"),
          Metric.scalar(
              "norm_ratio",
              "norm of A* over its expectation",
              "1",
              "|A*|_F over d sqrt(p E H^2 / m)"));

  /** For the service loader. */
  public PseudoNetworkJob() {}

  @Override
  public String id() {
    return "pseudo-network";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "weights of the last step whose linearised network computes a target";
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
    boolean several =
        configuration.integer("outputs") > 1 || configuration.integer("functions") > 1;
    return several && !configuration.choice("target").equals(INPUTS)
        ? List.of("a target that is one function of the state has outputs = functions = 1")
        : List.of();
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
    int length = pseudo.length();
    double[][][] sequences = pseudo.sequences(setting.sequences());
    try (RandomNetwork net = pseudo.network(arena, setting.representation(), setting.products());
        Trajectory base = pseudo.pass(arena, net.recurrent(), net.input(), pseudo.base());
        Trajectory states = pseudo.pass(arena, net.recurrent(), net.input(), sequences)) {
      progress.worked(1);
      try (StateDirections directions = setting.directions(arena, net, base);
          LastStepConstruction weights =
              LastStepConstruction.of(
                  arena, net.recurrent(), net.input(), net.output(), directions, setting.target());
          BackwardVectors back =
              BackwardVectors.ask(arena, net.recurrent(), net.output(), states, length, length)) {
        progress.worked(1);
        Map<String, Double> metrics =
            metrics(setting, net, states, back, directions, weights, sequences);
        progress.worked(1);
        return metrics;
      }
    }
  }

  private static Map<String, Double> metrics(
      Setting setting,
      RandomNetwork net,
      Trajectory states,
      BackwardVectors back,
      StateDirections directions,
      LastStepConstruction weights,
      double[][][] sequences) {
    int outputs = setting.pseudo().outputs();
    double[] squares = new double[5];
    for (int n = 0; n < sequences.length; n++) {
      double[] ofState =
          LastStepConstruction.ofState(
              directions,
              outputs,
              setting.target(),
              states.state(setting.pseudo().length() - 1, n));
      double[] goal =
          setting.ofInputs()
              ? LastStepConstruction.ofInputs(directions, outputs, setting.target(), sequences[n])
              : ofState;
      double[] last = weights.last(net.output(), states, n);
      double[] first = weights.first(back, states, n);
      for (int s = 0; s < outputs; s++) {
        double[] values = {
          goal[s],
          last[s] + first[s] - goal[s],
          last[s] - ofState[s],
          first[s],
          ofState[s] - goal[s]
        };
        for (int q = 0; q < values.length; q++) {
          squares[q] += values[q] * values[q] / (sequences.length * outputs);
        }
      }
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("target_size", Math.sqrt(squares[0]));
    metrics.put("error", Math.sqrt(squares[1]));
    metrics.put("relative_error", Math.sqrt(squares[1] / squares[0]));
    metrics.put("last_error", Math.sqrt(squares[2]));
    metrics.put("first_term", Math.sqrt(squares[3]));
    if (setting.ofInputs()) {
      metrics.put("readout_error", Math.sqrt(squares[4]));
    }
    metrics.put("norm", weights.norm());
    metrics.put(
        "norm_ratio",
        weights.norm()
            / Math.sqrt(
                outputs * directions.count() * weights.secondMoment() / setting.pseudo().width()));
    return metrics;
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) {
    PseudoSetting pseudo() {
      return new PseudoSetting(trial);
    }

    boolean ofInputs() {
      return trial.configuration().choice("target").equals(INPUTS);
    }

    int sequences() {
      return trial.configuration().smallInteger("sequences");
    }

    LastStepConstruction.Target target() {
      double norm = pseudo().stateNorm();
      boolean printed = trial.configuration().choice("radius").equals(PRINTED);
      double radius = printed ? Math.sqrt(1 + norm * norm) : norm;
      return pseudo().target(radius, ofInputs() ? pseudo().epsX() : 0);
    }

    StateDirections directions(Arena arena, RandomNetwork net, Trajectory base) {
      return switch (trial.configuration().choice("target")) {
        case INPUTS ->
            StateDirections.ofInputs(
                pseudo().blas(),
                arena,
                net.recurrent(),
                net.input(),
                base,
                pseudo().directions(),
                pseudo().key().name("directions"));
        case BASE_STATE -> StateDirections.of(arena, base.state(pseudo().length() - 1, 0));
        default -> StateDirections.flat(arena, pseudo().width());
      };
    }

    Products products() {
      int length = pseudo().length();
      int directions = pseudo().directions();
      return new Products(
          Trajectory.products(sequences() + 1, length)
              + (ofInputs() ? StateDirections.products(length, directions) : 0)
              + directions,
          BackwardVectors.products(sequences(), pseudo().outputs(), length, length));
    }

    Representation representation() {
      return Representation.choose(pseudo().width(), pseudo().width(), products());
    }

    long memoryBytes() {
      long m = pseudo().width();
      int length = pseudo().length();
      return pseudo().networkBytes(representation(), products())
          + pseudo().passBytes(1)
          + pseudo().passBytes(sequences())
          + StateDirections.memoryBytes(m, pseudo().dimension(), pseudo().directions())
          + LastStepConstruction.memoryBytes(m, pseudo().directions())
          + BackwardVectors.memoryBytes(
              m, sequences(), pseudo().outputs(), length, length, Precision.DOUBLE);
    }
  }
}
