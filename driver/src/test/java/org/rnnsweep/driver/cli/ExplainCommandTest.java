package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rnnsweep.driver.cli.CommandLines.call;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.ExperimentReader;
import org.rnnsweep.driver.execute.Cancellation;
import org.rnnsweep.driver.execute.InProcessExecutor;
import org.rnnsweep.driver.execute.MemoryTicket;
import org.rnnsweep.driver.plan.Planner;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Trial;

class ExplainCommandTest {
  private static final String CONF =
      """
      experiment = sample
      job = fake
      numerics { library = java, precision = double }
      seeds { root = 42, count = 2 }
      parameters { scale = 0.5, manner = well }
      axes { width = [4, 8] }
      """;

  @TempDir Path folder;
  private Path conf;
  private FolderTrialStore store;

  @BeforeEach
  void run() throws Exception {
    conf = Files.writeString(folder.resolve("sample.conf"), CONF);
    store = CommandLines.store(folder.resolve("s"));
    Experiment experiment = ExperimentReader.read(conf, List.of("m=4,8"), JobCatalog.load());
    InProcessExecutor.of(1, MemoryTicket.ofBytes(1 << 24))
        .run(Planner.plan(experiment, store.settledIds()), store, p -> {}, new Cancellation());
    StoredExperiments.keep(store, experiment);
  }

  private CommandLines.Result explain(String... asked) {
    List<String> arguments = new ArrayList<>(List.of(folder.resolve("s").toString()));
    arguments.addAll(Arrays.asList(asked));
    return call(new ExplainCommand(), arguments.toArray(String[]::new));
  }

  @Test
  void whatIsStoredWouldBeReused() {
    assertThat(explain().out()).isEqualTo("sample: 4 trials, 4 would be reused, 0 would run\n");
    // The kept override `m` gives way to the one asked for, by whichever name.
    assertThat(explain("width=8").out())
        .isEqualTo("sample: 2 trials, 2 would be reused, 0 would run\n");
    CommandLines.Result one = explain(FakeJob.trial(8, "well", 1).id());
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(one.out())
        .contains("stored: COMPLETED", "would be reused by every experiment", "width=8");
  }

  @Test
  void aNewValueOnAnAxisIsNamedWithTheNearestThatIsThere() {
    CommandLines.Result result = explain("width=8,9");
    assertThat(result.out())
        .contains(
            "sample: 4 trials, 2 would be reused, 2 would run",
            "2 because width is 9, stored with 8");
  }

  @Test
  void everyKindOfInputIsNamed() throws Exception {
    assertThat(explain("seeds=3").out()).contains("2 because the seed index is 2, stored with");
    Path other =
        Files.writeString(
            folder.resolve("other.conf"),
            CONF.replace("root = 42", "root = 43").replace("double", "single"));
    assertThat(explain("--experiment", other.toString()).out())
        .contains(
            "4 trials, 0 would be reused",
            "the numerics profile is java:netlib:single, stored with java:netlib:double",
            "the root seed is 43, stored with 42");
    assertThat(explain("scale=0.75").out()).contains("scale is 0.75, stored with 0.5");
  }

  @Test
  void aFailureWouldRunAgain() throws Exception {
    Trial failing = FakeJob.trial(4, "fail", 0);
    CommandLines.store(folder.resolve("s"), failing);
    assertThat(explain(failing.id()).out())
        .contains("stored: FAILED", "would run again: FAILED is not a settled outcome");
    assertThat(explain("manner=fail", "width=4", "seeds=1").out())
        .contains("1 because FAILED, as which it is stored, is not a settled outcome");
  }

  @Test
  void anIdThatAnExperimentAsksForIsExplainedThoughItIsNotStored() throws Exception {
    Experiment larger = ExperimentReader.read(conf, List.of("m=4,8,9"), JobCatalog.load());
    StoredExperiments.keep(store, larger);
    assertThat(explain(FakeJob.trial(9, "well", 1).id()).out())
        .contains("is not stored", "width is 9, stored with 8");
    CommandLines.Result unknown = explain("0123456789abcdef");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("an id is a hash of the inputs");
  }

  @Test
  void wrongInputIsNamed() {
    assertThat(explain("width=0").exitCode()).isEqualTo(2);
    assertThat(explain("--experiment", "nothing").err())
        .contains("'nothing' is neither a file nor an experiment of", "[sample]");
  }
}
