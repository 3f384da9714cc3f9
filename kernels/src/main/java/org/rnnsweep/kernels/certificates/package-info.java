/**
 * Certificates: constants in statements "one kernel is at least another one", as deterministic
 * numbers. A kernel that is a power series with nonnegative coefficients in the cosines of its
 * tokens dominates each of its terms, so constants of the dominations (30), (32), (33), (35) and
 * (36) of Wang, Shen, Hu and Cao are Taylor coefficients, found by truncated series arithmetic; and
 * the bound of their Theorem 4 on a given sample, by Cholesky.
 *
 * <p>May use: ntk, linalg. Promises: no randomness; coefficients keep their relative accuracy,
 * because every operation on them adds and multiplies nonnegative numbers.
 */
package org.rnnsweep.kernels.certificates;
