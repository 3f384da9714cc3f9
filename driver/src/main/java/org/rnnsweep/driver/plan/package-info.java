/**
 * What a run has to do, decided before anything runs: trials, the groups that share work, the
 * bundles that tasks run, and what it will take.
 *
 * <p>Start at {@link org.rnnsweep.driver.plan.Planner}. Pure functions of the experiment and of the
 * ids that the store has settled; no Spark, no files, no clock. Promises: the same plan in every
 * process, whatever the order of the ids; every trial that is not settled is in exactly one group.
 */
package org.rnnsweep.driver.plan;
