package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.plan.Rerun;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;

class OneKernelTest {
  private static final NumericsProfile NATIVE =
      new NumericsProfile(Library.NATIVE, Precision.DOUBLE);
  private static final FakeJob JOB = new FakeJob();

  @TempDir Path folder;

  private TrialStore store() throws Exception {
    return FolderTrialStore.create(folder.toString(), new Configuration());
  }

  private static Trial trial(NumericsProfile numerics, int seed) {
    Trial trial = FakeJob.trial(4, "well", seed);
    return new Trial("fake", 1, numerics, 42, seed, trial.configuration());
  }

  private static TrialRecord record(Trial trial, String host, String fingerprint, Outcome outcome) {
    Provenance p =
        new Provenance(
            "", "", "", host, "", "", fingerprint, "", "none", "none", "attempt", 0, 0, 0);
    return new TrialRecord(trial.id(), trial, outcome, "", Map.of("drawn", 1.0), Map.of(), p);
  }

  private static BundleReport report(String host, String fingerprint) {
    BundleReport report = new BundleReport();
    report.add(record(trial(NATIVE, 0), host, fingerprint, Outcome.COMPLETED));
    return report;
  }

  @Test
  void theFirstBundleDecidesAndTheSecondKernelIsNamed() throws Exception {
    OneKernel kernel = OneKernel.of(NATIVE, store());
    assertThat(kernel.expected()).isEmpty();
    kernel.accept(new BundleReport()); // nothing of it settled: it says nothing of the kernel
    kernel.accept(report("alpha", "aaaa"));
    kernel.accept(report("beta", "aaaa"));
    assertThat(kernel.expected()).isEqualTo("aaaa");
    assertThatThrownBy(() -> kernel.accept(report("gamma", "cccc")))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(
            "this sweep met two BLAS kernels: fingerprint aaaa on host alpha, fingerprint cccc on"
                + " host gamma")
        .hasMessageContaining("native-portable");
    assertThatThrownBy(() -> kernel.accept(BundleReport.refused("delta", "dddd")))
        .hasMessageContaining("host delta");
  }

  @Test
  void thePortableProfileAndJavaAreNotHeld() throws Exception {
    for (Library library : List.of(Library.NATIVE_PORTABLE, Library.JAVA)) {
      OneKernel kernel = OneKernel.of(new NumericsProfile(library, Precision.DOUBLE), store());
      kernel.accept(report("alpha", "aaaa"));
      kernel.accept(report("gamma", "cccc"));
      assertThat(kernel.expected()).isEmpty();
    }
  }

  @Test
  void theStoresSettledTrialsOfTheProfileDecide() throws Exception {
    TrialStore store = store();
    NumericsProfile portable = new NumericsProfile(Library.NATIVE_PORTABLE, Precision.DOUBLE);
    store.append(
        JOB,
        List.of(
            record(trial(NATIVE, 0), "alpha", "aaaa", Outcome.COMPLETED),
            record(trial(NATIVE, 1), "broken", "none", Outcome.FAILED),
            record(trial(portable, 0), "beta", "bbbb", Outcome.COMPLETED)));
    assertThat(OneKernel.of(NATIVE, store).expected()).isEqualTo("aaaa");
    store.append(JOB, List.of(record(trial(NATIVE, 2), "gamma", "cccc", Outcome.DIVERGED)));
    assertThatThrownBy(() -> OneKernel.of(NATIVE, store))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the store " + store.location() + " holds trials of two BLAS kernels")
        .hasMessageContaining("fingerprint cccc on host gamma");
  }

  /** This host against a store from a host that never was: it must not compute a single trial. */
  @Test
  void aHostOfAnotherKernelComputesNothing() throws Exception {
    TrialStore store = store();
    store.append(JOB, List.of(record(trial(NATIVE, 0), "alpha", "aaaa", Outcome.COMPLETED)));
    Plan plan =
        Rerun.of("again", List.of(trial(NATIVE, 1), trial(NATIVE, 2)), JobCatalog.of(List.of(JOB)))
            .get(0);
    for (TrialExecutor executor :
        List.of(
            InProcessExecutor.of(1, MemoryTicket.ofBytes(1 << 20)),
            SparkExecutor.of(SharedSpark.context()))) {
      assertThatThrownBy(() -> executor.run(plan, store, p -> {}, new Cancellation()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("fingerprint aaaa on host alpha")
          .hasMessageContaining("on host " + Host.ofThisProcess().name());
      assertThat(store.settledIds()).containsExactly(trial(NATIVE, 0).id());
    }
  }
}
