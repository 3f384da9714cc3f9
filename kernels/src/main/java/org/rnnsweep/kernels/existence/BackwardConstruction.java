package org.rnnsweep.kernels.existence;

import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * The weights W* that Allen-Zhu and Li show to exist (Definition 5.3), of rank L - 2 and never
 * formed. Row k, with h0 and Back0 of the null sequence, is
 *
 * <pre>
 * w*_k = sum over 2 &lt;= i &lt; j &lt;= L, s, r of [Back0_(i-&gt;j)]_sk / (m C_(i-&gt;j,s))
 *        1{|&lt;w_k, h0_(i-1)&gt;| &lt;= eps_c / sqrt(m)} H_(i-&gt;j,r,s)(a_k) h0_(i-1)
 * C_(i-&gt;j,s) = |e_s^T Back0_(i-&gt;j)|^2 |h0_(i-1)|^2 / m
 * </pre>
 *
 * and the pseudo-network at an actual sequence
 *
 * <pre>
 * f_(j,s) = sum over k = 2..j of e_s^T Back_(k-&gt;j) D_k W* h_(k-1),
 * </pre>
 *
 * which should be {@code F*_(j,s) = sum over i = 2..j-1 and r of Phi(<w*_(i-&gt;j,r,s), x*_i>)}. W*
 * is kept as one vector of R^m for every (i, j, s), beside the h0_(i-1).
 */
public final class BackwardConstruction implements AutoCloseable {

  /**
   * What is represented.
   *
   * @param link Phi, the same everywhere
   * @param functions p: how many Phi(&lt;w*_r, .&gt;) are added, each with a direction of its own
   * @param weight of H
   * @param epsX norm of the tokens
   * @param window eps_c
   * @param noises sigma_i by i from 2 to L - 1; see {@link SingleFit#noise}
   * @param accuracy what degrees left out add up to at most
   */
  public record Target(
      Link link,
      int functions,
      HermiteStep.Weight weight,
      double epsX,
      double window,
      double[] noises,
      double accuracy) {}

  /**
   * How far the outputs are from F*, over all j &gt;= 3 and s.
   *
   * @param size rms of F*
   * @param error rms of f - F*
   * @param ownError the same of the terms with k = i and the function's own output alone
   * @param offLayer rms of the sum of terms with k != i
   * @param offOutput rms of the sum of terms with k = i and another j
   * @param offComponent rms of the sum of terms with k = i, the same j and another s
   */
  public record Errors(
      double size,
      double error,
      double ownError,
      double offLayer,
      double offOutput,
      double offComponent) {}

  private record Place(int i, int j, int s, double[][] directions) {}

  private final Arena arena;
  private final int length;
  private final int outputs;
  private final Target target;
  private final Trajectory nullStates;
  private final List<Place> places = new ArrayList<>();
  private final OffHeapMatrix vectors; // a row a place
  private double leastConstant = Double.POSITIVE_INFINITY;
  private double largestConstant;

  /**
   * @param states of the null sequence alone, W h_(l-1) = g_l - A x_l
   * @param back of the null sequence, targets 3 to L
   * @param key of the directions w*, split by output and position
   */
  public BackwardConstruction(
      Arena arena,
      RandomNetwork network,
      NormalizedInput input,
      Trajectory states,
      BackwardVectors back,
      Target target,
      StreamKey key) {
    this.arena = arena;
    this.target = target;
    nullStates = states;
    length = states.steps();
    outputs = Math.toIntExact(network.output().rows());
    int free = input.dimension() - 2; // w* is 0 where x* is 1/2
    for (int i = 2; i < length; i++) {
      for (int j = i + 1; j <= length; j++) {
        for (int s = 0; s < outputs; s++) {
          double[][] directions = new double[target.functions()][];
          for (int r = 0; r < directions.length; r++) {
            directions[r] =
                direction(
                    key.with("position", i).with("end", j).with("output", s).with("function", r),
                    free);
          }
          places.add(new Place(i, j, s, directions));
        }
      }
    }
    vectors = arena.matrix(places.size(), network.width(), Precision.DOUBLE);
    for (int n = 0; n < places.size(); n++) {
      fill(n, network, input, back);
    }
  }

  /** Rows of {@link #vectors}. */
  private static int places(int length, int outputs) {
    return outputs * (length - 1) * (length - 2) / 2;
  }

  /** Bytes taken from the arena, {@link #errors} included. */
  public static long memoryBytes(long width, int length, int outputs) {
    return (places(length, outputs) + 1L) * width * Double.BYTES;
  }

  private static double[] direction(StreamKey key, int dimension) {
    double[] direction = new double[dimension];
    NormalStream.of(key).fill(direction, 0, dimension);
    double square = 0;
    for (double entry : direction) {
      square += entry * entry;
    }
    for (int c = 0; c < dimension; c++) {
      direction[c] /= Math.sqrt(square);
    }
    return direction;
  }

  private void fill(int n, RandomNetwork network, NormalizedInput input, BackwardVectors back) {
    Place place = places.get(n);
    int i = place.i();
    int m = Math.toIntExact(network.width());
    OffHeapMatrix row = back.block(i, place.j(), 0).rowRange(place.s(), place.s() + 1);
    double norm = RowMeasures.norm(nullStates.state(i - 1, 0), 0);
    double backNorm = RowMeasures.norm(row, 0);
    double constant = backNorm * backNorm * norm * norm / m;
    leastConstant = Math.min(leastConstant, constant);
    largestConstant = Math.max(largestConstant, constant);
    SingleFit fit =
        SingleFit.of(
            target.link(),
            target.weight(),
            target.noises()[i],
            target.window(),
            norm,
            target.accuracy());
    double[] x = i < length ? input.token(i) : input.lastToken(length);
    double[] values = new double[m];
    double[] products = new double[m];
    row.getRow(0, values);
    nullStates.preactivation(i, 0).getRow(0, products);
    double[] a = new double[input.dimension()];
    double half = target.window() / Math.sqrt(m);
    double scale = Math.sqrt(m / RandomNetwork.HE);
    for (int k = 0; k < m; k++) {
      network.input().getRow(k, a);
      double product = products[k]; // <w_k, h0_(i-1)>
      for (int c = 0; c < a.length; c++) {
        product -= a[c] * x[c];
      }
      double h = 0;
      if (Math.abs(product) <= half) {
        for (double[] direction : place.directions()) {
          h += fit.value(scale * dot(direction, a), scale * a[a.length - 2]);
        }
      }
      values[k] *= h / (m * constant);
    }
    vectors.putRow(n, values);
  }

  private static double dot(double[] direction, double[] a) {
    double sum = 0;
    for (int c = 0; c < direction.length; c++) {
      sum += direction[c] * a[c];
    }
    return sum;
  }

  /** The least {@code C_(i->j,s)}. */
  public double leastConstant() {
    return leastConstant;
  }

  /** The largest {@code C_(i->j,s)}. */
  public double largestConstant() {
    return largestConstant;
  }

  /** |W*|_F and the largest norm of a row, in this order. */
  public double[] norms() {
    int rank = length - 2;
    double[][] gram = new double[rank][rank];
    for (int a = 0; a < rank; a++) {
      for (int b = 0; b < rank; b++) {
        gram[a][b] = RowMeasures.dot(nullStates.state(a + 1, 0), 0, nullStates.state(b + 1, 0), 0);
      }
    }
    int m = Math.toIntExact(vectors.columns());
    double[][] sums = new double[rank][m];
    double[] one = new double[m];
    for (int n = 0; n < places.size(); n++) {
      vectors.getRow(n, one);
      double[] sum = sums[places.get(n).i() - 2];
      for (int k = 0; k < m; k++) {
        sum[k] += one[k];
      }
    }
    double total = 0;
    double largest = 0;
    for (int k = 0; k < m; k++) {
      double square = 0;
      for (int a = 0; a < rank; a++) {
        for (int b = 0; b < rank; b++) {
          square += gram[a][b] * sums[a][k] * sums[b][k];
        }
      }
      total += square;
      largest = Math.max(largest, square);
    }
    return new double[] {Math.sqrt(total), Math.sqrt(largest)};
  }

  /**
   * The pseudo-network at one sequence against F*.
   *
   * @param input the sequence
   * @param states of it alone
   * @param back of it, targets 3 to L
   */
  public Errors errors(NormalizedInput input, Trajectory states, BackwardVectors back) {
    double[][] goal = goal(input);
    double[][][] parts = new double[4][length + 1][outputs]; // own, component, output, layer
    OffHeapMatrix masked = arena.matrix(1, vectors.columns(), Precision.DOUBLE);
    for (int n = 0; n < places.size(); n++) {
      Place place = places.get(n);
      for (int k = 2; k <= length; k++) {
        masked.copyFrom(vectors.rowRange(n, n + 1));
        SignPattern.apply(states.state(k, 0), masked);
        double product =
            RowMeasures.dot(nullStates.state(place.i() - 1, 0), 0, states.state(k - 1, 0), 0);
        for (int j = Math.max(3, k); j <= length; j++) {
          for (int s = 0; s < outputs; s++) {
            int part = k != place.i() ? 3 : j != place.j() ? 2 : s != place.s() ? 1 : 0;
            parts[part][j][s] += product * RowMeasures.dot(back.block(k, j, 0), s, masked, 0);
          }
        }
      }
    }
    arena.release(masked);
    double[] squares = new double[6];
    for (int j = 3; j <= length; j++) {
      for (int s = 0; s < outputs; s++) {
        double all = -goal[j][s];
        for (double[][] part : parts) {
          all += part[j][s];
        }
        add(squares, 0, goal[j][s]);
        add(squares, 1, all);
        add(squares, 2, parts[0][j][s] - goal[j][s]);
        add(squares, 3, parts[3][j][s]);
        add(squares, 4, parts[2][j][s]);
        add(squares, 5, parts[1][j][s]);
      }
    }
    int count = (length - 2) * outputs;
    for (int q = 0; q < squares.length; q++) {
      squares[q] = Math.sqrt(squares[q] / count);
    }
    return new Errors(squares[0], squares[1], squares[2], squares[3], squares[4], squares[5]);
  }

  private static void add(double[] squares, int index, double value) {
    squares[index] += value * value;
  }

  /** F*, by j and s. */
  private double[][] goal(NormalizedInput input) {
    double[][] goal = new double[length + 1][outputs];
    for (Place place : places) {
      double[] x = input.token(place.i());
      for (double[] direction : place.directions()) {
        goal[place.j()][place.s()] += target.link().value(dot(direction, x) / target.epsX());
      }
    }
    return goal;
  }

  @Override
  public void close() {
    arena.release(vectors);
  }
}
