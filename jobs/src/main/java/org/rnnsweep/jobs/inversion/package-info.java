/**
 * Jobs on inverting a recurrent network's last state; the mathematics is in {@code
 * kernels.inversion}.
 */
package org.rnnsweep.jobs.inversion;
