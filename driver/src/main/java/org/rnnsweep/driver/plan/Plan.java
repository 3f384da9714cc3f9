package org.rnnsweep.driver.plan;

import java.util.List;
import org.rnnsweep.driver.config.Experiment;

/**
 * What a run has to do: a pure function of the experiment and of what the store holds.
 *
 * @param experiment the experiment
 * @param totalTrials configurations times seeds
 * @param storedTrials of these, how many the store has settled
 * @param bundles the rest, longest first
 */
public record Plan(Experiment experiment, int totalTrials, int storedTrials, List<Bundle> bundles) {
  /** Sum over the bundles. */
  public double flops() {
    return bundles.stream().mapToDouble(Bundle::flops).sum();
  }

  /** Trials still to run. */
  public int trials() {
    return bundles.stream().mapToInt(Bundle::trials).sum();
  }
}
