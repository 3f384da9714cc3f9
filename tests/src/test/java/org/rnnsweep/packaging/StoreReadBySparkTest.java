package org.rnnsweep.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.cli.RnnsweepCommand;

/** A store's trials are a table for anyone: Spark reads the folder, and knows nothing of us. */
class StoreReadBySparkTest {
  private static final String EXPERIMENT =
      """
      experiment = to-be-read
      job = inversion
      seeds { root = 7, count = 5 }
      parameters { estimator = least-squares, dimension = 2, test_sequences = 50 }
      axes { length = [2, 3], width = [16, 24, 32] }
      figures = [{ id = error, x = width, metrics = [relative_l2], lines = length }]
      """;

  @Test
  void meansByWidthAreThoseOfTheSummary(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("to-be-read.conf"), EXPERIMENT);
    Path store = folder.resolve("store");
    assertThat(RnnsweepCommand.execute("run", file.toString(), "--store", store.toString()))
        .isZero();

    Map<String, Double> means = new HashMap<>();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate()) {
      Dataset<Row> trials = spark.read().parquet(store.resolve("trials").toString());
      assertThat(trials.count()).isEqualTo(2 * 3 * 5);
      assertThat(trials.columns())
          .contains("trial_id", "seed_index", "outcome", "length", "width", "estimator")
          .contains("relative_l2", "position_rms", "host", "executor", "seconds", "job");
      assertThat(trials.where("job = 'inversion' and outcome = 'COMPLETED'").count())
          .isEqualTo(trials.count());
      assertThat(trials.where("size(position_rms) = length").count()).isEqualTo(trials.count());
      trials
          .groupBy("length", "width")
          .agg(functions.avg("relative_l2"))
          .collectAsList()
          .forEach(row -> means.put(row.get(0) + "," + row.get(1), row.getDouble(2)));
    }

    List<String> lines = Files.readAllLines(store.resolve("report/summary.csv"));
    List<String> header = List.of(lines.get(0).split(","));
    int compared = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      if (cells[header.indexOf("metric")].equals("relative_l2")) {
        String cell = cells[header.indexOf("length")] + "," + cells[header.indexOf("width")];
        double mean = Double.parseDouble(cells[header.indexOf("mean")]);
        // Five numbers added in another order: a few units in the last place.
        assertThat(means.get(cell)).isCloseTo(mean, within(1e-14 * mean));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(6).isEqualTo(means.size());
  }
}
