package org.rnnsweep.kernels.stability;

import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.SignPattern;

/**
 * The change of W that a few steps of descent make, of spectral norm r: one sequence a step, the
 * loss {@code -<y_t, B h_L>} of its label, steps of norm r/T, and the sum scaled to r,
 *
 * <pre>
 * W'_t = W'_(t-1) + r/T G_t / |G_t|_2,   G_t = sum over i = 2..L of D_i V_i h_(i-1)^T at W + W'_(t-1)
 * </pre>
 *
 * <p>with V_i of {@link LossVectors}. Of rank T (L - 1) at most, it is kept as {@code U^T S V} with
 * orthonormal rows U and V and a small S; W is touched only through products.
 */
public final class TrainingDisplacement implements AutoCloseable {
  private final Basis outer;
  private final Basis inner;
  private LowRankSum sum;

  private TrainingDisplacement(Basis outer, Basis inner) {
    this.outer = outer;
    this.inner = inner;
  }

  /**
   * Trains.
   *
   * @param net whose W has {@link #products} left
   * @param sequences of the T steps, at least 1
   * @param labels y_t in R^d, not 0
   * @param length L, at least 2
   * @param size r, positive and finite
   */
  public static TrainingDisplacement train(
      Blas blas,
      Arena arena,
      RandomNetwork net,
      List<NormalizedInput> sequences,
      double[][] labels,
      int length,
      double size) {
    int steps = sequences.size();
    if (steps < 1 || labels.length != steps || length < 2 || !(size > 0 && size < 1 / 0.0)) {
      throw new IllegalArgumentException(
          String.format(
              "a label for each of at least 1 sequence of at least 2 tokens and a positive size,"
                  + " found %d sequences, %d labels, %d tokens and %s",
              steps, labels.length, length, size));
    }
    int rank = steps * (length - 1);
    TrainingDisplacement change =
        new TrainingDisplacement(
            new Basis(blas, arena, rank, net.output()), new Basis(blas, arena, rank, net.output()));
    double[][] core = new double[rank][rank];
    for (int t = 0; t < steps; t++) {
      double[][] gradient = new double[rank][rank];
      try (LowRankSum at =
          Basis.sum(blas, arena, net.recurrent(), change.outer, core, change.inner)) {
        change.addGradient(blas, arena, net, at, sequences.get(t), labels[t], length, gradient);
      }
      BallAscent.add(core, size / steps / SymmetricEigen.spectralNorm(gradient), gradient);
    }
    double norm = SymmetricEigen.spectralNorm(core);
    BallAscent.add(core, size / norm - 1, core);
    change.sum = Basis.sum(blas, arena, net.recurrent(), change.outer, core, change.inner);
    return change;
  }

  private void addGradient(
      Blas blas,
      Arena arena,
      RandomNetwork net,
      LowRankSum at,
      NormalizedInput sequence,
      double[] label,
      int length,
      double[][] gradient) {
    double[][] losses = new double[length - 1][label.length];
    losses[length - 2] = label;
    OffHeapMatrix masked = arena.matrix(1, net.width(), net.output().precision());
    try (Trajectory states = Trajectory.of(blas, arena, at, net.input(), length, sequence)) {
      LossVectors.ask(
          blas,
          arena,
          at,
          net.output(),
          states,
          0,
          losses,
          (i, vector) -> {
            masked.copyFrom(vector);
            SignPattern.apply(states.state(i, 0), masked);
            BallAscent.addOuterProduct(
                gradient, 1, outer.coordinates(masked), inner.coordinates(states.state(i - 1, 0)));
          });
    }
    arena.release(masked);
  }

  /** W + W'. Its memory is the displacement's. */
  public LowRankSum sum() {
    return sum;
  }

  /** What is asked of W. */
  public static Products products(int length, int steps) {
    return new Products(steps * Trajectory.products(1, length), steps * (length - 2));
  }

  /** The most bytes held at a time, in double, also while {@link #sum} is asked d vectors. */
  public static long memoryBytes(long width, int dimension, int outputs, int length, int steps) {
    int bytes = Precision.DOUBLE.bytes();
    int rank = steps * (length - 1);
    return 2 * Basis.memoryBytes(rank, width, bytes)
        + LowRankSum.memoryBytes(width, width, rank, outputs, Precision.DOUBLE)
        + Math.max(
            (width + rank) * rank * bytes,
            Trajectory.memoryBytes(width, dimension, 1, length, Precision.DOUBLE)
                + (width + LossVectors.size(width, outputs)) * bytes);
  }

  @Override
  public void close() {
    sum.close();
    inner.close();
    outer.close();
  }
}
