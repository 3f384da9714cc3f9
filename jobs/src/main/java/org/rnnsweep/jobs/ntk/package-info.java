/**
 * Jobs on wide recurrent networks and their kernels; the mathematics is in {@code kernels.ntk},
 * {@code kernels.certificates}, {@code kernels.concepts} and {@code kernels.descent}.
 */
package org.rnnsweep.jobs.ntk;
