package org.rnnsweep.kernels.descent;

import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.LargestSingularValue;
import org.rnnsweep.kernels.stability.RowMeasures;

/**
 * The matrices of a network, or anything of their shape: a change of them, a gradient, a velocity.
 * The state h_0 before the first token is the same for all sequences and is not trained.
 */
public final class Network implements AutoCloseable {
  private final Arena arena;
  private final NetworkShape shape;
  private final OffHeapMatrix recurrent;
  private final OffHeapMatrix input;
  private final OffHeapMatrix bias; // null where there is none
  private final OffHeapMatrix readout;
  private final OffHeapMatrix initialState; // null for 0

  private Network(
      Arena arena, NetworkShape shape, Precision precision, boolean biased, boolean started) {
    this.arena = arena;
    this.shape = shape;
    int m = shape.width();
    recurrent = arena.matrix(m, m, precision);
    input = arena.matrix(m, shape.dimension(), precision);
    bias = biased ? arena.matrix(1, m, precision) : null;
    readout = arena.matrix(shape.outputs(), m, precision);
    initialState = started ? arena.matrix(1, m, precision) : null;
  }

  /**
   * A network at initialisation, all entries independent and normal of mean 0 and variance
   *
   * <pre>
   * W: weightVariance / m,   A: inputVariance / m,   b: biasVariance / m,   B: readoutVariance / d,
   * h_0 = relu(M_0),   M_0: initialVariance / m
   * </pre>
   *
   * (a law's own scaling multiplied by m^(-1/2), as the papers write it). W, A and B are those of
   * {@link org.rnnsweep.kernels.stability.RandomNetwork} for one key; b and M_0 have the streams
   * {@code "b"} and {@code "M"}. No bias where its variance is 0, h_0 = 0 likewise.
   *
   * @param law of a rectifier's network, such as {@link #law}
   * @param seedKey a key split by the seed index
   */
  public static Network draw(
      Arena arena, Precision precision, NetworkShape shape, NetworkLaw law, StreamKey seedKey) {
    if (law.activation() != Activation.RELU) {
      throw new IllegalArgumentException("these networks are rectifiers', found " + law);
    }
    int m = shape.width();
    double inputs =
        law.inputScale() == InputScale.ONE
            ? law.inputVariance()
            : law.inputVariance() / shape.dimension();
    Network drawn =
        new Network(arena, shape, precision, law.biasVariance() > 0, law.initialVariance() > 0);
    fill(drawn.recurrent, seedKey.name("W").with("width", m), law.weightVariance() / m);
    StreamKey inputKey = seedKey.name("A").with("width", m);
    fill(drawn.input, inputKey.with("dimension", shape.dimension()), inputs / m);
    fill(
        drawn.readout, seedKey.name("B").with("width", m), law.readoutVariance() / shape.outputs());
    if (drawn.bias != null) {
      fill(drawn.bias, seedKey.name("b").with("width", m), law.biasVariance() / m);
    }
    if (drawn.initialState != null) {
      fill(drawn.initialState, seedKey.name("M").with("width", m), law.initialVariance() / m);
      SignPattern.rectify(drawn.initialState);
    }
    return drawn;
  }

  private static void fill(OffHeapMatrix matrix, StreamKey key, double variance) {
    GaussianMatrix.fill(matrix, key, Math.sqrt(variance));
  }

  /**
   * A paper's law for {@link #draw} at one width and length; the one whose readout has the variance
   * 1/m as printed gets it here.
   */
  public static NetworkLaw law(Preset preset, int length, int width) {
    NetworkLaw law = preset.law(length);
    return preset == Preset.WANG_PRINTED ? law.withReadoutVariance(1.0 / width) : law;
  }

  /** The same matrices again. */
  public Network copy(Arena target) {
    Network copy = new Network(target, shape, precision(), bias != null, initialState != null);
    copy.set(this);
    return copy;
  }

  /** Zeros of this network's shape. */
  public Network zeros(Arena target) {
    return new Network(target, shape, precision(), bias != null, initialState != null);
  }

  /** Bytes that a network takes from its arena, bias and initial state included. */
  public static long memoryBytes(NetworkShape shape, Precision precision) {
    long m = shape.width();
    return m * (m + shape.dimension() + shape.outputs() + 2) * precision.bytes();
  }

  /** Takes over another network's matrices. */
  public void set(Network other) {
    List<OffHeapMatrix> mine = all();
    List<OffHeapMatrix> theirs = other.all();
    for (int k = 0; k < mine.size(); k++) {
      mine.get(k).copyFrom(theirs.get(k));
    }
  }

  /** Adds a factor times another network's matrices to those that learn. */
  public void add(double factor, Network other) {
    List<OffHeapMatrix> mine = trained();
    List<OffHeapMatrix> theirs = other.trained();
    for (int k = 0; k < mine.size(); k++) {
      for (long i = 0; i < mine.get(k).rows(); i++) {
        RowMeasures.add(mine.get(k), i, factor, theirs.get(k), i);
      }
    }
  }

  /** Frobenius distance of all matrices that learn, taken as one long vector. */
  public double distance(Network other) {
    List<OffHeapMatrix> mine = trained();
    List<OffHeapMatrix> theirs = other.trained();
    double square = 0;
    for (int k = 0; k < mine.size(); k++) {
      double part = frobeniusDistance(mine.get(k), theirs.get(k));
      square += part * part;
    }
    return Math.sqrt(square);
  }

  /**
   * {@code |W - W'|_2} to a relative residual of 10^-6, or what {@code iterations} of Lanczos give.
   * Takes {@link #spectralBytes} for a while.
   *
   * @param start key of the start vector
   */
  public double spectralDistance(
      Blas blas, Arena scratch, Network other, int iterations, StreamKey start) {
    LargestSingularValue.Map map =
        new LargestSingularValue.Map() {
          @Override
          public void apply(OffHeapMatrix x, OffHeapMatrix y) {
            blas.gemv(Transpose.NO, 1, recurrent, x, 0, y);
            blas.gemv(Transpose.NO, -1, other.recurrent, x, 1, y);
          }

          @Override
          public void applyTranspose(OffHeapMatrix y, OffHeapMatrix x) {
            blas.gemv(Transpose.YES, 1, recurrent, y, 0, x);
            blas.gemv(Transpose.YES, -1, other.recurrent, y, 1, x);
          }
        };
    int most = Math.min(iterations, shape.width());
    try (LargestSingularValue norm =
        new LargestSingularValue(blas, scratch, map, shape.width(), precision(), most, start)) {
      while (norm.iterate() && norm.residual() > 1e-6 * norm.value()) {}
      return norm.value();
    }
  }

  /** What {@link #spectralDistance} takes from the arena for a while. */
  public static long spectralBytes(NetworkShape shape, Precision precision, int iterations) {
    int most = Math.min(iterations, shape.width());
    return LargestSingularValue.memoryBytes(shape.width(), most, precision);
  }

  /** Inner product of all matrices that learn, taken as long vectors. */
  public double dot(Network other) {
    List<OffHeapMatrix> mine = trained();
    List<OffHeapMatrix> theirs = other.trained();
    double sum = 0;
    for (int k = 0; k < mine.size(); k++) {
      for (long i = 0; i < mine.get(k).rows(); i++) {
        sum += RowMeasures.dot(mine.get(k), i, theirs.get(k), i);
      }
    }
    return sum;
  }

  /** {@code |X - Y|_F}, in double. */
  public static double frobeniusDistance(OffHeapMatrix x, OffHeapMatrix y) {
    double square = 0;
    for (long i = 0; i < x.rows(); i++) {
      double distance = RowMeasures.distance(x, i, y, i);
      square += distance * distance;
    }
    return Math.sqrt(square);
  }

  /** The matrices that learn: W, then A, then B and b, as far as they are trained. */
  List<OffHeapMatrix> trained() {
    List<OffHeapMatrix> matrices = new ArrayList<>(List.of(recurrent));
    if (shape.trainsInput()) {
      matrices.add(input);
    }
    if (shape.trainsAll()) {
      matrices.add(readout);
      if (bias != null) {
        matrices.add(bias);
      }
    }
    return matrices;
  }

  private List<OffHeapMatrix> all() {
    List<OffHeapMatrix> matrices = new ArrayList<>(List.of(recurrent, input, readout));
    if (bias != null) {
      matrices.add(bias);
    }
    if (initialState != null) {
      matrices.add(initialState);
    }
    return matrices;
  }

  public NetworkShape shape() {
    return shape;
  }

  public Precision precision() {
    return recurrent.precision();
  }

  /** W, m x m. */
  public OffHeapMatrix recurrent() {
    return recurrent;
  }

  /** A, m x D. */
  public OffHeapMatrix input() {
    return input;
  }

  /** b, 1 x m, or null. */
  public OffHeapMatrix bias() {
    return bias;
  }

  /** B, d x m. */
  public OffHeapMatrix readout() {
    return readout;
  }

  /** h_0, 1 x m, or null where it is 0. */
  public OffHeapMatrix initialState() {
    return initialState;
  }

  @Override
  public void close() {
    all().forEach(arena::release);
  }
}
