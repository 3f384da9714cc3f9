/**
 * The concept classes of Wang, Shen, Hu and Cao: laws of input sequences, analytic links with their
 * Taylor coefficients and complexities, targets of one or several positions, and labelled samples
 * with a margin.
 *
 * <p>May use: random. Promises: every sample and token has numbers of its own, keyed by (key,
 * index), so that any part of a data set can be drawn again anywhere; a label's margin holds
 * exactly.
 */
package org.rnnsweep.kernels.concepts;
