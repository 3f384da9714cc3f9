package org.rnnsweep.driver.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.jobs.JobCatalog;

/** The experiments that a store was filled by: kept in it, so that the store alone is enough. */
final class StoredExperiments {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredExperiments() {}

  static void keep(FolderTrialStore store, Experiment experiment) throws IOException {
    ObjectNode kept = JSON.createObjectNode();
    kept.put("experiment", experiment.name());
    kept.set("spec", JSON.readTree(experiment.source().text()));
    experiment.source().overrides().forEach(kept.putArray("overrides")::add);
    store.keepExperiment(
        experiment.name(),
        experiment.specHash(),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(kept));
  }

  /** Every experiment of the store, the latest run last. */
  static List<Experiment> of(FolderTrialStore store) throws IOException {
    List<Experiment> experiments = new ArrayList<>();
    for (byte[] content : store.experiments()) {
      JsonNode kept = JSON.readTree(content);
      List<String> overrides = new ArrayList<>();
      kept.path("overrides").forEach(override -> overrides.add(override.asText()));
      String shown = "experiment '" + kept.path("experiment").asText() + "' of the store";
      try {
        experiments.add(
            ExperimentReader.read(
                new ExperimentSource(kept.path("spec").toString(), overrides),
                shown,
                JobCatalog.load()));
      } catch (InvalidExperimentException e) {
        throw new WrongInputException(
            e.problems().stream().map(problem -> problem.toString()).toList());
      }
    }
    return experiments;
  }
}
