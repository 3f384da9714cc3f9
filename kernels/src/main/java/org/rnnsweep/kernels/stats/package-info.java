/**
 * Statistics of a sample of independent blocks: contrasts, Student intervals, the jackknife, exact
 * binomial bounds and Holm's procedure. Knows no trials, no claims and no theory.
 *
 * <p>May use Commons Statistics. Promise: pure functions, no state, no randomness. Error rates are
 * called {@code tail} where they belong to one side.
 *
 * <p>A block (for the callers: a Monte-Carlo seed) gives one number, {@link Contrast#of}; the
 * numbers of all blocks give an {@link Estimate}. This is right whatever the variances of the cells
 * are and however the cells of one block depend on each other. A bootstrap over blocks is left out
 * on purpose: its 95% percentile intervals of a slope cover about 75% with three blocks and 92%
 * with sixteen.
 */
package org.rnnsweep.kernels.stats;
