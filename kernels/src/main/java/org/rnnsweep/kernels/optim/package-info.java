/**
 * First-order optimisers on matrices off the heap.
 *
 * <p>May use {@code linalg}. Promise: an update goes element by element in a fixed order, so its
 * bits are a function of its arguments alone.
 */
package org.rnnsweep.kernels.optim;
