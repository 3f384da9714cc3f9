package org.rnnsweep.jobs.ntk;

import java.util.List;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.FiniteNetwork;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.TangentGram;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

/** The tangent kernel's matrix of a random network of the configuration's width, W formed. */
final class RandomTangent {
  private RandomTangent() {}

  /** H, n x n; all is double, for labels are divided by small eigenvalues. */
  static double[][] gram(
      Blas blas,
      Configuration configuration,
      List<double[][]> sequences,
      StreamKey key,
      JobContext context)
      throws InterruptedException {
    long m = configuration.integer("width");
    int length = configuration.smallInteger("length");
    NetworkLaw law = ConceptSamples.network(configuration);
    try (GaussianOperator w =
            Representation.DENSE.draw(
                blas,
                context.arena(),
                Precision.DOUBLE,
                m,
                m,
                Math.sqrt(2.0 / m),
                FiniteNetwork.products(sequences.size(), length),
                key.name("W").with("width", m));
        FiniteNetwork network =
            new FiniteNetwork(
                blas,
                context.arena(),
                w,
                law.inputVariance(),
                law.readoutVariance(),
                sequences,
                key)) {
      while (network.advance()) {
        context.checkCancelled();
      }
      context.checkCancelled();
      return TangentGram.of(network, Trained.RECURRENT, sequences).values();
    }
  }

  static double flops(Configuration configuration, int sequences) {
    long m = configuration.integer("width");
    int length = configuration.smallInteger("length");
    double products = 2.0 * FiniteNetwork.products(sequences, length).total(); // of all at once
    return (products + Cost.FLOPS_OF_A_NORMAL) * m * m
        + FiniteNetwork.productFlops(m, sequences, length)
        + Cost.FLOPS_OF_A_NORMAL * m * (configuration.integer("dimension") + 2.0);
  }

  static long memoryBytes(Configuration configuration, int sequences) {
    long m = configuration.integer("width");
    int length = configuration.smallInteger("length");
    return Representation.DENSE.memoryBytes(
            m, m, FiniteNetwork.products(sequences, length), Precision.DOUBLE)
        + FiniteNetwork.memoryBytes(
            m, configuration.smallInteger("dimension"), sequences, length, Precision.DOUBLE);
  }
}
