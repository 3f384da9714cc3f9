package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.rnnsweep.driver.analyse.Judge;
import org.rnnsweep.driver.analyse.Relation;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.config.Claim;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.Figure;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

/** A job that never runs, an experiment with it, and records of trials that never happened. */
public final class MadeUp {
  public static final Provenance PROVENANCE =
      new Provenance(
          "made-up",
          "5f3a",
          "0123abc",
          "node-1",
          "a CPU",
          "OpenBLAS 0.3",
          "f00d",
          "Java 17",
          "4.2.0",
          "3",
          "a1",
          1_000L,
          2.5,
          3L << 20);

  private MadeUp() {}

  /** Takes what an inversion takes; its labels and messages try to break out of the page. */
  record FakeJob(List<Metric> metrics) implements Job {
    FakeJob() {
      this(
          List.of(
              Metric.scalar("rel_l2", "mean relative L2 error", "1", "of 1,000 sequences"),
              Metric.scalar("linf", "mean L-infinity error", "1", "of 1,000 sequences"),
              Metric.series("per_position", "error by position", "1", "index is the position")));
    }

    @Override
    public String id() {
      return "fake";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public String summary() {
      return "a job for tests";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.integer("input_dim", "d", 1, 1000, "dimension of an input"),
          Parameter.integer("sequence_length", "L", 1, 1000, "inputs in a sequence"),
          Parameter.integer("width", "m", 1, 1 << 22, "hidden units"),
          Parameter.real("input_scale", "eps_x", 0, 1, "norm of an input"),
          Parameter.real("share", "share", 0, 1, "share of inputs").withDefault(1.0),
          Parameter.choice("estimator", "how the input is recovered", "sgd", "least-squares"));
    }

    @Override
    public Cost cost(TrialGroup group) {
      return new Cost(1, 1);
    }

    @Override
    public List<TrialResult> run(TrialGroup group, JobContext context) {
      throw new UnsupportedOperationException("nothing is run here");
    }
  }

  public static final List<Figure> FIGURES =
      List.of(
          new Figure(
              "error-against-width",
              "Inverting the last hidden state",
              "width",
              List.of("rel_l2", "linf"),
              "sequence_length",
              "input_dim",
              true,
              true));

  public static Experiment experiment(
      List<String> axes, List<Configuration> configurations, int seeds, List<Figure> figures) {
    return new Experiment(
        "made-up",
        "Made-up numbers.",
        new FakeJob(),
        new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE),
        new SeedPlan(7, seeds, List.of(seeds)),
        axes,
        configurations,
        CLAIMS,
        figures,
        "5f3a",
        new ExperimentSource("", List.of()));
  }

  public static final List<Claim> CLAIMS =
      List.of(
          claim("falls", "The error falls with the width.", "rel_l2", "width", "exponent <= -1/12"),
          claim("flat", "It does not depend on <script>.", "rel_l2", "width", "exponent = 0"),
          claim("grows", "It grows like L.", "linf", "sequence_length", "exponent <= 1.4"));

  private static Claim claim(
      String id, String statement, String metric, String axis, String relation) {
    return new Claim(
        id,
        "",
        "printed",
        statement,
        "A & B, Theorem 1",
        metric,
        axis,
        "1",
        Relation.parse(relation),
        0,
        0.05,
        "",
        List.of(),
        Relation.parse("exponent = -1/2"),
        "Lemma <2>");
  }

  public static Experiment grid(int seeds) {
    List<Configuration> all = new ArrayList<>();
    for (long d : new long[] {2, 4}) {
      for (long length : new long[] {2, 4, 6}) {
        for (long m : new long[] {125, 250, 500, 1000, 2000}) {
          all.add(Configuration.of(Map.of("input_dim", d, "sequence_length", length, "width", m)));
        }
      }
    }
    return experiment(List.of("input_dim", "sequence_length", "width"), all, seeds, FIGURES);
  }

  /** rel_l2 = 0.02 L^1.5 d^0.5 (m/1000)^-0.5 with 10% noise, seed by seed. */
  public static List<TrialRecord> records(Experiment experiment) {
    SplittableRandom random = new SplittableRandom(1);
    List<TrialRecord> records = new ArrayList<>();
    for (Configuration c : experiment.configurations()) {
      for (int seed = 0; seed < experiment.seeds().count(); seed++) {
        double noise = Math.exp(0.1 * (random.nextDouble() + random.nextDouble() - 1) * 2.4);
        double value =
            0.02
                * Math.pow(c.real("sequence_length"), 1.5)
                * Math.sqrt(c.real("input_dim"))
                * Math.pow(c.real("width") / 1000, -0.5)
                * noise;
        records.add(completed(experiment, c, seed, Map.of("rel_l2", value, "linf", 1.7 * value)));
      }
    }
    return records;
  }

  public static TrialRecord completed(
      Experiment experiment, Configuration configuration, int seed, Map<String, Double> metrics) {
    return record(experiment, configuration, seed, Outcome.COMPLETED, "", metrics);
  }

  public static TrialRecord record(
      Experiment experiment,
      Configuration configuration,
      int seed,
      Outcome outcome,
      String message,
      Map<String, Double> metrics) {
    Trial trial =
        new Trial("fake", 1, experiment.numerics(), experiment.seeds().root(), seed, configuration);
    return new TrialRecord(trial.id(), trial, outcome, message, metrics, Map.of(), PROVENANCE);
  }

  public static Scoreboard scoreboard(Experiment experiment, List<TrialRecord> records) {
    return new Judge(experiment).judge(records);
  }

  public static Summary summary(Experiment experiment, List<TrialRecord> records) {
    Summary.Builder builder = Summary.of(experiment);
    records.forEach(builder);
    return builder.build();
  }
}
