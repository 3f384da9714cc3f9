package org.rnnsweep.jobs;

import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.RandomNetwork;

/** A trial on a network, in numbers, by the names that jobs have for a network's parameters. */
public interface NetworkTrial {
  /** What is computed. */
  Trial trial();

  /** The trial's parameters. */
  default Configuration configuration() {
    return trial().configuration();
  }

  /** m. */
  default long width() {
    return configuration().integer("width");
  }

  /** L. */
  default int length() {
    return configuration().smallInteger("length");
  }

  /** Coordinates of a token. */
  default int dimension() {
    return configuration().smallInteger("dimension");
  }

  /** Rows of the output matrix B. */
  default int outputs() {
    return configuration().smallInteger("outputs");
  }

  /** Norm of the small tokens. */
  default double epsX() {
    return configuration().real("eps_x");
  }

  /** The sizes of what is drawn: W, A and B. */
  default RandomNetwork.Shape drawnShape() {
    return new RandomNetwork.Shape(width(), dimension(), outputs());
  }

  /** The products of the trial's numerics profile. */
  default Blas blas() {
    return Blas.of(trial().numerics());
  }

  /** Whether W is formed, as the trial asks; these products decide {@code auto}. */
  default Representation representation(Products products) {
    return Representation.of(configuration().choice("representation"), width(), width(), products);
  }

  /** {@link Trial#key()}. */
  default StreamKey key() {
    return trial().key();
  }
}
