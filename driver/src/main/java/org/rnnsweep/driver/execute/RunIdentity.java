package org.rnnsweep.driver.execute;

import java.io.Serializable;
import java.util.List;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.linalg.BlasLibrary;

/** What every record of a run says of it. Crosses to executors inside the task's closure. */
final class RunIdentity implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String experiment;
  private final String specHash;
  private final String spark;
  private final String executor;

  /**
   * @param spark Spark's version, or {@code none}
   */
  RunIdentity(String experiment, String specHash, String spark) {
    this(experiment, specHash, spark, "none");
  }

  private RunIdentity(String experiment, String specHash, String spark, String executor) {
    this.experiment = experiment;
    this.specHash = specHash;
    this.spark = spark;
    this.executor = executor;
  }

  /** The same as seen from one of Spark's executors. */
  RunIdentity withExecutor(String id) {
    return new RunIdentity(experiment, specHash, spark, id);
  }

  Provenance provenance(
      NumericsProfile numerics,
      String attempt,
      long startedEpochMillis,
      double seconds,
      long peakBytes) {
    Host host = Host.ofThisProcess();
    List<String> blas = blas(numerics);
    return new Provenance(
        experiment,
        specHash,
        host.commit(),
        host.name(),
        host.cpu(),
        blas.get(0),
        blas.get(1),
        host.java(),
        spark,
        executor,
        attempt,
        startedEpochMillis,
        seconds,
        peakBytes);
  }

  /** Library and fingerprint. */
  private static List<String> blas(NumericsProfile numerics) {
    if (numerics.library() == NumericsProfile.Library.JAVA) {
      return List.of("java", "java"); // Java's arithmetic is the same everywhere
    }
    try {
      return List.of("openblas-" + BlasLibrary.version(), BlasLibrary.fingerprint());
    } catch (IllegalStateException e) {
      return List.of("openblas, not loaded", "none"); // and the trial failed for it
    }
  }
}
