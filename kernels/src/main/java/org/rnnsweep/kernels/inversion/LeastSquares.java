package org.rnnsweep.kernels.inversion;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;

/**
 * The best linear readout, that is, the optimum of the objective of Appendix I on n fresh
 * sequences: {@code Wbar = (H^T H + lambda I)^-1 H^T X}, rows of H the states h^(L), rows of X the
 * sequences. There is no intercept, as there is none in the paper.
 *
 * <p>The ridge is {@code lambda = ridge tr(H^T H) / m}: what {@code ridge n} is once h is scaled to
 * unit rms. Products are summed in double and factorised in double whatever the precision of the
 * forward pass: a single Gram matrix shifts the error by 8 to 13% at m = 2000 to 4000.
 */
public final class LeastSquares {
  private LeastSquares() {}

  /**
   * Fits one readout a length; one pass serves all of them.
   *
   * @param panel through which the sequences go
   * @param arena where the weights stay; takes {@link #memoryBytes} of it at the peak
   * @param train a law that gives every length as a prefix of the longest
   * @param lengths each at most the panel's longest
   * @param sequences n; at least 4 m, or the fit interpolates
   * @param ridge positive
   * @return in the order of {@code lengths}; a readout whose states overflowed says so
   */
  public static List<Readout> fit(
      StatePanel panel,
      Arena arena,
      InputSequences train,
      Collection<Integer> lengths,
      long sequences,
      double ridge,
      Checkpoint checkpoint)
      throws InterruptedException {
    if (!(ridge > 0)) {
      throw new IllegalArgumentException("ridge must be positive, found " + ridge);
    }
    long m = panel.network().width();
    Map<Integer, Equations> equations = new LinkedHashMap<>();
    int longest = 0;
    for (int length : lengths) {
      equations.put(length, new Equations(arena, m, length, train.dimension()));
      longest = Math.max(longest, length);
    }
    BlockPlan plan = new BlockPlan(sequences, panel.width());
    for (long block = 0; block < plan.count(); block++) {
      panel.start(train, block, plan.sequencesIn(block));
      for (int length = 1; length <= longest; length++) {
        panel.step(checkpoint);
        Equations ofLength = equations.get(length);
        if (ofLength != null) {
          ofLength.add(panel, length);
          checkpoint.worked(productFlops(m, (long) length * train.dimension(), plan.width()));
        }
      }
    }
    List<Readout> readouts = new ArrayList<>();
    for (Map.Entry<Integer, Equations> entry : equations.entrySet()) {
      int length = entry.getKey();
      readouts.add(entry.getValue().solve(panel.blas(), arena, length, ridge));
      checkpoint.worked(solveFlops(m, (long) length * train.dimension()));
    }
    return readouts;
  }

  /** What {@link #fit} takes from the arena: a Gram matrix and the weights of every length. */
  public static long memoryBytes(long networkWidth, int dimension, Collection<Integer> lengths) {
    long bytes = 0;
    for (int length : lengths) {
      bytes += networkWidth * (networkWidth + (long) length * dimension) * Double.BYTES;
    }
    return bytes;
  }

  /** Of one block's products: m^2 width for the symmetric one, 2 m L d width for the other. */
  static double productFlops(double m, double outputs, double width) {
    return m * m * width + 2 * m * outputs * width;
  }

  /** m^3/3 for the factor, 2 m^2 L d for the two triangular solves. */
  static double solveFlops(double m, double outputs) {
    return m * m * m / 3 + 2 * m * m * outputs;
  }

  /** Flops of {@link #fit}, forward passes excluded, with blocks of this plan. */
  public static double flops(
      long networkWidth, int dimension, Collection<Integer> lengths, BlockPlan plan) {
    double flops = 0;
    for (int length : lengths) {
      double outputs = (double) length * dimension;
      flops += plan.count() * productFlops(networkWidth, outputs, plan.width());
      flops += solveFlops(networkWidth, outputs);
    }
    return flops;
  }

  /** H^T H (upper triangle) and X^T H of one length. */
  private static final class Equations {
    private final OffHeapMatrix gram;
    private final OffHeapMatrix weights; // X^T H, later the solution

    Equations(Arena arena, long m, int length, int dimension) {
      gram = arena.matrix(m, m, Precision.DOUBLE);
      weights = arena.matrix((long) length * dimension, m, Precision.DOUBLE);
    }

    void add(StatePanel panel, int length) {
      OffHeapMatrix states = panel.states();
      Blas blas = panel.blas();
      blas.syrk(Transpose.YES, 1, states, 1, gram);
      blas.gemm(Transpose.NO, Transpose.NO, 1, panel.inputs(length), states, 1, weights);
    }

    Readout solve(Blas blas, Arena arena, int length, double ridge) {
      long m = gram.rows();
      double trace = 0;
      for (long i = 0; i < m; i++) {
        trace += gram.get(i, i);
      }
      String problem = "";
      if (!Double.isFinite(trace)) {
        problem = String.format(Locale.ROOT, "the states h^(%d) are not finite", length);
      } else {
        double lambda = ridge * trace / m;
        for (long i = 0; i < m; i++) {
          gram.set(i, i, gram.get(i, i) + lambda);
        }
        if (blas.cholesky(gram)) {
          blas.choleskySolve(gram, weights);
        } else {
          problem =
              String.format(
                  Locale.ROOT,
                  "the normal equations of h^(%d) are not positive definite at ridge %s",
                  length,
                  ridge);
        }
      }
      arena.release(gram);
      return new Readout(length, weights, problem);
    }
  }
}
