/**
 * What a store says: statistics of each configuration, and a verdict on every claim.
 *
 * <p>{@link org.rnnsweep.driver.analyse.Judge} is the door to the verdicts: it selects cells and
 * seeds; {@code Sample} measures what a {@link org.rnnsweep.driver.analyse.Relation} speaks of;
 * {@code VerdictRule} decides, and nothing else does; a {@link
 * org.rnnsweep.driver.analyse.Scoreboard} keeps the rows, which {@code ClaimsJson} and {@code
 * ClaimsText} write.
 *
 * <p>May use the records of {@code config} and {@code store} and the kernels' statistics. Runs
 * nothing, works on a partial store, and gives the same rows whatever the order of the records.
 */
package org.rnnsweep.driver.analyse;
