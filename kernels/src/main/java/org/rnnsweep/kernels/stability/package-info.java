/**
 * Random recurrent networks at initialisation and what changes them: states, backward vectors and
 * spectral norms of products, on a W that is formed or never formed; and what these become as the
 * width grows. The statements are those of Allen-Zhu and Li, "Can SGD learn recurrent neural
 * networks with provable generalization?", Sections B to F, and of the papers it rests on.
 *
 * <pre>
 * W, A, B           RandomNetwork.recurrent(), input(), output()
 * x_l               NormalizedInput.token(l), lastToken(L)
 * g_l, h_l, D_l     Trajectory.preactivations(l), states(l), signs of zero of the latter
 * e_s' Back_(i-&gt;j)  BackwardVectors.block(i, j, sequence), row s
 * D_j W ... D_i W   MaskedChain, its norm by LargestSingularValue
 * lim &lt;h_a, h'_b&gt;   InfiniteWidth.inner(a, b)
 * |P z_(p,a)|       ChunkProjection: chunk vectors against the span of earlier ones
 * </pre>
 *
 * <p>For Allen-Zhu, Li and Song, "On the convergence rate of training recurrent neural networks":
 * {@link TokenFamily} (their inputs), {@link Separation}, {@link IndicatorCounts}, {@link
 * LossVectors}, {@link SparseRankOne}, {@link HeavyPart}, {@link RectifiedResidual}; {@link
 * SignalPass} and {@link SignalLimit} for other nonlinearities, variances and a fresh W at each
 * step.
 *
 * <p>For Panigrahi and Goyal, "Learning and generalization in RNNs", Lemma B.1: {@link
 * NormalizedInput}'s own law of theirs and its base sequence, and {@link InputColumns}.
 *
 * <p>May use: operator, linalg, random, and ntk for the arc-cosine kernel. Promises: a pass to a
 * shorter length has the bits of the prefix of a longer one; backward questions asked of a fork
 * taken after that length's last step have the same bits as if there were no longer pass.
 */
package org.rnnsweep.kernels.stability;
