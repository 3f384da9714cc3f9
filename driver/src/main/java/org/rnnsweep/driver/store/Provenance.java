package org.rnnsweep.driver.store;

/**
 * Where a trial ran and what it took. Two records of one trial may differ here and nowhere else.
 *
 * @param experiment name of the experiment that ran it first
 * @param specHash hash of that experiment's resolved file
 * @param commit commit of the jar, with {@code -dirty} where it had local changes
 * @param host host name
 * @param cpu CPU model
 * @param blas library and version
 * @param fingerprint hash of the bits of a few fixed products
 * @param java JVM vendor and version
 * @param spark Spark version, or {@code none}
 * @param executor Spark's id of the executor, {@code driver} where the driver is its own, or {@code
 *     none}
 * @param attempt random id of the bundle's attempt
 * @param startedEpochMillis wall clock at the start
 * @param seconds wall time of the trial; its share of the group's
 * @param peakBytes peak of the group's off-heap memory
 */
public record Provenance(
    String experiment,
    String specHash,
    String commit,
    String host,
    String cpu,
    String blas,
    String fingerprint,
    String java,
    String spark,
    String executor,
    String attempt,
    long startedEpochMillis,
    double seconds,
    long peakBytes) {}
