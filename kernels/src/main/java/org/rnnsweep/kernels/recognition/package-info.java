/**
 * What simple functions make of languages, exactly: sums over positions, layers of one kind of
 * neuron, and recurrent networks read off an automaton (Panigrahi and Goyal, Section 5 and Appendix
 * H). A word of bits is an integer whose bit i - 1 is the symbol i.
 *
 * <p>May use: {@code languages}, {@code concepts}, and the simplex method and QR of Commons Math,
 * which Breeze brings along. Promises: no randomness; what is counted over all words is counted
 * over all words.
 */
package org.rnnsweep.kernels.recognition;
