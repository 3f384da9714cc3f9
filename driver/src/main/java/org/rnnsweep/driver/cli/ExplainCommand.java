package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.NearestTrial;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.plan.Rerun;
import org.rnnsweep.driver.store.Disagreement;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep explain}: why a trial would be reused, or which of its inputs is new. */
@Command(
    name = "explain",
    description = {
      "Says whether a trial would be reused and, if not, which input differs from the nearest",
      "stored one. Reads only; runs nothing."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  rnnsweep explain stores/inversion-quick 3f9a",
      "  rnnsweep explain stores/inversion-quick width=4000 length=4",
      "  rnnsweep explain stores/inversion-quick seeds=10 --experiment conf/inversion-quick.conf"
    })
final class ExplainCommand implements Callable<Integer> {
  /** Each missing trial is held against every stored one; so many are enough to see why. */
  private static final int EXPLAINED = 500;

  private static final int REASONS = 20;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "STORE", description = "Folder or URI of a store.")
  private String store;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "TRIAL|axis=v1,v2",
      description = "A trial's id or its beginning; or values, as `run` takes them; or nothing.")
  private List<String> asked = new ArrayList<>();

  @Option(
      names = "--experiment",
      paramLabel = "NAME|FILE",
      description =
          "Which experiment the values belong to: one the store has run, or a file;"
              + " default: the latest run.")
  private String name;

  @Override
  public Integer call() throws IOException {
    FolderTrialStore opened = StoreInput.of(store).open();
    PrintWriter out = spec.commandLine().getOut();
    if (asked.size() == 1 && !asked.get(0).contains("=")) {
      explainId(out, opened, asked.get(0));
    } else {
      explainPlan(out, opened, experiment(opened));
    }
    out.flush();
    return ExitCode.FINISHED;
  }

  private static void explainId(PrintWriter out, FolderTrialStore store, String id)
      throws IOException {
    if (TrialInput.isId(id) && store.records(id.toLowerCase(Locale.ROOT)).isEmpty()) {
      Trial wanted = planned(store, id.toLowerCase(Locale.ROOT));
      out.println("trial " + wanted.id() + " (" + inputs(wanted) + ")");
      out.println("  is not stored, and a run would compute it");
      NearestTrial.of(wanted, trials(store))
          .ifPresent(
              nearest -> {
                out.println("  nearest stored trial: " + nearest.trial().id());
                nearest.differences().forEach(line -> out.println("    " + line));
              });
      return;
    }
    List<TrialRecord> records = TrialInput.records(store, id);
    TrialRecord shown =
        records.stream().filter(r -> r.outcome().settled()).findFirst().orElse(records.get(0));
    out.println("trial " + shown.trialId() + " (" + inputs(shown.trial()) + ")");
    for (TrialRecord record : records) {
      out.printf(
          "  stored: %s, started %s on %s, commit %s%n",
          record.outcome(),
          Instant.ofEpochMilli(record.provenance().startedEpochMillis()),
          record.provenance().host(),
          record.provenance().commit());
    }
    out.println("  " + use(shown, records));
  }

  /** The one sentence that answers the question for a trial that is stored. */
  private static String use(TrialRecord shown, List<TrialRecord> records) {
    if (!shown.outcome().settled()) {
      return "would run again: " + shown.outcome() + " is not a settled outcome";
    }
    Optional<Disagreement> disagreement =
        records.stream()
            .filter(r -> r.outcome().settled())
            .flatMap(r -> Disagreement.between(shown, r).stream())
            .findFirst();
    if (disagreement.isPresent()) {
      return "is withheld from every result: " + disagreement.get().text();
    }
    Job job = JobCatalog.load().find(shown.trial().job());
    if (job != null && job.version() != shown.trial().jobVersion()) {
      return String.format(
          Locale.ROOT,
          "would not be reused: job %s is at version %d here, and this was computed by version %d",
          job.id(),
          job.version(),
          shown.trial().jobVersion());
    }
    String problem = Rerun.problem(shown.trial(), JobCatalog.load());
    return problem.isEmpty()
        ? "would be reused by every experiment that asks for these inputs"
        : "nothing here would ask for it: " + problem;
  }

  /** A trial that an experiment of the store asks for, though it is not there. */
  private static Trial planned(FolderTrialStore store, String id) throws IOException {
    for (Experiment experiment : StoredExperiments.of(store)) {
      for (Trial trial : missing(Planner.plan(experiment, store.settledIds()))) {
        if (trial.id().startsWith(id)) {
          return trial;
        }
      }
    }
    throw new WrongInputException(
        "no trial of "
            + store.location()
            + " begins with "
            + id
            + ", and none that its experiments ask for; an id is a hash of the inputs and says"
            + " nothing of them: ask by axis=value");
  }

  private static void explainPlan(PrintWriter out, FolderTrialStore store, Experiment experiment)
      throws IOException {
    Map<String, Outcome> unsettled = new HashMap<>();
    Set<String> settled = new HashSet<>();
    List<Trial> stored = new ArrayList<>();
    List<String> problems =
        store.scan(
            record -> {
              if (record.outcome().settled()) {
                settled.add(record.trialId());
                stored.add(record.trial());
              } else {
                unsettled.put(record.trialId(), record.outcome());
              }
            });
    Plan plan = Planner.plan(experiment, settled);
    out.printf(
        Locale.ROOT,
        "%s: %,d trials, %,d would be reused, %,d would run%n",
        experiment.name(),
        plan.totalTrials(),
        plan.storedTrials(),
        plan.trials());
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, Trial> examples = new HashMap<>();
    List<Trial> missing = missing(plan);
    for (Trial trial : missing.subList(0, Math.min(EXPLAINED, missing.size()))) {
      String reason = reason(trial, unsettled, stored);
      counts.merge(reason, 1, Integer::sum);
      examples.putIfAbsent(reason, trial);
    }
    if (missing.size() > EXPLAINED) {
      out.printf(Locale.ROOT, "of the first %,d of them:%n", EXPLAINED);
    }
    counts.entrySet().stream()
        .limit(REASONS)
        .forEach(
            entry ->
                out.printf(
                    Locale.ROOT,
                    "  %,d because %s%n      for example %s (%s)%n",
                    entry.getValue(),
                    entry.getKey(),
                    examples.get(entry.getKey()).id(),
                    inputs(examples.get(entry.getKey()))));
    if (counts.size() > REASONS) {
      out.printf(Locale.ROOT, "  and %,d further reasons%n", counts.size() - REASONS);
    }
    problems.forEach(problem -> out.println("  problem: " + problem));
  }

  private static String reason(Trial trial, Map<String, Outcome> unsettled, List<Trial> stored) {
    Outcome outcome = unsettled.get(trial.id());
    if (outcome != null) {
      return outcome + ", as which it is stored, is not a settled outcome";
    }
    return NearestTrial.of(trial, stored)
        .map(nearest -> String.join("; ", nearest.differences()))
        // A disagreeing trial is in the store, but in no scan of it.
        .orElse("no trial of job " + trial.job() + " is stored");
  }

  private static List<Trial> missing(Plan plan) {
    List<Trial> trials = new ArrayList<>();
    for (Bundle bundle : plan.bundles()) {
      for (TrialGroup group : bundle.groups()) {
        trials.addAll(group.trials());
      }
    }
    return trials;
  }

  private static List<Trial> trials(FolderTrialStore store) throws IOException {
    List<Trial> trials = new ArrayList<>();
    store.scan(
        record -> {
          if (record.outcome().settled()) {
            trials.add(record.trial());
          }
        });
    return trials;
  }

  private static String inputs(Trial trial) {
    return String.format(
        Locale.ROOT,
        "%s version %d, %s, root seed %d, seed index %d, %s",
        trial.job(),
        trial.jobVersion(),
        trial.numerics().canonical(),
        trial.rootSeed(),
        trial.seedIndex(),
        trial.configuration());
  }

  private Experiment experiment(FolderTrialStore store) throws IOException {
    try {
      if (name != null && Files.isRegularFile(Path.of(name))) {
        return ExperimentReader.read(Path.of(name), asked, JobCatalog.load());
      }
      List<Experiment> kept = StoredExperiments.of(store);
      List<Experiment> named =
          kept.stream().filter(e -> name == null || e.name().equals(name)).toList();
      if (named.isEmpty()) {
        throw new WrongInputException(
            name == null
                ? store.location() + " has run no experiment yet; name a file by --experiment"
                : "'"
                    + name
                    + "' is neither a file nor an experiment of "
                    + store.location()
                    + ", which has run "
                    + kept.stream().map(Experiment::name).distinct().toList());
      }
      Experiment experiment = named.get(named.size() - 1);
      List<String> overrides = new ArrayList<>(experiment.source().overrides());
      for (String override : asked) {
        overrides.removeIf(given -> key(experiment, given).equals(key(experiment, override)));
      }
      overrides.addAll(asked);
      return ExperimentReader.read(
          new ExperimentSource(experiment.source().text(), overrides),
          "experiment '" + experiment.name() + "' of the store",
          JobCatalog.load());
    } catch (InvalidExperimentException e) {
      throw new WrongInputException(
          e.problems().stream().map(problem -> problem.toString()).toList());
    }
  }

  /** What an override replaces: a parameter by its name, however it was called. */
  private static String key(Experiment experiment, String override) {
    int equals = override.indexOf('=');
    String key = (equals < 0 ? override : override.substring(0, equals)).strip();
    for (Parameter parameter : experiment.job().parameters()) {
      if (parameter.symbol().equals(key)) {
        return parameter.name();
      }
    }
    return key;
  }
}
