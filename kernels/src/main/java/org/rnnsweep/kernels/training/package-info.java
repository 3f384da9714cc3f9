/**
 * Elman networks trained on the words of regular languages, as Table 1 of Panigrahi and Goyal was
 * (their Appendix I; data, code and library of Bhattamishra, Ahuja and Goyal).
 *
 * <p>In the papers' letters: W is recurrent, A is input, D decoder, m width, h_t the state after
 * symbol t. {@link org.rnnsweep.kernels.training.LanguageTraining} is the door.
 *
 * <p>May use {@code linalg}, {@code random}, {@code languages}. Promises: what a training gives is
 * a function of its arguments and of the library that multiplies, bit for bit; neither of what runs
 * beside it, nor of whether the code was compiled yet (no transcendental function whose bits a
 * compiler may choose). Divergence is a result.
 */
package org.rnnsweep.kernels.training;
