/**
 * Dense matrices off the heap and the operations on them that grow with the square or the cube of
 * the width: OpenBLAS called directly, or plain Java.
 *
 * <p>May use: JavaCPP, OpenBLAS and Breeze's native layer; the only package that may look at the
 * environment and make a folder, both to load the native library. Promise: the bits of a result
 * depend on the arguments, the shapes and the fingerprint of the kernel alone.
 */
package org.rnnsweep.kernels.linalg;
