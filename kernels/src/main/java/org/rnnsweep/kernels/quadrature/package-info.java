/**
 * Integrals over an interval.
 *
 * <p>May use nothing else. Promises: nodes and weights of a rule are a pure function of its
 * arguments, bit for bit.
 */
package org.rnnsweep.kernels.quadrature;
