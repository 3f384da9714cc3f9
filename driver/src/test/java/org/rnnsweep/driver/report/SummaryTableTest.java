package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.config.Experiment;

class SummaryTableTest {

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 120})
  void fitsTheTerminalAndNamesWhatDidNotFit(int width) {
    Experiment experiment = MadeUp.grid(5);

    String table =
        SummaryTable.render(
            MadeUp.summary(experiment, MadeUp.records(experiment)), width, 100, "s/summary.csv");

    assertThat(table.lines().allMatch(line -> line.length() <= width)).isTrue();
    assertThat(table).contains("5/5").endsWith("all of it: s/summary.csv\n");
    assertThat(table.contains("not shown: linf")).isEqualTo(width == 60);
    assertThat(table.lines().filter(line -> line.contains("±")).count()).isEqualTo(30 + 1);
  }

  @Test
  void aLongTableEndsEarlyAndSaysSo() {
    Experiment experiment = MadeUp.grid(1);

    String table =
        SummaryTable.render(
            MadeUp.summary(experiment, MadeUp.records(experiment)), 80, 10, "s/summary.csv");

    assertThat(table).contains("... and 20 more configurations");
    assertThat(table.lines().filter(line -> line.contains("1/1")).count()).isEqualTo(10);
  }

  @Test
  void meanAndErrorAreThoseOfTheValues() {
    Experiment experiment = MadeUp.grid(2);
    var c = experiment.configurations().get(0);

    String table =
        SummaryTable.render(
            MadeUp.summary(
                experiment,
                List.of(
                    MadeUp.completed(experiment, c, 0, Map.of("rel_l2", 0.5)),
                    MadeUp.completed(experiment, c, 1, Map.of("rel_l2", 1.5)))),
            120,
            1,
            "s/summary.csv");

    // mean 1, sd sqrt(1/2), standard error 1/2
    assertThat(table.lines().toList().get(1)).contains("2/2", "1.000 ± 0.50");
    // What no trial has is not spoken of, neither in a column nor as left out.
    assertThat(table).doesNotContain("linf", " -", "not shown");
  }
}
