/**
 * Jobs on weights that are shown to exist: Allen-Zhu and Li, Section 5, and Panigrahi and Goyal,
 * Appendix F; the mathematics is in {@code kernels.existence}.
 */
package org.rnnsweep.jobs.existence;
