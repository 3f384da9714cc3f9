/**
 * Experiments on regular languages: training by gradient descent, Table 1 of Panigrahi and Goyal,
 * and the constructions of their Appendix H.
 *
 * <p>May use the kernels. A setting that a language's benchmark fixes (sizes, lengths, label) is
 * the default, under the word {@code benchmark} or the number 0.
 */
package org.rnnsweep.jobs.languages;
