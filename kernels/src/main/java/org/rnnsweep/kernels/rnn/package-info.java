/**
 * Elman networks at initialisation: their laws, their weights and the forward pass.
 *
 * <p>In the papers' letters: W is recurrent, A is input, m width, d input dimension, L sequence
 * length, l the step, h^(l) the hidden state, D^(l) the diagonal of its sign pattern. Promise:
 * every h^(l) is the prefix of the same pass, bit for bit.
 */
package org.rnnsweep.kernels.rnn;
