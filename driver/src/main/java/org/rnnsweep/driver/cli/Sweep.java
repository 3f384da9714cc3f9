package org.rnnsweep.driver.cli;

import java.util.List;
import java.util.Optional;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.Suite;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * What a command works on: one experiment, or a suite of them.
 *
 * @param name names the default store
 * @param experiments those to work on, at least one
 * @param suite the whole suite that they are of; empty for a single experiment
 */
record Sweep(String name, List<Experiment> experiments, Optional<Suite> suite) {

  static Sweep of(Experiment experiment) {
    return new Sweep(experiment.name(), List.of(experiment), Optional.empty());
  }

  static Sweep of(Suite suite) {
    return new Sweep(suite.name(), suite.experiments(), Optional.of(suite));
  }

  /** Every profile that is asked for; they agree on the native library, if any. */
  List<NumericsProfile> numerics() {
    return experiments.stream().map(Experiment::numerics).distinct().toList();
  }
}
