/**
 * Gaussian matrices that are used only through products with vectors: formed, or never formed and
 * exact in law given everything asked so far; and what is built on one (replaced rows, a low-rank
 * term, rows masked by sign patterns).
 *
 * <p>May use: linalg and random. Promise: an answer's bits depend on the key, the questions asked
 * so far and their shapes, the precision and the fingerprint of the BLAS; not on threads, addresses
 * or forks. What {@link org.rnnsweep.kernels.operator.ConditionedGaussian} draws is promised until
 * the version of the job that uses it changes.
 */
package org.rnnsweep.kernels.operator;
