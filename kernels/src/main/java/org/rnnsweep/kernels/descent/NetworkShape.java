package org.rnnsweep.kernels.descent;

import java.util.Locale;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Trained;

/**
 * What a network takes, gives and learns.
 *
 * <pre>
 * h_l = relu(W h_(l-1) + A x_l + b),   y_l = scale B h_l
 * </pre>
 *
 * <p>The answers are y_l for every l from {@code firstOutput} to L, or y_L alone, or the mean of
 * y_l over these l (their sum, with a scale as many times larger).
 *
 * @param width m
 * @param dimension coordinates D of a token
 * @param outputs d, rows of B
 * @param trained which of the matrices learn; {@link Trained#ALL} is W, A, B and, where the network
 *     has one, b
 * @param output which steps answer
 * @param firstOutput the first step that answers, from 1; of no account for {@link Output#LAST}
 * @param scale lambda of the papers, positive and finite
 */
public record NetworkShape(
    int width,
    int dimension,
    int outputs,
    Trained trained,
    Output output,
    int firstOutput,
    double scale) {

  public NetworkShape {
    if (!(width >= 1
        && dimension >= 1
        && outputs >= 1
        && firstOutput >= 1
        && scale > 0
        && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "width, dimension, outputs and first output are at least 1 and the scale is positive"
                  + " and finite, found %d, %d, %d, %d and %s",
              width,
              dimension,
              outputs,
              firstOutput,
              scale));
    }
  }

  /** How many answers a sequence of this length has. */
  public int answers(int length) {
    return output == Output.EVERY_STEP ? length - firstOutput + 1 : 1;
  }

  /** The first step whose state an answer reads. */
  int firstRead(int length) {
    return output == Output.LAST ? length : firstOutput;
  }

  boolean trainsInput() {
    return trained != Trained.RECURRENT;
  }

  boolean trainsAll() {
    return trained == Trained.ALL;
  }
}
