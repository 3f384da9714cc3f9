package org.rnnsweep.kernels.training;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * What training does element by element, in one precision; {@link ElmanTrainer} says when, and does
 * the products. Holds the parameters, their gradient and the states of one batch on the heap, where
 * plain loops over arrays run at the vector unit's rate. Every loop has one fixed order.
 */
interface Cells {

  static Cells of(Precision precision, ElmanShape shape, Activation activation, int rows) {
    return precision == Precision.SINGLE
        ? new SingleCells(shape, activation, rows)
        : new DoubleCells(shape, activation, rows);
  }

  /** Sets the parameters, rounded to nearest, and forgets what the optimiser kept. */
  void start(double[] parameters);

  /** A copy of the parameters, widened exactly. */
  double[] parameters();

  /** A copy of the gradient of the last {@link #gradient}, widened exactly. */
  double[] gradient();

  /**
   * Writes the parameters as the products want them.
   *
   * @param step (m + symbols) x m: W^T above (A + both biases)^T
   * @param recurrent m x m: W
   * @param decoder outputs x m: D
   * @param decoderTransposed m x outputs: D^T
   */
  void publish(
      OffHeapMatrix step,
      OffHeapMatrix recurrent,
      OffHeapMatrix decoder,
      OffHeapMatrix decoderTransposed);

  /** Lays out the inputs of a batch: h = 0 and the symbol in the rows of the first step. */
  void begin(RaggedBatch batch, OffHeapMatrix inputs);

  /**
   * h = phi(z) for the rows of step t; they also become inputs of the step after it.
   *
   * @param z the rows of the step, first in it
   */
  void activate(RaggedBatch batch, int t, OffHeapMatrix z, OffHeapMatrix inputs);

  /** Writes all states of the batch, rows x m. */
  void states(RaggedBatch batch, OffHeapMatrix states);

  /**
   * The loss of a batch, and its derivative by the decoder's sums.
   *
   * @param logits rows x outputs without the bias; overwritten by the derivative
   */
  double loss(RaggedBatch batch, Loss loss, OffHeapMatrix logits);

  /** Counts what is right: every bit on its side of 1/2. */
  void score(RaggedBatch batch, OffHeapMatrix logits, Score score);

  /** Takes over the derivative by the states as far as the read-out has it, rows x m. */
  void beginBackward(RaggedBatch batch, OffHeapMatrix delta);

  /**
   * The derivative by the sums of step t.
   *
   * @param fromNext for the words that go on: what comes from step t + 1, first in it
   * @param delta overwritten in the rows of the step
   */
  void backward(RaggedBatch batch, int t, OffHeapMatrix fromNext, OffHeapMatrix delta);

  /**
   * Gathers the gradient.
   *
   * @param step m x (m + symbols)
   * @param decoder outputs x m
   */
  void gradient(OffHeapMatrix step, OffHeapMatrix decoder);

  /** Scales the gradient by min(1, norm / (its norm + 1e-6)). */
  void clip(double norm);

  /** Moves the parameters. */
  void update(Optimiser optimiser);
}
