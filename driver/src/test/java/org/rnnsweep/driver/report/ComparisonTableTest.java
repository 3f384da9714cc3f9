package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.config.Comparison;
import org.rnnsweep.driver.config.Comparison.Published;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;

/** Two rows and two columns of a table, over a grid of two widths and three seeds. */
class ComparisonTableTest {
  private static final Comparison COMPARISON =
      new Comparison(
          "Beside <the> table",
          "Somebody, 2020.",
          List.of("sequence_length"),
          "estimator",
          "rel_l2",
          0.99,
          List.of("linf"),
          List.of("linf"),
          Map.of(
              List.of(2L, "sgd"), new Published("two", "0.99"),
              List.of(2L, "least-squares"), new Published("two", "1.0")));

  private static Configuration at(int length, String estimator, int width) {
    return Configuration.of(
        Map.of("sequence_length", length, "estimator", estimator, "width", width));
  }

  private static Experiment experiment() {
    List<Configuration> all = new ArrayList<>();
    for (int length : new int[] {2, 4}) {
      for (String estimator : new String[] {"sgd", "least-squares"}) {
        for (int width : new int[] {8, 16}) {
          all.add(at(length, estimator, width));
        }
      }
    }
    Experiment e =
        MadeUp.experiment(List.of("sequence_length", "estimator", "width"), all, 3, List.of());
    return new Experiment(
        e.name(),
        e.description(),
        e.job(),
        e.numerics(),
        e.seeds(),
        e.axes(),
        e.configurations(),
        List.of(),
        e.figures(),
        COMPARISON,
        e.specHash(),
        e.source());
  }

  private static List<TrialRecord> records(Experiment experiment) {
    List<TrialRecord> records = new ArrayList<>();
    double[][] sgd = {{0.25, 1, 0.5}, {0.5, 0.75, 0.25}}; // by width, by seed
    double[][] exact = {{1, 1, 0.5}, {1, 0.75}}; // the last has not run
    for (int i = 0; i < 2; i++) {
      int width = i == 0 ? 8 : 16;
      for (int seed = 0; seed < 3; seed++) {
        double linf = seed == 0 ? 1 : 0;
        records.add(
            MadeUp.completed(
                experiment,
                at(2, "sgd", width),
                seed,
                Map.of("rel_l2", sgd[i][seed], "linf", linf)));
        if (seed < exact[i].length) {
          records.add(
              MadeUp.completed(
                  experiment,
                  at(2, "least-squares", width),
                  seed,
                  Map.of("rel_l2", exact[i][seed], "linf", 0.0)));
        }
      }
    }
    return records;
  }

  /** Best of grid by seed: 0.5, 1, 0.5, and 1, 1 of the seeds whose grid is whole. */
  @Test
  void bothWaysByHand() {
    Summary summary = MadeUp.summary(experiment(), records(experiment()));
    assertThat(ComparisonTable.of(summary).csv())
        .isEqualTo(
            """
            sequence_length,estimator,name,published,best_of_grid,best_of_grid_min,\
            best_of_grid_max,best_setting,best_setting_median,runs,completed,median,\
            lower_quartile,upper_quartile,reached,count_linf,mean_linf
            2,sgd,two,0.99,0.5,0.5,1.0,width=8,0.5,6,6,0.5,0.3125,0.6875,1,2,0.3333333333333333
            2,least-squares,two,1.0,1.0,1.0,1.0,width=8,1.0,5,5,1.0,0.75,1.0,3,0,0.0
            4,sgd,,,,,,,,0,0,,,,0,0,
            4,least-squares,,,,,,,,0,0,,,,0,0,
            """);
  }

  @Test
  void thePageHasALineForEachAndNothingUnescaped() {
    Summary summary = MadeUp.summary(experiment(), records(experiment()));
    HtmlPage page = new HtmlPage("t");
    ComparisonTable.of(summary).write(page);
    String html = page.end();
    assertThat(html).contains("<h2>Beside &lt;the&gt; table</h2>", "Somebody, 2020.");
    assertThat(html.split("<tr>", -1)).hasSize(1 + 1 + 4);
    assertThat(html)
        .contains(">1 of 6<", ">2 of 6<", ">0.500 (0.500 to 1.000)<", ">0.99<", ">two<");
  }
}
