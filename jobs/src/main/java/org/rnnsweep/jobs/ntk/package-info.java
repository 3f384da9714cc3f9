/**
 * Jobs on wide recurrent networks and their kernels; the mathematics is in {@code kernels.ntk},
 * {@code kernels.certificates} and {@code kernels.concepts}.
 */
package org.rnnsweep.jobs.ntk;
