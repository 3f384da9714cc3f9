/**
 * The probability tools that the papers rest on, as statements that can be checked: tails in closed
 * form beside their stated bounds, and facts on joint laws and Gaussian vectors.
 *
 * <p>Papers: Allen-Zhu, Li and Song, "On the convergence rate of training recurrent neural
 * networks", Appendix A, Lemmas B.7, E.4 and Claim C.4; Panigrahi and Goyal, "Learning and
 * Generalization in RNNs", Appendix A.
 *
 * <p>May use: concepts for log n!, random, and stability for eigenvalues of small matrices.
 * Promises: logarithms of probabilities, so that none underflows; strict arithmetic, the same bits
 * everywhere.
 */
package org.rnnsweep.kernels.probability;
