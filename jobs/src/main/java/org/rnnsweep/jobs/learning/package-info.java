/**
 * Jobs on learning near initialisation: Rademacher complexities, exact facts of concept classes,
 * and learning curves of Allen-Zhu and Li and of Panigrahi and Goyal; the mathematics is in {@code
 * kernels.learning} and {@code kernels.descent}.
 */
package org.rnnsweep.jobs.learning;
