package org.rnnsweep.driver.analyse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.SeedPlan;
import org.rnnsweep.driver.config.Until;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.kernels.stats.Estimate;

/**
 * Says at which look an adaptive run ends. What a look says depends on the seeds below it alone, so
 * a run that ended is a prefix of the one with all seeds, and asking again gives the same answer.
 *
 * <p>Error rates are kept: a verdict is false at some look with at most the sum of the looks'
 * probabilities, and each look has its share of the tail (every tail divided by the number of
 * planned looks, whether or not they are reached). That holds for any rule that stops at a look.
 */
public final class Stopping {
  private final Experiment experiment;

  private Stopping(Experiment experiment) {
    this.experiment = experiment;
  }

  /** By the seeds' {@code until} of this experiment. */
  public static Stopping of(Experiment experiment) {
    return new Stopping(experiment);
  }

  /**
   * The first look before the last that is complete and has what {@code until} asks for; 0 if there
   * is none and the run goes on to its last seed, as it does where seeds are not adaptive.
   */
  public int look(Collection<TrialRecord> records) {
    SeedPlan seeds = experiment.seeds();
    if (seeds.isAdaptive()) {
      for (int look : seeds.looks().subList(0, seeds.looks().size() - 1)) {
        List<TrialRecord> below =
            records.stream().filter(record -> record.trial().seedIndex() < look).toList();
        if (Cells.of(experiment, below, "").complete(experiment.configurations(), look)
            && suffices(below, look)) {
          return look;
        }
      }
    }
    return 0;
  }

  /** The same of what a store holds; it is not read where seeds are not adaptive. */
  public int look(TrialStore store) throws IOException {
    if (!experiment.seeds().isAdaptive()) {
      return 0;
    }
    List<TrialRecord> records = new ArrayList<>();
    store.scan(records::add);
    return look(records);
  }

  /** What ended the run and what that saved, in a sentence's middle; empty if nothing did. */
  public String saved(Collection<TrialRecord> records) {
    int look = look(records);
    SeedPlan seeds = experiment.seeds();
    int total = experiment.configurations().size() * seeds.count();
    int run =
        Cells.of(experiment, records, "")
            .count(experiment.configurations(), seeds.count(), o -> true);
    if (look == 0 || run == total) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "with %d of %d seeds %s, which saved %d of %d trials",
        look,
        seeds.count(),
        seeds.until().rule() == Until.Rule.DECIDED
            ? "every claim is decided"
            : "the mean of " + seeds.until() + " of itself in every configuration",
        total - run,
        total);
  }

  private boolean suffices(List<TrialRecord> records, int look) {
    Until until = experiment.seeds().until();
    if (until.rule() == Until.Rule.DECIDED) {
      return new Judge(experiment)
          .judge(records).rows().stream()
              .noneMatch(row -> row.statement().verdict() == Verdict.UNDECIDED);
    }
    Cells cells = Cells.of(experiment, records, until.metric());
    return experiment.configurations().stream()
        .allMatch(configuration -> isNarrow(cells, configuration, look, until));
  }

  private boolean isNarrow(Cells cells, Configuration configuration, int look, Until until) {
    double[][] blocks = cells.blocks(List.of(configuration), look);
    double[] values = new double[blocks.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = blocks[i][0];
    }
    Estimate mean = Estimate.of(values);
    double tail = VerdictRule.CONSISTENT_TAIL / experiment.seeds().looks().size();
    // NaN, of fewer than two values, is not narrow.
    return mean.halfWidth(tail) <= until.relativeHalfWidth() * Math.abs(mean.mean());
  }
}
