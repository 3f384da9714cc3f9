package org.rnnsweep.kernels.training;

import java.util.Locale;

/**
 * The sizes of a trained network, and where its parameters stand in one flat array: W (m x m,
 * recurrent), A (m x symbols, input), the input's bias (m), the recurrent bias (m), D (outputs x m,
 * decoder) and its bias (outputs), each row-major, in this order.
 *
 * @param width m, neurons
 * @param symbols size of the alphabet; a symbol enters as a unit vector
 * @param outputs bits asked for after each symbol
 */
public record ElmanShape(int width, int symbols, int outputs) {

  /** More neurons than this are refused: the parameters are held on the heap. */
  public static final int MAX_WIDTH = 4096;

  public ElmanShape {
    require("width", width, MAX_WIDTH);
    require("symbols", symbols, 62);
    require("outputs", outputs, 62);
  }

  private static void require(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is from 1 to %d, found %d", what, most, value));
    }
  }

  /** How many numbers are trained. */
  public int parameters() {
    return decoderBias() + outputs;
  }

  int input() {
    return width * width;
  }

  int inputBias() {
    return input() + width * symbols;
  }

  int recurrentBias() {
    return inputBias() + width;
  }

  int decoder() {
    return recurrentBias() + width;
  }

  int decoderBias() {
    return decoder() + outputs * width;
  }

  /** Columns of a step's input: the last state, then the symbol's unit vector. */
  int inner() {
    return width + symbols;
  }

  /** Products of the forward pass and the read-out, a symbol. */
  public double forwardFlops() {
    return 2.0 * width * (inner() + outputs);
  }

  /** Products of a step of training, forward pass included, a symbol. */
  public double trainingFlops() {
    return forwardFlops() + 2.0 * width * (width + inner() + 2.0 * outputs);
  }
}
