package org.rnnsweep.kernels.training;

import java.util.Arrays;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/**
 * {@link Cells} in double precision, {@link SingleCells} line by line, by the library's own tanh
 * and exp.
 */
final class DoubleCells implements Cells {
  /** Beyond what turns the smallest positive number into one above 1 in two multiplications. */
  private static final double HUGE = 0x1p1022;

  /** Adding and subtracting it makes 0 of what is below 1e-287, and moves nothing above 1e-255. */
  private static final double FLUSH = 0x1p-900;

  private final ElmanShape shape;
  private final Activation activation;
  private final double[] parameters;
  private final double[] gradient;
  private final double[] kept; // the optimiser's
  private final double[] inputs; // rows x (m + symbols)
  private final double[] states; // rows x m
  private final double[] delta; // rows x m
  private final double[] product; // rows x m
  private final double[] logits; // rows x outputs

  DoubleCells(ElmanShape shape, Activation activation, int rows) {
    this.shape = shape;
    this.activation = activation;
    parameters = new double[shape.parameters()];
    gradient = new double[shape.parameters()];
    kept = new double[shape.parameters()];
    inputs = new double[rows * shape.inner()];
    states = new double[rows * shape.width()];
    delta = new double[rows * shape.width()];
    product = new double[rows * shape.width()];
    logits = new double[rows * shape.outputs()];
  }

  @Override
  public void start(double[] values) {
    System.arraycopy(values, 0, parameters, 0, parameters.length);
    Arrays.fill(kept, 0);
  }

  @Override
  public double[] parameters() {
    return parameters.clone();
  }

  @Override
  public double[] gradient() {
    return gradient.clone();
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
    double[] transposed = new double[shape.inner() * m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        transposed[j * m + i] = parameters[i * m + j];
      }
      double bias = parameters[shape.inputBias() + i] + parameters[shape.recurrentBias() + i];
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
      tanh(states, from * m, to * m);
    } else {
      relu(states, from * m, to * m);
    }
    int going = batch.going(t + 1);
    for (int s = 0; s < going; s++) {
      System.arraycopy(states, (from + s) * m, inputs, (to + s) * inner, m);
    }
    matrix.putRows(to, to + going, inputs, to * inner);
  }

  private static void tanh(double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] = StrictMath.tanh(values[i]);
    }
  }

  private static void relu(double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] = Math.max(values[i], 0.0);
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
    double scale = 1.0 / count;
    Arrays.fill(gradient, shape.decoderBias(), gradient.length, 0);
    double sum = 0;
    for (int row = 0; row < count; row += outputs) {
      for (int o = 0; o < outputs; o++) {
        double p = sigmoid(logits[row + o] + parameters[shape.decoderBias() + o]);
        double y = batch.labels[row + o];
        double error = p - y;
        if (loss == Loss.SQUARED) {
          sum += error * error;
          logits[row + o] = 2 * scale * error * (p * (1 - p));
        } else {
          sum += Math.min(Loss.LARGEST, -StrictMath.log(y > 0 ? p : 1 - p));
          logits[row + o] = scale * error;
        }
        gradient[shape.decoderBias() + o] += logits[row + o];
      }
    }
    matrix.putRows(0, batch.rows(), logits, 0);
    return sum / count;
  }

  private static double sigmoid(double z) {
    double e = StrictMath.exp(-Math.abs(z));
    return (z >= 0 ? 1 : e) / (1 + e);
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
          double z = logits[row * outputs + o] + parameters[shape.decoderBias() + o];
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

  private static void throughTanh(double[] delta, double[] fromNext, double[] h, int from, int to) {
    for (int i = from; i < to; i++) {
      double d = (delta[i] + fromNext[i]) * (1.0 - h[i] * h[i]);
      delta[i] = (d + FLUSH) - FLUSH;
    }
  }

  /** The factor is 1 where h > 0, otherwise 0, and no branch. */
  private static void throughRelu(double[] delta, double[] fromNext, double[] h, int from, int to) {
    for (int i = from; i < to; i++) {
      double d = (delta[i] + fromNext[i]) * Math.min(h[i] * HUGE * HUGE, 1.0);
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
      double sum = 0; // every position has one symbol, so the biases' part is that of all symbols
      for (int v = 0; v < symbols; v++) {
        double part = product[i * inner + m + v];
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
    for (double g : gradient) {
      square += g * g;
    }
    double factor = Math.min(1, norm / (Math.sqrt(square) + 1e-6));
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= factor;
    }
  }

  @Override
  public void update(Optimiser optimiser) {
    optimiser.step(parameters, gradient, kept);
  }
}
