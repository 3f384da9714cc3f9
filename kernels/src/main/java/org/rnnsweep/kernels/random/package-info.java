/**
 * Randomness as a pure function of named keys.
 *
 * <p>May use: Commons RNG. Must not have a generator that nobody passed in, or a default seed.
 * Promise: a key gives the same numbers for good, on every host, whatever else is drawn.
 */
package org.rnnsweep.kernels.random;
