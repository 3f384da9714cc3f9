/**
 * How well the last hidden state {@code h^(L)} of a random ReLU network {@code h^(l) = relu(W
 * h^(l-1) + A x^(l))} gives back its whole input {@code x^(1..L)} through a linear map: {@code
 * [x^(1), .., x^(L)] ~ Wbar^T h^(L)}, with Wbar of m x L d.
 *
 * <p>Paper: Panigrahi and Goyal, "Learning and Generalization in RNNs". Its Theorem D.1 names the
 * map of {@link org.rnnsweep.kernels.inversion.SignReadout}; its Appendix I (Figure 4) trains one,
 * here {@link org.rnnsweep.kernels.inversion.OnlineSgd}, whose optimum is {@link
 * org.rnnsweep.kernels.inversion.LeastSquares}. Symbols: m width, d input dimension, L length,
 * eps_x scale of the middle tokens (Definition 3.1), D the 0/1 diagonal of the active neurons,
 * index (0) the base sequence.
 *
 * <p>With W known through products only, to millions of neurons: {@link
 * org.rnnsweep.kernels.inversion.WideReadout} is the theorem's map on a {@link
 * org.rnnsweep.kernels.inversion.WideNetwork}, {@link
 * org.rnnsweep.kernels.inversion.ReadoutColumns} its columns and what replaced rows change of them,
 * {@link org.rnnsweep.kernels.inversion.SignLaw} what the base sequence's patterns cost at infinite
 * width; {@link org.rnnsweep.kernels.inversion.LinearByRelu} is the single layer behind all of it.
 *
 * <p>May use {@code linalg}, {@code random}, {@code operator}, {@code rnn}, {@code optim} and
 * {@code quadrature}. Promises: a length computed beside others gives the bits it gives alone,
 * since every BLAS call has a shape that depends on m, d, the block's width and its own length
 * only; the padding of a block is exactly zero; and what is taken from an arena is what the {@code
 * memoryBytes} methods say.
 */
package org.rnnsweep.kernels.inversion;
