/**
 * Infinite-width kernels of Elman networks between sequences, and the recursions that say how their
 * correlations degenerate with the length.
 *
 * <h2>The recursion</h2>
 *
 * The network is {@link org.rnnsweep.kernels.ntk.NetworkLaw}'s; w, a, beta, r are the variances of
 * W, A, b and B there, s the input scale. For steps a of one sequence and b of another, as the
 * width m grows,
 *
 * <pre>
 * S_ab = w C_(a-1)(b-1) + a s &lt;x_a, x'_b&gt; + beta        S_00 the initial variance, S_a0 = S_0b = 0
 * C_ab = E[phi(u) phi(v)],  G_ab = E[phi'(u) phi'(v)]     (u, v) normal of covariance S
 * NNGP_ab  = r C_ab
 * Psi_ab   = G_ab (k_W C_(a-1)(b-1) + k_A s &lt;x_a, x'_b&gt; + k_b + w Psi_(a-1)(b-1)),   Psi = 0 at step 0
 * Theta_ab = k_B C_ab + r Psi_ab
 * </pre>
 *
 * where k is 1 for a trained matrix (its variance with {@code UNIT_VARIANCE}), 0 for the others.
 * {@code NNGP_ab} and {@code Theta_ab} belong to the outputs after a and after b steps: the last
 * one is at (L, L'), the average's the mean over the table.
 *
 * <p><b>Why one diagonal is enough.</b> W is the same at all steps, so h_a and h'_b are correlated
 * for all a and b, through S_ab: the table is not diagonal. But the recursion leads from (a, b) to
 * (a - 1, b - 1) alone, down to where one sequence has its initial state: h_0 = phi(z_0) with z_0
 * independent of everything, hence S_a0 = 0 but {@code C_a0 = E[phi(z_a)] E[phi(z_0)]}, for a
 * rectifier not 0. So two sequences of lengths L and L' need the diagonal a - b = L - L', which
 * aligns their ends.
 *
 * <p><b>Gradients.</b> With delta_t the output's gradient by z_t, the gradient by W is the sum over
 * t of delta_t h_(t-1)^T and the kernel a sum over all pairs of steps t, t' of {@code <delta_t,
 * delta'_t'> <h_(t-1), h'_(t'-1)>}, cross-time pairs included. An output at step a has {@code
 * delta_t = D_t W^T D_(t+1) .. W^T D_a B}: B and a - t factors W^T. Two of different depths a - t
 * and b - t' have inner product 0 in the limit (at the end of the chain B meets W^T times
 * something, and B is independent of it, of mean 0); of equal depth n it is {@code r G_ab w
 * G_(a-1)(b-1) .. w G_tt'}, n + 1 gates. That W^T may be taken as independent of W in this holds
 * because the readout is linear, independent and of mean 0 (the gradient independence of tensor
 * programs, Yang 2020). Summed over the depth from the far end, this is Psi. With one length it
 * pairs equal times only; with two lengths, averages or outputs at several steps it does not: there
 * equal depth is not equal time. The tests hold this against backpropagation.
 *
 * <p>What gradient descent does in the limit is {@link org.rnnsweep.kernels.ntk.KernelDescent},
 * from a Gram matrix alone.
 *
 * <h2>Where each formula comes from</h2>
 *
 * C and G: Cho and Saul 2009 for the rectifier (arc-cosine kernels), Williams 1997 for erf. S, C at
 * equal times: Wang, Shen, Hu and Cao (24), (25) and Theorem 16; at unequal times their Lemma 17 as
 * corrected here: a network with fresh weights at each step, which Theorem 16 compares with, has
 * sqrt(q q') / pi at all a != b. F^l, their (27), is {@code 1/2 prod Sigma(rho_k), k = l..L}, which
 * the paper bounds and does not write out. Departures from their print: gradients pair delta_l with
 * h_(l-1), not h_l; B is N(0, 1), not N(0, 1/m), for a kernel that does not vanish. Remark 3.2
 * there, that gradients of outputs at different steps are almost orthogonal, is wrong at equal
 * depth: {@code Theta_ab} has no reason to be 0 and is not. The papers' one-output kernels are in
 * {@link org.rnnsweep.kernels.ntk.Preset}.
 *
 * <h2>Numbers</h2>
 *
 * Kernels of long sequences live where rho is within 1e-10 of 1 and the angle is sqrt(2 (1 - rho)):
 * so 1 - correlation (rectifier) or half the squared distance (erf) is what is carried, computed by
 * formulas of nonnegative terms; see {@code RectifierWalk} and {@code ErfWalk}. The derivative of a
 * rectifier's output at a preactivation that is identically 0 (zero inputs, no bias, h_0 = 0) is
 * taken as in the limit of equal small inputs, G = 1/2; it matters only for a trained bias of
 * variance 0.
 *
 * <p>May use: {@code java.util.concurrent}, for a Gram matrix's blocks. Promises: a value depends
 * on its two sequences alone, bit for bit.
 */
package org.rnnsweep.kernels.ntk;
