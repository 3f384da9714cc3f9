/**
 * Experiments on gradients near initialisation and on gradient descent.
 *
 * <p>May use: jobs, kernels. Promise: that of {@link org.rnnsweep.jobs.Job}.
 */
package org.rnnsweep.jobs.descent;
