/**
 * Runs a plan: bundles on threads of this process or on Spark's executors, and what is said while
 * they run. The only package that sees Spark.
 *
 * <p>One class, {@link org.rnnsweep.driver.execute.BundleRunner}, runs a bundle wherever it is run,
 * so the two executors cannot differ in what they compute. Promises: a trial that fails is a stored
 * outcome, never the end of a run; what is reported has been stored before; a bundle that runs
 * twice does no harm; no record, immutable JDK collection or Scala type crosses between processes.
 */
package org.rnnsweep.driver.execute;
