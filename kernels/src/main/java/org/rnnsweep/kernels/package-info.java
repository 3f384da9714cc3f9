/**
 * The mathematics of the project: dense linear algebra off the heap, keyed randomness, recurrent
 * networks, and one package a subject.
 *
 * <p>May use: Breeze, OpenBLAS through JavaCPP, Commons RNG, Commons Statistics and Commons Math.
 * Must not use: Spark, files, the clock, the environment (but for loading the native library in
 * {@code linalg}), or mutable static state. Promise: every result is a pure function of its
 * arguments, bit for bit, on hosts of equal BLAS fingerprint.
 */
package org.rnnsweep.kernels;
