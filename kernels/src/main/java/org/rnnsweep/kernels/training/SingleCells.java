package org.rnnsweep.kernels.training;

import java.util.Arrays;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/** {@link Cells} in single precision. {@link DoubleCells} is the same in double. */
final class SingleCells implements Cells {
  /** Beyond what turns the smallest positive number into one above 1 in two multiplications. */
  private static final float HUGE = 0x1p126f;

  /** Adding and subtracting it makes 0 of what is below 1e-31, and moves nothing above 1e-16. */
  private static final float FLUSH = 0x1p-80f;

  /**
   * The same in double, for what is rounded to single next: 0 below 2e-32, all bits above 1e-24.
   */
  private static final double FLUSH_BEFORE_ROUNDING = 0x1p-52;

  /** Veltkamp's factor: x c - (x c - x) is x rounded to the 24 bits of single. */
  private static final double TO_SINGLE = 0x1p29 + 1;

  private final ElmanShape shape;
  private final Activation activation;
  private final float[] parameters;
  private final float[] gradient;
  private final float[] kept; // the optimiser's
  private final float[] inputs; // rows x (m + symbols)
  private final float[] states; // rows x m
  private final float[] delta; // rows x m
  private final float[] product; // rows x m
  private final float[] logits; // rows x outputs
  private final double[] answers; // rows x outputs
  private final double[] errors; // rows x outputs

  SingleCells(ElmanShape shape, Activation activation, int rows) {
    this.shape = shape;
    this.activation = activation;
    parameters = new float[shape.parameters()];
    gradient = new float[shape.parameters()];
    kept = new float[shape.parameters()];
    inputs = new float[rows * shape.inner()];
    states = new float[rows * shape.width()];
    delta = new float[rows * shape.width()];
    product = new float[rows * shape.width()];
    logits = new float[rows * shape.outputs()];
    answers = new double[rows * shape.outputs()];
    errors = new double[rows * shape.outputs()];
  }

  @Override
  public void start(double[] values) {
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) values[i];
    }
    Arrays.fill(kept, 0);
  }

  @Override
  public double[] parameters() {
    return widened(parameters);
  }

  @Override
  public double[] gradient() {
    return widened(gradient);
  }

  private static double[] widened(float[] values) {
    double[] copy = new double[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[i];
    }
    return copy;
  }

  @Override
  public void publish(
      OffHeapMatrix step,
      OffHeapMatrix recurrent,
      OffHeapMatrix decoder,
      OffHeapMatrix decoderTransposed) {
    int m = shape.width();
    int symbols = shape.symbols();
    int outputs = shape.outputs();
    float[] transposed = new float[shape.inner() * m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        transposed[j * m + i] = parameters[i * m + j];
      }
      float bias = parameters[shape.inputBias() + i] + parameters[shape.recurrentBias() + i];
      for (int v = 0; v < symbols; v++) {
        transposed[(m + v) * m + i] = parameters[shape.input() + i * symbols + v] + bias;
      }
    }
    step.putRows(0, shape.inner(), transposed, 0);
    recurrent.putRows(0, m, parameters, 0);
    decoder.putRows(0, outputs, parameters, shape.decoder());
    for (int i = 0; i < m; i++) {
      for (int o = 0; o < outputs; o++) {
        transposed[i * outputs + o] = parameters[shape.decoder() + o * m + i];
      }
    }
    decoderTransposed.putRows(0, m, transposed, 0);
  }

  @Override
  public void begin(RaggedBatch batch, OffHeapMatrix matrix) {
    int m = shape.width();
    int inner = shape.inner();
    Arrays.fill(inputs, 0, batch.first[1] * inner, 0);
    for (int row = 0; row < batch.rows(); row++) {
      Arrays.fill(inputs, row * inner + m, (row + 1) * inner, 0);
      inputs[row * inner + m + batch.symbols[row]] = 1;
    }
    matrix.putRows(0, batch.first[1], inputs, 0);
  }

  @Override
  public void activate(RaggedBatch batch, int t, OffHeapMatrix z, OffHeapMatrix matrix) {
    int m = shape.width();
    int inner = shape.inner();
    int from = batch.first[t];
    int to = batch.first[t + 1];
    z.getRows(0, to - from, states, from * m);
    if (activation == Activation.TANH) {
      Tanh.apply(states, from * m, to * m);
    } else {
      relu(states, from * m, to * m);
    }
    int going = batch.going(t + 1);
    for (int s = 0; s < going; s++) {
      System.arraycopy(states, (from + s) * m, inputs, (to + s) * inner, m);
    }
    matrix.putRows(to, to + going, inputs, to * inner);
  }

  private static void relu(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] = Math.max(values[i], 0f);
    }
  }

  @Override
  public void states(RaggedBatch batch, OffHeapMatrix matrix) {
    matrix.putRows(0, batch.rows(), states, 0);
  }

  @Override
  public double loss(RaggedBatch batch, Loss loss, OffHeapMatrix matrix) {
    int outputs = shape.outputs();
    int count = batch.rows() * outputs;
    matrix.getRows(0, batch.rows(), logits, 0);
    for (int o = 0; o < outputs; o++) {
      float bias = parameters[shape.decoderBias() + o];
      for (int i = o; i < count; i += outputs) {
        answers[i] = logits[i] + bias;
      }
    }
    Sigmoid.apply(answers, count);
    double sum =
        loss == Loss.SQUARED
            ? squared(answers, errors, batch.labels, logits, count)
            : crossEntropy(answers, batch.labels, logits, count);
    for (int o = 0; o < outputs; o++) {
      float bias = 0;
      for (int i = o; i < count; i += outputs) {
        bias += logits[i];
      }
      gradient[shape.decoderBias() + o] = bias;
    }
    matrix.putRows(0, batch.rows(), logits, 0);
    return sum / count;
  }

  // Loops over local arrays, and those that are widened apart from those that convert or sum: as
  // one
  // loop over the fields they were a tenth of all training. Answers are rounded to single, for one
  // that is 1 there is not moved any more; the product of their derivative is double, for in single
  // it would be subnormal wherever a network is sure.
  private static double squared(
      double[] answers, double[] errors, byte[] labels, float[] derivative, int count) {
    for (int i = 0; i < count; i++) {
      errors[i] = labels[i];
    }
    double scale = 2.0 / count;
    for (int i = 0; i < count; i++) {
      double flushed = flushed(answers[i]);
      double upper = flushed * TO_SINGLE;
      double p = upper - (upper - flushed);
      double error = p - errors[i];
      errors[i] = error;
      answers[i] = flushed(scale * error * (p * (1 - p)));
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += errors[i] * errors[i];
      derivative[i] = (float) answers[i];
    }
    return sum;
  }

  private static double crossEntropy(
      double[] answers, byte[] labels, float[] derivative, int count) {
    float scale = 1f / count;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      float p = (float) flushed(answers[i]);
      sum += Math.min(Loss.LARGEST, -StrictMath.log(labels[i] > 0 ? answers[i] : 1 - p));
      derivative[i] = scale * (p - labels[i]);
    }
    return sum;
  }

  private static double flushed(double value) {
    return (value + FLUSH_BEFORE_ROUNDING) - FLUSH_BEFORE_ROUNDING;
  }

  @Override
  public void score(RaggedBatch batch, OffHeapMatrix matrix, Score score) {
    int outputs = shape.outputs();
    matrix.getRows(0, batch.rows(), logits, 0);
    boolean[] wrong = new boolean[batch.words];
    for (int t = 0; t < batch.steps; t++) {
      for (int row = batch.first[t]; row < batch.first[t + 1]; row++) {
        boolean right = true;
        for (int o = 0; o < outputs; o++) {
          float z = logits[row * outputs + o] + parameters[shape.decoderBias() + o];
          right &= z > 0 == batch.labels[row * outputs + o] > 0;
        }
        score.rightPositions += right ? 1 : 0;
        wrong[row - batch.first[t]] |= !right;
      }
    }
    for (boolean one : wrong) {
      score.rightWords += one ? 0 : 1;
    }
    score.words += batch.words;
    score.positions += batch.rows();
  }

  @Override
  public void beginBackward(RaggedBatch batch, OffHeapMatrix matrix) {
    matrix.getRows(0, batch.rows(), delta, 0);
  }

  @Override
  public void backward(RaggedBatch batch, int t, OffHeapMatrix fromNext, OffHeapMatrix matrix) {
    int m = shape.width();
    int from = batch.first[t];
    int to = batch.first[t + 1];
    int going = batch.going(t + 1);
    // At the same places as delta's: loops over arrays at different offsets are not widened.
    fromNext.getRows(0, going, product, from * m);
    Arrays.fill(product, (from + going) * m, to * m, 0);
    if (activation == Activation.TANH) {
      throughTanh(delta, product, states, from * m, to * m);
    } else {
      throughRelu(delta, product, states, from * m, to * m);
    }
    matrix.putRows(from, to, delta, from * m);
  }

  // Vanishing derivatives would go through subnormal numbers, which take a product ten times as
  // long; a square of theirs is 0 to the optimiser anyway.
  private static void throughTanh(float[] delta, float[] fromNext, float[] h, int from, int to) {
    for (int i = from; i < to; i++) {
      float d = (delta[i] + fromNext[i]) * (1f - h[i] * h[i]);
      delta[i] = (d + FLUSH) - FLUSH;
    }
  }

  /** The factor is 1 where h > 0, otherwise 0, and no branch. */
  private static void throughRelu(float[] delta, float[] fromNext, float[] h, int from, int to) {
    for (int i = from; i < to; i++) {
      float d = (delta[i] + fromNext[i]) * Math.min(h[i] * HUGE * HUGE, 1f);
      delta[i] = (d + FLUSH) - FLUSH;
    }
  }

  @Override
  public void gradient(OffHeapMatrix step, OffHeapMatrix decoder) {
    int m = shape.width();
    int symbols = shape.symbols();
    int inner = shape.inner();
    step.getRows(0, m, product, 0);
    for (int i = 0; i < m; i++) {
      System.arraycopy(product, i * inner, gradient, i * m, m);
      float sum = 0; // every position has one symbol, so the biases' part is that of all symbols
      for (int v = 0; v < symbols; v++) {
        float part = product[i * inner + m + v];
        gradient[shape.input() + i * symbols + v] = part;
        sum += part;
      }
      gradient[shape.inputBias() + i] = sum;
      gradient[shape.recurrentBias() + i] = sum;
    }
    decoder.getRows(0, shape.outputs(), gradient, shape.decoder());
  }

  @Override
  public void clip(double norm) {
    double square = 0;
    for (float g : gradient) {
      square += (double) g * g;
    }
    float factor = (float) Math.min(1, norm / (Math.sqrt(square) + 1e-6));
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= factor;
    }
  }

  @Override
  public void update(Optimiser optimiser) {
    optimiser.step(parameters, gradient, kept);
  }
}
