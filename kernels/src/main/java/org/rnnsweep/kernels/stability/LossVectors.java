package org.rnnsweep.kernels.stability;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Sums of backward vectors with given loss vectors of R^d, {@code V_l = sum over a >= l of
 * Back_(l->a)^T loss_a} (Allen-Zhu, Li and Song, Lemma D.7):
 *
 * <pre>V_L = B^T loss_L,   V_l = B^T loss_l + W^T D_(l+1) V_(l+1).</pre>
 */
public final class LossVectors {
  /** Losses that do not depend on the network, of norm 1 where they are not 0. */
  public enum Family {
    /** Independent uniform unit vectors. */
    RANDOM("random"),
    /** e_1 at every step. */
    EQUAL("equal"),
    /** e_1 and -e_1 in turn. */
    ALTERNATING("alternating"),
    /** e_1 at the last step, 0 elsewhere. */
    SINGLE("single");

    private final String label;

    Family(String label) {
      this.label = label;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }

    /** The one of this name. */
    public static Family ofLabel(String label) {
      for (Family family : values()) {
        if (family.label.equals(label)) {
          return family;
        }
      }
      throw new IllegalArgumentException(
          "no family of losses is called '"
              + label
              + "', the names are "
              + Arrays.stream(values()).map(Family::label).collect(Collectors.joining(", ")));
    }

    /** loss_l for l from 2 to L is row l - 2. */
    public double[][] draw(StreamKey key, int outputs, int length) {
      double[][] losses = new double[length - 1][outputs];
      for (int l = 2; l <= length; l++) {
        double[] loss = losses[l - 2];
        switch (this) {
          case RANDOM -> unit(key.with("position", l), loss);
          case EQUAL -> loss[0] = 1;
          case ALTERNATING -> loss[0] = l % 2 == 0 ? 1 : -1;
          case SINGLE -> loss[0] = l == length ? 1 : 0;
        }
      }
      return losses;
    }

    private static void unit(StreamKey key, double[] vector) {
      NormalStream normals = NormalStream.of(key);
      double square = 0;
      while (square == 0) { // a direction needs a vector that is not 0
        normals.fill(vector, 0, vector.length);
        for (double entry : vector) {
          square += entry * entry;
        }
      }
      for (int k = 0; k < vector.length; k++) {
        vector[k] /= Math.sqrt(square);
      }
    }
  }

  private LossVectors() {}

  /** What is told of each V_l. */
  public interface Visitor {
    /** V_l, 1 x m, which must not be kept or changed. */
    void visit(int l, OffHeapMatrix vector);
  }

  /**
   * V_L, ..., V_2 along one sequence of a trajectory. Asks W for L - 2 left products.
   *
   * @param losses loss_l for l from 2 to L is row l - 2
   */
  public static void ask(
      Blas blas,
      Arena arena,
      GaussianOperator recurrent,
      OffHeapMatrix readout,
      Trajectory trajectory,
      int sequence,
      double[][] losses,
      Visitor visitor) {
    int length = losses.length + 1;
    OffHeapMatrix vector = arena.matrix(1, readout.columns(), readout.precision());
    OffHeapMatrix masked = arena.matrix(1, readout.columns(), readout.precision());
    OffHeapMatrix loss = arena.matrix(1, readout.rows(), readout.precision());
    for (int l = length; l >= 2; l--) {
      if (l < length) {
        masked.copyFrom(vector);
        SignPattern.apply(trajectory.state(l + 1, sequence), masked);
        recurrent.left(masked, vector);
      }
      loss.putRow(0, losses[l - 2]);
      blas.gemm(Transpose.NO, Transpose.NO, 1, loss, readout, 1, vector);
      visitor.visit(l, vector);
    }
    arena.release(loss);
    arena.release(masked);
    arena.release(vector);
  }

  /** What {@link #ask} takes from the arena for a while. */
  public static long size(long width, int outputs) {
    return 2 * width + outputs;
  }
}
