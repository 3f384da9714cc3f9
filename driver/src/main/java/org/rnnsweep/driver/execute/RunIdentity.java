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
  private final String expectedFingerprint;

  /**
   * @param spark Spark's version, or {@code none}
   */
  RunIdentity(String experiment, String specHash, String spark) {
    this(experiment, specHash, spark, "none", "");
  }

  private RunIdentity(
      String experiment,
      String specHash,
      String spark,
      String executor,
      String expectedFingerprint) {
    this.experiment = experiment;
    this.specHash = specHash;
    this.spark = spark;
    this.executor = executor;
    this.expectedFingerprint = expectedFingerprint;
  }

  /** The same as seen from one of Spark's executors. */
  RunIdentity withExecutor(String id) {
    return new RunIdentity(experiment, specHash, spark, id, expectedFingerprint);
  }

  /** The same where hosts of another fingerprint are to compute nothing; empty for any host. */
  RunIdentity withExpectedFingerprint(String fingerprint) {
    return new RunIdentity(experiment, specHash, spark, executor, fingerprint);
  }

  /** This process's fingerprint, or empty where it has none, for example a library not loaded. */
  static String fingerprintHere(NumericsProfile numerics) {
    try {
      BlasLibrary.load(numerics);
      return blas(numerics).get(1);
    } catch (IllegalStateException e) {
      return ""; // the trials will fail for the same reason, and say so
    }
  }

  /** Whether this host runs another kernel than the one the run is held to. */
  boolean refuses(NumericsProfile numerics) {
    if (expectedFingerprint.isEmpty()) {
      return false;
    }
    String here = fingerprintHere(numerics);
    return !here.isEmpty() && !here.equals(expectedFingerprint);
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
