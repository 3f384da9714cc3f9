/**
 * The papers' recurrent rectifier networks trained by gradient descent: forward pass, gradient,
 * steps, distances from the start, and the linearised network beside the true one.
 *
 * <pre>
 * W, A, b, B        Network.recurrent(), input(), bias(), readout()
 * h_l, D_l          Pass.states(l), signs of zero of the latter
 * Back^T loss       Pass.signals(l), the gradient by the preactivation g_l
 * grad f            sum over l of signals(l)^T states(l - 1), never formed unless asked for
 * W_(t+1) = W_t - eta grad f(W_t)   Descent.step
 * f_0 + &lt;grad f(W_0), W'&gt;           Descent.linearised; its course TangentModes
 * W_0 - sum of eta_s grad f(W_s)    WideDescent, W_0 any operator and nothing of m x m formed
 * eight small networks at once      LaneDescent, a lane each
 * </pre>
 *
 * <p>May use: operator, linalg, random, stability, and ntk for the papers' laws. Not for the
 * networks of {@code training}, which are other ones (tanh or rectifier, softened outputs,
 * RMSprop). Promises: what a step gives is a function of its arguments and of the library that
 * multiplies, bit for bit; every product's shape is that of the batch, so a sequence's bits may
 * depend on how many are trained together, and on nothing else. In LaneDescent they depend on the
 * network alone. Divergence is a result: infinities pass through.
 */
package org.rnnsweep.kernels.descent;
