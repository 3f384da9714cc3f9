/**
 * Weights that are shown to exist: the function that turns the indicators of random neurons into a
 * smooth function, and the two constructions that put it into a recurrent network.
 *
 * <pre>
 * H(alpha, b)       IndicatorFunction, one degree of it a HermiteStep
 * H_(i-&gt;j,r,s)      SingleFit: one function at one position, nothing at the others
 * W*, Allen-Zhu and Li, Definition 5.3        BackwardConstruction
 * A*, Panigrahi and Goyal, Definition D.2     LastStepConstruction
 * </pre>
 *
 * <p>May use: concepts, ntk, quadrature, stability, inversion, operator, linalg and random.
 * Promises: no expectation is sampled, each is a sum of one-dimensional integrals; W* and A* are
 * never formed beyond the vectors that make them.
 */
package org.rnnsweep.kernels.existence;
