package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rnnsweep.driver.bench.Yardstick;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.CostModel;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * The rates by which {@code plan} turns operations into time: from finished trials of the store
 * where it has any, else from a product on this machine.
 */
final class Calibration {
  /** A second at most, and within a few percent of what larger products reach. */
  private static final int SIZE = 1536;

  private final Map<String, Double> secondsByTrial = new HashMap<>();
  private final Map<NumericsProfile.Library, Optional<Yardstick>> measured =
      new EnumMap<>(NumericsProfile.Library.class);

  private Calibration() {}

  /** Reads what the store's trials took, once for all experiments. */
  static Calibration of(Optional<FolderTrialStore> store) throws IOException {
    Calibration calibration = new Calibration();
    if (store.isPresent()) {
      store
          .get()
          .scan(
              record -> {
                if (record.outcome().settled()) {
                  calibration.secondsByTrial.put(record.trialId(), record.provenance().seconds());
                }
              });
    }
    return calibration;
  }

  /** The rate for an experiment. */
  CostModel model(Experiment experiment) {
    double flops = 0;
    double coreSeconds = 0;
    if (!secondsByTrial.isEmpty()) {
      for (Bundle bundle : Planner.plan(experiment, Set.of()).bundles()) {
        for (TrialGroup group : bundle.groups()) {
          double took = 0;
          for (Trial trial : group.trials()) {
            took += secondsByTrial.getOrDefault(trial.id(), Double.NaN);
          }
          if (!Double.isNaN(took)) { // every trial of the group is there
            flops += experiment.job().cost(group).flops();
            coreSeconds += took;
          }
        }
      }
    }
    return assumed(experiment.numerics()).withFinished(flops, coreSeconds);
  }

  private CostModel assumed(NumericsProfile numerics) {
    return measured
        .computeIfAbsent(numerics.library(), Calibration::measure)
        .map(yardstick -> CostModel.of(yardstick.flopsPerSecond(numerics.precision())))
        .orElseGet(() -> CostModel.of(numerics));
  }

  /** None for Java, where a product takes minutes and the model's assumption is as good. */
  private static Optional<Yardstick> measure(NumericsProfile.Library library) {
    if (library == NumericsProfile.Library.JAVA) {
      return Optional.empty();
    }
    try {
      return Optional.of(Yardstick.measure(library, SIZE));
    } catch (IllegalStateException e) {
      return Optional.empty(); // the library does not load here; `doctor` says why
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
