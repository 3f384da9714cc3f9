/**
 * Jobs on random networks at initialisation and on what a change of their inputs or weights does to
 * them: Allen-Zhu and Li, Sections B to F, and Allen-Zhu, Li and Song, Sections 4 to 6; the
 * mathematics is in {@code kernels.stability}.
 */
package org.rnnsweep.jobs.stability;
