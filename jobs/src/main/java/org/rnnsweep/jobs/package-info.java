/**
 * What can be asked: one class an experiment kind, found by {@link java.util.ServiceLoader}, and
 * the contract they share.
 *
 * <p>Start at {@link org.rnnsweep.jobs.Job}. May use the kernels. Must not use Spark, files or the
 * clock.
 */
package org.rnnsweep.jobs;
