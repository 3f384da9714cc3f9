package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;

class SummaryCsvTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  /** Axes of all three types, one that means nothing for some rows, one seed, awkward numbers. */
  private static Experiment experiment() {
    List<Configuration> all =
        List.of(
            Configuration.of(Map.of("width", 250, "estimator", "sgd", "input_scale", 0.002)),
            Configuration.of(Map.of("width", 250, "estimator", "least-squares")),
            Configuration.of(Map.of("width", 1000, "estimator", "a \"b\", c")),
            Configuration.of(Map.of("width", 2000, "estimator", "sgd", "input_scale", 1e-9)));
    return MadeUp.experiment(List.of("estimator", "input_scale", "width"), all, 4, MadeUp.FIGURES);
  }

  private static List<TrialRecord> records(Experiment experiment) {
    List<Configuration> all = experiment.configurations();
    List<TrialRecord> records = new ArrayList<>();
    double[] values = {0.25, 0.5, 1, 2};
    for (int seed = 0; seed < 4; seed++) {
      double v = values[seed];
      records.add(
          MadeUp.completed(experiment, all.get(0), seed, Map.of("rel_l2", v, "linf", -1e-5 * v)));
      records.add(MadeUp.completed(experiment, all.get(1), seed, Map.of("rel_l2", 1e8 * v)));
    }
    records.add(MadeUp.completed(experiment, all.get(2), 0, Map.of("rel_l2", 0.1 + 0.2)));
    return records;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "en-US", "ru-RU"})
  void bytesAreThoseOfTheGoldenFile(String tag) throws Exception {
    Locale.setDefault(Locale.forLanguageTag(tag));
    Experiment experiment = experiment();
    List<TrialRecord> shuffled = new ArrayList<>(records(experiment));
    Collections.shuffle(shuffled, new Random(tag.length()));

    String csv = SummaryCsv.render(MadeUp.summary(experiment, shuffled));

    try (InputStream golden = getClass().getResourceAsStream("summary.csv")) {
      assertThat(csv).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void numbersReadBackToTheLastBit() {
    Experiment experiment = MadeUp.grid(5);
    var summary = MadeUp.summary(experiment, MadeUp.records(experiment));

    List<String> lines = SummaryCsv.render(summary).lines().skip(1).toList();

    assertThat(lines).hasSize(30 * 2);
    for (int i = 0; i < lines.size(); i++) {
      String[] fields = lines.get(i).split(",");
      var expected = summary.cells().get(i / 2).statistics(fields[4]).orElseThrow();
      assertThat(Double.parseDouble(fields[6])).isEqualTo(expected.mean());
      assertThat(Double.parseDouble(fields[7])).isEqualTo(expected.sd());
      assertThat(Double.parseDouble(fields[9])).isEqualTo(expected.ci95Low());
      assertThat(Double.parseDouble(fields[12])).isEqualTo(expected.max());
    }
  }
}
