package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.CostModel;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.kernels.NumericsProfile;

/** The rate by which {@code plan} turns operations into time. */
final class Calibration {
  /** A product in Java takes minutes at this size; the model's assumption is as good. */
  private static final Set<NumericsProfile.Library> MEASURED =
      Set.of(NumericsProfile.Library.NATIVE, NumericsProfile.Library.NATIVE_PORTABLE);

  private Calibration() {}

  /** From finished trials of the store where it has any, else from a product on this machine. */
  static CostModel of(Optional<FolderTrialStore> store, Experiment experiment) throws IOException {
    CostModel assumed = assumed(experiment.numerics());
    if (store.isEmpty()) {
      return assumed;
    }
    Map<String, Double> seconds = new HashMap<>();
    store
        .get()
        .scan(
            record -> {
              if (record.outcome().settled()) {
                seconds.put(record.trialId(), record.provenance().seconds());
              }
            });
    double flops = 0;
    double coreSeconds = 0;
    for (Bundle bundle : Planner.plan(experiment, Set.of()).bundles()) {
      for (TrialGroup group : bundle.groups()) {
        double took = 0;
        for (Trial trial : group.trials()) {
          took += seconds.getOrDefault(trial.id(), Double.NaN);
        }
        if (!Double.isNaN(took)) { // every trial of the group is there
          flops += experiment.job().cost(group).flops();
          coreSeconds += took;
        }
      }
    }
    return assumed.withFinished(flops, coreSeconds);
  }

  private static CostModel assumed(NumericsProfile numerics) {
    if (!MEASURED.contains(numerics.library())) {
      return CostModel.of(numerics);
    }
    try {
      return CostModel.of(BlasRate.flopsPerSecond(numerics));
    } catch (IllegalStateException e) {
      return CostModel.of(numerics); // the library does not load here; `doctor` says why
    }
  }
}
