package org.rnnsweep.driver.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.descent.Descent;
import org.rnnsweep.kernels.descent.LaneDescent;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Steps of gradient descent on W, double, one thread, beside the products of W that a step cannot
 * do without: L - 1 forward, L - 2 back, and one update of rank batch (L - 1), on memory of the
 * same size and with nothing in between. With one sequence these read all of W each, and the rate
 * of memory bounds them. Small networks beside that side by side, beside the same one after
 * another.
 *
 * @param log told what begins
 */
public record DescentBench(Library library, Consumer<String> log) {
  /** L. */
  public static final int LENGTH = 8;

  private static final int DIMENSION = 4;
  private static final double MEASURED_FLOPS = 5e10; // a second or so
  private static final int MOST_REPEATS = 20_000;
  private static final int WARM_UP_WIDTH = 16; // the compiler is done before the clock starts
  private static final int WARM_UP_REPEATS = 50_000;
  private static final StreamKey KEY = StreamKey.of(20181029);

  /**
   * A number of steps.
   *
   * @param width m
   * @param batch sequences of a step
   * @param repeats how many steps
   * @param steps their time
   * @param products the time of as many times the products alone
   */
  public record Steps(long width, int batch, int repeats, Elapsed steps, Elapsed products) {

    /** Operations of the products of a step. */
    public double flops() {
      return 2.0 * width * width * batch * (3 * LENGTH - 4);
    }

    /** Bytes of W that a step with one sequence moves: read by every product, written once. */
    public double bytes() {
      return (double) width * width * Double.BYTES * (2 * LENGTH - 1);
    }
  }

  /**
   * Steps of as many small networks as there are lanes, one sequence each.
   *
   * @param width m
   * @param repeats how many steps of all
   * @param together their time side by side
   * @param apart their time one after another, by the library
   */
  public record SideBySide(long width, int repeats, Elapsed together, Elapsed apart) {

    /** Operations of the products of a step of all. */
    public double flops() {
      return LaneDescent.LANES * new Steps(width, 1, 1, null, null).flops();
    }
  }

  /** Small networks side by side, single, on the same sequences again and again. */
  public SideBySide sideBySide(int width) throws InterruptedException {
    log.accept(
        String.format(
            Locale.ROOT,
            "%d networks side by side, m = %d, L = %d",
            LaneDescent.LANES,
            width,
            LENGTH));
    sideBySide(Math.min(width, WARM_UP_WIDTH), WARM_UP_REPEATS);
    double flops = new SideBySide(width, 1, null, null).flops();
    return sideBySide(
        width, (int) Math.min(2 * MOST_REPEATS, Math.ceil(MEASURED_FLOPS / 4 / flops)));
  }

  private SideBySide sideBySide(int width, int repeats) throws InterruptedException {
    NetworkShape shape =
        new NetworkShape(width, DIMENSION, 1, Trained.RECURRENT, Output.LAST, 1, 1);
    Precision precision = Precision.SINGLE;
    Blas blas = Blas.of(new NumericsProfile(library, precision));
    double[][][] x = new double[LaneDescent.LANES][][];
    double[][] y = new double[LaneDescent.LANES][1];
    double rate = 0.01 / width;
    long bytes =
        Network.memoryBytes(shape, precision)
            + Descent.memoryBytes(shape, precision, 1, LENGTH, 0, false);
    try (Arena arena = Arena.ofBytes(LaneDescent.LANES * bytes)) {
      List<Network> networks = new ArrayList<>();
      List<Descent> apart = new ArrayList<>();
      for (int lane = 0; lane < LaneDescent.LANES; lane++) {
        StreamKey key = KEY.seed(lane);
        x[lane] = TokenLaw.unit(DIMENSION).sequence(key.name("x"), 0, LENGTH);
        networks.add(
            Network.draw(
                arena,
                precision,
                shape,
                Network.law(Preset.ALLEN_ZHU_LI_SONG, LENGTH, width),
                key));
        apart.add(Descent.of(blas, arena, networks.get(lane), Loss.HUBER, 1, LENGTH, 0));
      }
      LaneDescent lanes = new LaneDescent(networks, Loss.HUBER, LENGTH);
      Elapsed together =
          Elapsed.of(
              () -> {
                for (int t = 0; t < repeats; t++) {
                  lanes.step(x, y, rate);
                }
              });
      Elapsed byLibrary =
          Elapsed.of(
              () -> {
                for (int t = 0; t < repeats; t++) {
                  for (int lane = 0; lane < LaneDescent.LANES; lane++) {
                    double[][][] sequence = {x[lane]};
                    double[][][] target = {{y[lane]}};
                    apart.get(lane).step(sequence, target, rate);
                  }
                }
              });
      return new SideBySide(width, repeats, together, byLibrary);
    }
  }

  /** Full-batch steps on the same sequences again and again. */
  public Steps measure(int width, int batch) throws InterruptedException {
    log.accept(
        String.format(
            Locale.ROOT, "steps of descent, m = %d, batch %d, L = %d", width, batch, LENGTH));
    measure(WARM_UP_WIDTH, batch, WARM_UP_REPEATS / batch);
    double flops = new Steps(width, batch, 1, null, null).flops();
    return measure(width, batch, (int) Math.min(MOST_REPEATS, Math.ceil(MEASURED_FLOPS / flops)));
  }

  private Steps measure(int width, int batch, int repeats) throws InterruptedException {
    NetworkShape shape =
        new NetworkShape(width, DIMENSION, 1, Trained.RECURRENT, Output.LAST, 1, 1);
    Precision precision = Precision.DOUBLE;
    Blas blas = Blas.of(new NumericsProfile(library, precision));
    double[][][] x = new double[batch][][];
    double[][][] y = new double[batch][1][1];
    for (int s = 0; s < batch; s++) {
      x[s] = TokenLaw.unit(DIMENSION).sequence(KEY.name("x"), s, LENGTH);
    }
    long bytes =
        Network.memoryBytes(shape, precision)
            + Descent.memoryBytes(shape, precision, batch, LENGTH, 0, false);
    Elapsed steps;
    try (Arena arena = Arena.ofBytes(bytes);
        Network network =
            Network.draw(
                arena,
                precision,
                shape,
                Network.law(Preset.ALLEN_ZHU_LI_SONG, LENGTH, width),
                KEY);
        Descent descent = Descent.of(blas, arena, network, Loss.HUBER, batch, LENGTH, 0)) {
      double rate = 0.01 / (batch * Pass.forwardFlops(shape, 1, 1) / width); // moves, and is stable
      steps =
          Elapsed.of(
              () -> {
                for (int t = 0; t < repeats; t++) {
                  descent.step(x, y, rate);
                }
              });
    }
    return new Steps(width, batch, repeats, steps, products(blas, width, batch, repeats));
  }

  private static Elapsed products(Blas blas, int width, int batch, int repeats)
      throws InterruptedException {
    long rows = (long) batch * (LENGTH - 1);
    try (Arena arena = Arena.ofBytes((width + 2 * rows) * width * Double.BYTES)) {
      OffHeapMatrix w = arena.matrix(width, width, Precision.DOUBLE);
      OffHeapMatrix h = arena.matrix(rows, width, Precision.DOUBLE);
      OffHeapMatrix u = arena.matrix(rows, width, Precision.DOUBLE);
      GaussianMatrix.fill(w, KEY.name("W"), Math.sqrt(1.0 / width));
      GaussianMatrix.fill(h, KEY.name("h"), 1);
      OffHeapMatrix from = h.rowRange(0, batch);
      OffHeapMatrix to = u.rowRange(0, batch);
      return Elapsed.of(
          () -> {
            for (int t = 0; t < repeats; t++) {
              for (int l = 1; l < LENGTH; l++) {
                multiply(blas, Transpose.NO, w, from, to);
              }
              for (int l = 2; l < LENGTH; l++) {
                multiply(blas, Transpose.YES, w, from, to);
              }
              blas.gemm(Transpose.YES, Transpose.NO, 1e-9, u, h, 1, w);
            }
          });
    }
  }

  private static void multiply(
      Blas blas, Transpose transpose, OffHeapMatrix w, OffHeapMatrix from, OffHeapMatrix to) {
    if (from.rows() == 1) {
      blas.gemv(transpose, 1, w, from, 0, to);
    } else {
      Transpose other = transpose == Transpose.NO ? Transpose.YES : Transpose.NO;
      blas.gemm(Transpose.NO, other, 1, from, w, 0, to);
    }
  }
}
