package org.rnnsweep.kernels.training;

import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The law that training starts from. The decoder is the benchmark's in every case: weights uniform
 * in (-0.1, 0.1), bias 0.
 */
public enum InitialWeights {
  /** W, A and both biases uniform in (-1/sqrt(m), 1/sqrt(m)): the benchmark's library. */
  UNIFORM("uniform"),
  /** W and A are N(0, 2/m), biases 0: Panigrahi and Goyal, Section 2. */
  HE("he"),
  /** W and A are N(0, 1/m), biases 0: states keep their norm under tanh. */
  XAVIER("xavier");

  private static final double DECODER = 0.1;

  private final String label;

  InitialWeights(String label) {
    this.label = label;
  }

  /** The name used in experiment files and reports. */
  public String label() {
    return label;
  }

  /** The law of this name. */
  public static InitialWeights ofLabel(String label) {
    for (InitialWeights law : values()) {
      if (law.label.equals(label)) {
        return law;
      }
    }
    throw new IllegalArgumentException(
        "no initial weights are called '" + label + "', the names are uniform, he, xavier");
  }

  /**
   * Draws all parameters.
   *
   * @return in the order of {@link ElmanShape}
   */
  public double[] draw(ElmanShape shape, StreamKey key) {
    double[] parameters = new double[shape.parameters()];
    NormalStream network = NormalStream.of(key.name("network"));
    if (this == UNIFORM) {
      uniform(network, parameters, 0, shape.decoder(), 1 / Math.sqrt(shape.width()));
    } else {
      double sd = Math.sqrt((this == HE ? 2.0 : 1.0) / shape.width());
      network.fill(parameters, 0, shape.inputBias());
      for (int i = 0; i < shape.inputBias(); i++) {
        parameters[i] *= sd;
      }
    }
    NormalStream decoder = NormalStream.of(key.name("decoder"));
    uniform(decoder, parameters, shape.decoder(), shape.decoderBias(), DECODER);
    return parameters;
  }

  private static void uniform(
      NormalStream stream, double[] target, int from, int to, double bound) {
    for (int i = from; i < to; i++) {
      target[i] = bound * (2 * stream.nextUniform() - 1);
    }
  }
}
