package org.rnnsweep.kernels.descent;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;

/**
 * Gradient descent on the sum of a batch's losses, with heavy-ball momentum {@code v = momentum v +
 * grad, w = w - rate v}: full-batch where the batch is all of the data, stochastic where it is a
 * sample of it. It trains a network in place, or {@link #linearised} the change of one that stays.
 *
 * <p>Without momentum nothing of size m^2 is held beside the network: the gradient, a sum of outer
 * products, goes straight into W.
 */
public final class Descent implements AutoCloseable {
  private final Network point; // where gates, states and signals are taken
  private final Network trained; // what moves: the network, or its change
  private final boolean linear;
  private final Loss loss;
  private final double momentum;
  private final Network velocity; // null without momentum
  private final Pass pass;

  private Descent(
      Blas blas,
      Arena arena,
      Network point,
      Network trained,
      boolean linear,
      Loss loss,
      int capacity,
      int longest,
      double momentum) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must be in [0, 1), found " + momentum);
    }
    this.point = point;
    this.trained = trained;
    this.linear = linear;
    this.loss = loss;
    this.momentum = momentum;
    pass = new Pass(blas, arena, point.shape(), point.precision(), capacity, longest, linear);
    velocity = momentum > 0 ? point.zeros(arena) : null;
  }

  /**
   * Training of a network, in place.
   *
   * @param capacity the most sequences of a batch
   * @param longest the most tokens of a sequence
   * @param momentum in [0, 1)
   */
  public static Descent of(
      Blas blas,
      Arena arena,
      Network network,
      Loss loss,
      int capacity,
      int longest,
      double momentum) {
    return new Descent(blas, arena, network, network, false, loss, capacity, longest, momentum);
  }

  /**
   * Training of the linearised network, {@code f_0 + <grad f(W_0), W'>}: gates, states and signals
   * are those of a network that stays as it is, only the change W' moves, from 0.
   *
   * @param initial W_0, read at every step
   */
  public static Descent linearised(
      Blas blas,
      Arena arena,
      Network initial,
      Loss loss,
      int capacity,
      int longest,
      double momentum) {
    return new Descent(
        blas, arena, initial, initial.zeros(arena), true, loss, capacity, longest, momentum);
  }

  /** Bytes that this takes from its arena, beside the network it is given. */
  public static long memoryBytes(
      NetworkShape shape,
      Precision precision,
      int capacity,
      int longest,
      double momentum,
      boolean linear) {
    int networks = (momentum > 0 ? 1 : 0) + (linear ? 1 : 0);
    return Pass.memoryBytes(shape, precision, capacity, longest, linear)
        + networks * Network.memoryBytes(shape, precision);
  }

  /** Forward only: answers in {@link #pass}. */
  public void forward(double[][]... sequences) {
    pass.forward(point, sequences);
    if (linear) {
      pass.linearised(trained);
    }
  }

  /** The sum of the losses on a batch; nothing moves. */
  public double loss(double[][][] sequences, double[][][] targets) {
    forward(sequences);
    return pass.loss(loss, targets);
  }

  /**
   * One step.
   *
   * @param sequences [s][l - 1] is the token x_l of sequence s
   * @param targets [s][a] is the target of answer a of sequence s
   * @param rate eta, for the gradient of the sum over the batch
   * @return the sum of the losses before the step (progressive validation where the batch is new);
   *     its answers are still in {@link #pass}
   */
  public double step(double[][][] sequences, double[][][] targets, double rate) {
    double before = loss(sequences, targets);
    advance(targets, rate);
    return before;
  }

  /** The step from where the last {@link #loss} or {@link #forward} looked, for its batch. */
  public void advance(double[][][] targets, double rate) {
    pass.backward(loss, targets);
    if (velocity == null) {
      pass.addGradient(-rate, 1, trained);
    } else {
      pass.addGradient(1, momentum, velocity);
      trained.add(-rate, velocity);
    }
  }

  /** The last pass: outputs, states, signals. */
  public Pass pass() {
    return pass;
  }

  /** The network, or the change that the linearised one learns. */
  public Network trained() {
    return trained;
  }

  /** Gives back what this took; the network it was given stays open. */
  @Override
  public void close() {
    if (velocity != null) {
      velocity.close();
    }
    pass.close();
    if (linear) {
      trained.close();
    }
  }
}
