package org.rnnsweep.driver.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.config.InvalidExperimentException;
import org.rnnsweep.driver.config.Suite;
import org.rnnsweep.driver.config.SuiteReader;
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

  /** Keeps all that a suite is made of, whatever part of it is worked on. */
  static void keep(FolderTrialStore store, Sweep sweep) throws IOException {
    List<Experiment> all = sweep.suite().map(Suite::experiments).orElse(sweep.experiments());
    for (Experiment experiment : all) {
      keep(store, experiment);
    }
    if (sweep.suite().isPresent()) {
      Suite suite = sweep.suite().get();
      ObjectNode kept = JSON.createObjectNode();
      kept.put("suite", suite.name());
      kept.set("spec", JSON.readTree(suite.source()));
      ArrayNode experiments = kept.putArray("experiments");
      suite.experiments().forEach(experiment -> experiments.add(experiment.specHash()));
      store.keepSuite(
          suite.name(),
          suite.specHash(),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(kept));
    }
  }

  /** The suite that the store was last filled by, if it was filled by one. */
  static Optional<Suite> suite(FolderTrialStore store) throws IOException {
    List<byte[]> suites = store.suites();
    if (suites.isEmpty()) {
      return Optional.empty();
    }
    JsonNode kept = JSON.readTree(suites.get(suites.size() - 1));
    String name = kept.path("suite").asText();
    Map<String, Experiment> byHash = new HashMap<>();
    of(store).forEach(experiment -> byHash.put(experiment.specHash(), experiment));
    List<Experiment> experiments = new ArrayList<>();
    for (JsonNode hash : kept.path("experiments")) {
      Experiment experiment = byHash.get(hash.asText());
      if (experiment == null) {
        throw new WrongInputException(
            store.location() + " has lost an experiment of its suite '" + name + "': " + hash);
      }
      experiments.add(experiment);
    }
    try {
      return Optional.of(
          SuiteReader.read(
              kept.path("spec").toString(),
              name,
              "suite '" + name + "' of the store",
              experiments));
    } catch (InvalidExperimentException e) {
      throw wrong(e);
    }
  }

  static WrongInputException wrong(InvalidExperimentException e) {
    return new WrongInputException(
        e.problems().stream().map(problem -> problem.toString()).toList());
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
        throw wrong(e);
      }
    }
    return experiments;
  }
}
