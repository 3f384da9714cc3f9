/**
 * Learning by recurrent rectifier networks near their random start, in the setting of Allen-Zhu and
 * Li, "Can SGD learn recurrent neural networks with provable generalization?", and of Panigrahi and
 * Goyal, "Learning and generalization in RNNs": normalised sequences and what is to be learnt of
 * them, the gradients at initialisation as factors of low rank, and the Rademacher complexities of
 * the balls around it.
 *
 * <pre>
 * x_1, .., x_L        SequenceLaw.sequence
 * F*                  Concept.target, of the middle tokens x*_2, .., x*_(L-1)
 * grad F(x_q)         TangentFactors: the sum over i of (D_i v_i) h_(i-1)^T
 * R(ball)             LinearComplexity (Frobenius, spectral), NetworkComplexity (by ascent)
 * </pre>
 *
 * <p>May use: stability, ntk, operator, concepts, linalg, random. Promises: pure functions of keys
 * and arguments; a sample is a function of (law, key, index, length) alone.
 */
package org.rnnsweep.kernels.learning;
