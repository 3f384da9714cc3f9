package org.rnnsweep.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.config.ExperimentSource;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.TrialExecutor;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Outcome;

/** Small experiments, and what a run of them leaves as bits that can be compared. */
final class Sweeps {
  /** All estimators, both laws of the inputs, lengths that share passes; 84 trials. */
  static final List<String> INVERSION =
      List.of(
          """
          experiment = bits-trained
          job = inversion
          numerics { library = native, precision = single }
          seeds { root = 20261122, count = 2 }
          parameters { dimension = 3, test_sequences = 40, train_factor = 2, steps = 60, batch = 16 }
          axes {
            estimator = [least-squares, sgd]
            inputs = [gaussian, normalized]
            length = [3, 4, 6]
            width = [24, 33]
          }
          """,
          """
          experiment = bits-constructed
          job = inversion
          numerics { library = native, precision = double }
          seeds { root = 20261122, count = 2 }
          parameters { dimension = 3, sequences = 3, initialization = unit }
          axes {
            estimator = [constructive, naive]
            inputs = [gaussian, normalized]
            length = [3, 4, 5]
            width = [24, 33]
            where = "estimator == 'naive' or inputs == 'normalized'"
          }
          """);

  /** The same points, every list of values turned round and the axes in another order. */
  static final List<String> TURNED =
      List.of(
          INVERSION
              .get(0)
              .replaceAll(
                  "(?s)axes \\{.*",
                  """
                  axes {
                    width = [33, 24]
                    length = [6, 3, 4]
                    estimator = [sgd, least-squares]
                    inputs = [normalized, gaussian]
                  }
                  """),
          INVERSION
              .get(1)
              .replaceAll(
                  "(?s)axes \\{.*",
                  """
                  axes {
                    width = [33, 24]
                    length = [5, 3, 4]
                    inputs = [normalized, gaussian]
                    estimator = [naive, constructive]
                    where = "estimator == 'naive' or inputs == 'normalized'"
                  }
                  """));

  private Sweeps() {}

  static List<Experiment> read(List<String> texts) {
    List<Experiment> experiments = new ArrayList<>();
    for (String text : texts) {
      // A source is what a store keeps: JSON or, as here, the file itself.
      experiments.add(
          ExperimentReader.read(
              new ExperimentSource(text, List.of()), "a test's", JobCatalog.load()));
    }
    return experiments;
  }

  static FolderTrialStore store(Path folder) throws IOException {
    return FolderTrialStore.create(folder.toString(), new Configuration());
  }

  static void run(TrialExecutor executor, List<Plan> plans, TrialStore store) throws IOException {
    for (Plan plan : plans) {
      executor.run(plan, store, progress -> {}, new Cancellation());
    }
  }

  /**
   * What a store holds, by trial id: outcome and the bits of every metric and series. Two stores
   * are equal in this sense if and only if these maps are.
   */
  static SortedMap<String, String> bits(TrialStore store) throws IOException {
    SortedMap<String, String> bits = new TreeMap<>();
    assertThat(store.scan(record -> bits.put(record.trialId(), bits(record)))).isEmpty();
    return bits;
  }

  static String bits(TrialRecord record) {
    // A failure would be the same everywhere, and would prove nothing.
    assertThat(record.outcome()).as(record.message()).isIn(Outcome.COMPLETED, Outcome.DIVERGED);
    StringBuilder text = new StringBuilder(record.outcome().name());
    new TreeMap<>(record.metrics())
        .forEach(
            (name, value) ->
                text.append(' ').append(name).append('=').append(hex(new double[] {value})));
    new TreeMap<>(record.series())
        .forEach(
            (name, values) -> {
              text.append(' ').append(name).append('[').append(values.length).append("]=");
              text.append(values.length <= 8 ? hex(values) : hash(hex(values)));
            });
    return text.toString();
  }

  private static String hex(double[] values) {
    StringBuilder text = new StringBuilder();
    for (double value : values) {
      text.append(Long.toHexString(Double.doubleToLongBits(value))).append('.');
    }
    return text.toString();
  }

  private static String hash(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
