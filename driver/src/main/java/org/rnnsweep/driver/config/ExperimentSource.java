package org.rnnsweep.driver.config;

import java.util.List;

/**
 * What an experiment was read from, whole: reading it again gives the same experiment.
 *
 * @param text the resolved file, keys sorted, includes and substitutions done
 * @param overrides what the command line changed, in its order
 */
public record ExperimentSource(String text, List<String> overrides) {
  public ExperimentSource {
    overrides = List.copyOf(overrides);
  }
}
