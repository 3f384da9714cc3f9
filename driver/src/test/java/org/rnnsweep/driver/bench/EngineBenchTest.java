package org.rnnsweep.driver.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.execute.SharedSpark;
import org.rnnsweep.driver.execute.SparkConnection;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;

/** That the right things are run and compared with the right ideal. Times are never asserted. */
class EngineBenchTest {
  @TempDir Path folder;

  private EngineBench bench() {
    return new EngineBench(folder, 2, line -> {});
  }

  @Test
  void aGridOfThatManyConfigurationsIsPlanned() {
    EngineBench.Planned planned = bench().plan(1024);
    assertThat(planned.configurations()).isEqualTo(1024);
    assertThat(planned.bundles()).isEqualTo(4); // of 256
    assertThat(planned.readSeconds()).isPositive();
  }

  /** It checks itself that every trial came back right. */
  @Test
  void sweepsAreRunAndStored() throws Exception {
    SharedSpark.stop();
    try (SparkConnection spark = SparkConnection.open("engine-bench", 2, List.of())) {
      EngineBench.Swept nothing = bench().sweep(spark, 640, 0);
      assertThat(nothing.trials()).isEqualTo(640);
      assertThat(nothing.parts()).isEqualTo(3); // 640 groups of one trial, 256 a bundle
      EngineBench.Swept sleeping = bench().sweep(spark, 40, 5);
      assertThat(sleeping.runSeconds()).isGreaterThanOrEqualTo(sleeping.idealSeconds());
    }
  }

  @Test
  void aStoreIsOpenedCompactedAndOpened() throws Exception {
    EngineBench.Opened opened = bench().open(2560);
    assertThat(opened.trials()).isEqualTo(2560);
    assertThat(opened.parts()).isEqualTo(11); // of 250
    assertThat(opened.compacted()).isEqualTo(1);
  }

  @Test
  void overheadIsTimeOfCoresBeyondTheTrialsOwn() {
    EngineBench.Swept swept = new EngineBench.Swept(1000, 50, 2, 26, 1, 1, 0.5);
    assertThat(swept.idealSeconds()).isEqualTo(25);
    assertThat(swept.overheadMilliseconds()).isCloseTo(3, within(1e-12)); // 2 * 1.5 s / 1000
  }

  @Test
  void theJobIsFoundButNotListed() {
    JobCatalog catalog = JobCatalog.load();
    assertThat(catalog.find(EngineJob.ID)).isNotNull();
    assertThat(catalog.jobs()).extracting(Job::id).doesNotContain(EngineJob.ID);
  }

  @Test
  void linesAreTheSameUnderEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(BenchText.row(new EngineBench.Swept(1000, 50, 2, 26, 1.25, 7, 0.5)))
          .isEqualToNormalizingWhitespace(
              "run: 1,000 trials of 50 ms on 2 cores in 26.0 s (1.3 s of the process's own time), 7"
                  + " parts; aggregated in 0.5 s 96.2% of the ideal 25.0 s; ideal: at least 95%");
    } finally {
      Locale.setDefault(before);
    }
  }
}
