package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.ProgressBar;
import org.rnnsweep.driver.execute.SparkConnection;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Rerun;
import org.rnnsweep.driver.store.Disagreement;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.linalg.BlasLibrary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep audit}: a sample of a store once more, compared bit for bit. */
@Command(
    name = "audit",
    description = {
      "Runs a random sample of the stored trials again, in this process or where spark-submit",
      "says, and compares every bit. The store's trials are left as they are."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every trial of the sample is equal, bit for bit",
      "2:wrong input",
      "3:results disagree, could not be computed again, or files of the store are not readable"
    },
    footer = {
      "",
      "Examples:",
      "  rnnsweep audit stores/inversion-quick",
      "  rnnsweep audit stores/inversion-quick --sample 0.2 --seed 1"
    })
final class AuditCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "Folder or URI of a store.")
  private String store;

  @Option(
      names = "--sample",
      paramLabel = "P",
      description =
          "Part of the settled trials, above 0 and at most 1; default 0.01, and at least"
              + " one trial.")
  private double part = 0.01;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the sample; default: another one each time, which is printed.")
  private Long seed;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Bundles run at once in this process; default: all cores. Not on a cluster.")
  private Integer cores;

  @Override
  public Integer call() throws IOException {
    if (!(part > 0 && part <= 1)) {
      throw new WrongInputException("--sample: found " + part + ", allowed is above 0 to 1");
    }
    PrintWriter out = spec.commandLine().getOut();
    FolderTrialStore opened = StoreInput.of(store).open();
    List<TrialRecord> settled = new ArrayList<>();
    List<String> problems =
        opened.scan(
            record -> {
              if (record.outcome().settled()) {
                settled.add(record);
              }
            });
    problems.forEach(problem -> out.println("problem: " + problem));
    List<TrialRecord> runnable = runnable(settled);
    long used = seed == null ? new SecureRandom().nextLong() : seed;
    List<TrialRecord> sample = sample(runnable, part, used);
    out.printf(
        Locale.ROOT,
        "%s: %,d of %,d settled trials are run again (--sample %s --seed %d)%n",
        opened.location(),
        sample.size(),
        settled.size(),
        part,
        used);
    out.flush();

    Map<String, TrialRecord> again = again(opened, sample);
    int disagreeing = 0;
    for (TrialRecord record : sample) {
      TrialRecord here = again.get(record.trialId());
      if (here == null) {
        out.println("not computed again: trial " + record.trialId());
        disagreeing++;
        continue;
      }
      Optional<Disagreement> found = Disagreement.between(record, here);
      if (found.isPresent()) {
        disagreeing++;
        out.println("ALARM: " + found.get().text());
        if (!here.message().isEmpty()) {
          out.println("  it says: " + here.message());
        }
        if (!here.provenance().fingerprint().equals(record.provenance().fingerprint())) {
          out.println(
              "  note: the two BLAS fingerprints differ, and bits are promised between equal ones"
                  + " only");
        }
        out.println("  look closer: rnnsweep replay " + store + " " + record.trialId());
      }
    }
    out.printf(
        Locale.ROOT,
        "%,d trials equal bit for bit, %,d not%n",
        sample.size() - disagreeing,
        disagreeing);
    out.flush();
    return disagreeing == 0 && problems.isEmpty() ? ExitCode.FINISHED : ExitCode.DISAGREEMENT;
  }

  /** What this program, here, can compute; of the rest it is said why not. */
  private List<TrialRecord> runnable(List<TrialRecord> settled) {
    JobCatalog catalog = JobCatalog.load();
    List<TrialRecord> runnable = new ArrayList<>();
    Map<String, Integer> left = new TreeMap<>();
    for (TrialRecord record : settled) {
      Trial trial = record.trial();
      // An id in the reason would make each trial a reason of its own.
      String reason =
          Rerun.problem(trial, catalog).replace("trial " + trial.id() + " was", "they were");
      if (reason.isEmpty() && !SparkConnection.submitted()) {
        reason = String.join("; ", BlasLibrary.environmentProblems(trial.numerics()));
      }
      if (reason.isEmpty()) {
        runnable.add(record);
      } else {
        left.merge(reason, 1, Integer::sum);
      }
    }
    left.forEach(
        (reason, count) ->
            spec.commandLine()
                .getErr()
                .printf(Locale.ROOT, "%,d trials are left out: %s%n", count, reason));
    spec.commandLine().getErr().flush();
    if (runnable.isEmpty()) {
      throw new WrongInputException(store + " holds no settled trial that can be run again here");
    }
    return runnable;
  }

  /** Without replacement; the same records, part and seed give the same sample. */
  static List<TrialRecord> sample(List<TrialRecord> records, double part, long seed) {
    int size = (int) Math.max(1, Math.ceil(part * records.size()));
    List<TrialRecord> shuffled = new ArrayList<>(records);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i, shuffled.size());
      TrialRecord taken = shuffled.get(j);
      shuffled.set(j, shuffled.get(i));
      shuffled.set(i, taken);
    }
    return shuffled.subList(0, size);
  }

  /** Results of the sample, by id; kept beside the store, where every executor can write. */
  private Map<String, TrialRecord> again(FolderTrialStore opened, List<TrialRecord> sample)
      throws IOException {
    List<Plan> plans =
        Rerun.of("audit", sample.stream().map(TrialRecord::trial).toList(), JobCatalog.load());
    Set<NumericsProfile> profiles = new LinkedHashSet<>();
    plans.forEach(plan -> profiles.add(plan.experiment().numerics()));
    Set<String> problems = new LinkedHashSet<>();
    profiles.forEach(profile -> problems.addAll(SparkConnection.problems(profile, cores)));
    if (!problems.isEmpty()) {
      throw new WrongInputException(List.copyOf(problems));
    }
    Path folder = opened.folder("_audit-" + UUID.randomUUID());
    opened.files().deleteOnExit(folder); // also when it is interrupted
    ProgressBar bar =
        ProgressBar.of(
            spec.commandLine().getErr(),
            System.console() != null ? ProgressBar.Style.TERMINAL : ProgressBar.Style.LINES);
    try (SparkConnection spark = SparkConnection.open("audit", cores, plans)) {
      spark.probe(opened.location(), profiles);
      FolderTrialStore results = FolderTrialStore.create(folder.toString(), new Configuration());
      for (Plan plan : plans) {
        spark.executor().run(plan, results, bar, new Cancellation());
      }
      bar.end();
      Map<String, TrialRecord> again = new TreeMap<>();
      results.scan(record -> again.put(record.trialId(), record));
      return again;
    } finally {
      opened.files().delete(folder, true);
    }
  }
}
