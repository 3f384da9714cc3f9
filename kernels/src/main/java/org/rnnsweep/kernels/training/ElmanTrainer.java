package org.rnnsweep.kernels.training;

import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;

/**
 * An Elman network that reads words and answers after each symbol, and its training by
 * back-propagation through the whole of every word:
 *
 * <pre>h_t = phi(W h_{t-1} + A x_t + a + b), h_0 = 0;  p_t = sigmoid(D h_t + c)</pre>
 *
 * with x_t the unit vector of the symbol and both biases a, b trained, as the benchmark's library
 * has it.
 *
 * <p>A step of time is one product of all words that still go on, (h_{t-1}, x_t) by (W, A + a + b)
 * transposed; the way back another; the gradient one product over all positions. The shapes follow
 * from the lengths of the words, so bits are a function of parameters, words and the library alone:
 * not of other trainers or threads. Not safe for use by several threads.
 */
final class ElmanTrainer {
  /** Of one product for the gradient: the library has a faster one for products that are small. */
  static final int GRADIENT_ROWS = 512;

  private final Blas blas;
  private final ElmanShape shape;
  private final Cells cells;
  private final OffHeapMatrix step; // (W, A + a + b)^T
  private final OffHeapMatrix recurrent; // W
  private final OffHeapMatrix decoder; // D
  private final OffHeapMatrix decoderTransposed;
  private final OffHeapMatrix stepGradient;
  private final OffHeapMatrix inputs; // rows x (m + symbols): (h_{t-1}, x_t)
  private final OffHeapMatrix states; // rows x m: h_t
  private final OffHeapMatrix delta; // rows x m: derivative by what phi is applied to
  private final OffHeapMatrix product; // words x m
  private final OffHeapMatrix logits; // rows x outputs

  /**
   * Takes {@link #memoryBytes} from the arena.
   *
   * @param words the most words of a batch
   * @param length the longest word
   * @param parameters in the order of {@link ElmanShape}
   */
  ElmanTrainer(
      Blas blas,
      Arena arena,
      Precision precision,
      ElmanShape shape,
      Activation activation,
      int words,
      int length,
      double[] parameters) {
    this.blas = blas;
    this.shape = shape;
    int m = shape.width();
    int rows = Math.multiplyExact(words, length);
    this.cells = Cells.of(precision, shape, activation, Math.max(rows, shape.inner()));
    this.step = arena.matrix(shape.inner(), m, precision);
    this.recurrent = arena.matrix(m, m, precision);
    this.decoder = arena.matrix(shape.outputs(), m, precision);
    this.decoderTransposed = arena.matrix(m, shape.outputs(), precision);
    this.stepGradient = arena.matrix(m, shape.inner(), precision);
    this.inputs = arena.matrix(rows, shape.inner(), precision);
    this.states = arena.matrix(rows, m, precision);
    this.delta = arena.matrix(rows, m, precision);
    this.product = arena.matrix(words, m, precision);
    this.logits = arena.matrix(rows, shape.outputs(), precision);
    cells.start(parameters);
    publish();
  }

  /** Bytes that a trainer takes from its arena. */
  static long memoryBytes(ElmanShape shape, Precision precision, int words, int length) {
    long m = shape.width();
    long ofARow = shape.inner() + 2 * m + shape.outputs();
    long weights = m * (2L * shape.inner() + m + 2L * shape.outputs());
    return precision.bytes() * ((long) words * length * ofARow + words * m + weights);
  }

  double[] parameters() {
    return cells.parameters();
  }

  double[] lastGradient() {
    return cells.gradient();
  }

  /**
   * One update on one batch.
   *
   * @param clip the largest norm of a gradient; infinite for none
   * @return the loss before it
   */
  double update(RaggedBatch batch, Loss loss, Optimiser optimiser, double clip) {
    forward(batch);
    double before = cells.loss(batch, loss, logits);
    int rows = batch.rows();
    OffHeapMatrix byLogits = logits.rowRange(0, rows);
    blas.gemm(Transpose.NO, Transpose.NO, 1, byLogits, decoder, 0, delta.rowRange(0, rows));
    // The gradient of D takes the memory of D, which the last line was the last to read.
    blas.gemm(Transpose.YES, Transpose.NO, 1, byLogits, states.rowRange(0, rows), 0, decoder);
    cells.beginBackward(batch, delta);
    for (int t = batch.steps - 1; t >= 0; t--) {
      int going = batch.going(t + 1);
      if (going > 0) {
        int next = batch.first[t + 1];
        blas.gemm(
            Transpose.NO,
            Transpose.NO,
            1,
            delta.rowRange(next, next + going),
            recurrent,
            0,
            product.rowRange(0, going));
      }
      cells.backward(batch, t, product, delta);
    }
    for (int from = 0; from < rows; from += GRADIENT_ROWS) {
      int to = Math.min(rows, from + GRADIENT_ROWS);
      OffHeapMatrix some = delta.rowRange(from, to);
      double keep = from == 0 ? 0 : 1;
      blas.gemm(
          Transpose.YES, Transpose.NO, 1, some, inputs.rowRange(from, to), keep, stepGradient);
    }
    cells.gradient(stepGradient, decoder);
    if (clip < Double.POSITIVE_INFINITY) {
      cells.clip(clip);
    }
    cells.update(optimiser);
    publish();
    return before;
  }

  /** What the network has right on batches that were packed like those of training. */
  Score score(List<RaggedBatch> batches) {
    Score score = new Score();
    for (RaggedBatch batch : batches) {
      forward(batch);
      cells.score(batch, logits, score);
    }
    return score;
  }

  private void publish() {
    cells.publish(step, recurrent, decoder, decoderTransposed);
  }

  private void forward(RaggedBatch batch) {
    cells.begin(batch, inputs);
    for (int t = 0; t < batch.steps; t++) {
      int going = batch.going(t);
      int from = batch.first[t];
      OffHeapMatrix z = product.rowRange(0, going);
      blas.gemm(Transpose.NO, Transpose.NO, 1, inputs.rowRange(from, from + going), step, 0, z);
      cells.activate(batch, t, z, inputs);
    }
    int rows = batch.rows();
    cells.states(batch, states);
    blas.gemm(
        Transpose.NO,
        Transpose.NO,
        1,
        states.rowRange(0, rows),
        decoderTransposed,
        0,
        logits.rowRange(0, rows));
  }
}
