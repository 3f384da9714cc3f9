package org.rnnsweep.jobs.descent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.Descent;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.OuterSum;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.descent.TangentMatrix;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.stability.LargestSingularValue;
import org.rnnsweep.kernels.stability.MaskedChain;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SymmetricEigen;
import org.rnnsweep.kernels.stability.Trajectory;

/** One training, going on from one epsilon to the next. */
final class DescentRun implements AutoCloseable {
  static final int LANCZOS = 40;

  /** Size of the error along the slowest mode: small enough to flip few signs on its way. */
  private static final double SLOW_ERROR = 1e-3;

  private final DescentSetting setting;
  private final Progress progress;
  private final Arena arena;
  private final Blas blas;
  private final Network network;
  private final Network initial;
  private final Descent descent;
  private final double[][][] x;
  private final double[][][] y;
  private final double floor;
  private final double rate; // eta of the sum over a batch
  private final Snapshot start;
  private final double firstLoss;
  private final double[] firstNorms;
  private final List<Double> crossings = new ArrayList<>(); // of 10^(-k/10) f_0, k = 0, 1, ..
  private final TrainingCurve curve = new TrainingCurve();
  private double highest = 1;
  private double stateRatio = 1;
  private double now; // loss over the first one
  private double before = 1;
  private int step;

  DescentRun(DescentSetting setting, Arena arena, Progress progress) throws InterruptedException {
    this.setting = setting;
    this.progress = progress;
    this.arena = arena;
    blas = setting.blas();
    NetworkShape shape = setting.shape();
    network =
        Network.draw(
            arena,
            Precision.DOUBLE,
            shape,
            Network.law(Preset.ALLEN_ZHU_LI_SONG, setting.length(), shape.width()),
            setting.key());
    initial = network.copy(arena);
    descent =
        Descent.of(blas, arena, network, Loss.SQUARED, setting.sequences(), setting.length(), 0);
    x = setting.tokens();
    List<List<SymmetricEigen>> spectra = spectra();
    y = setting.targets();
    if (setting.choice("labels").equals(DescentSetting.SLOW)) {
      descent.forward(x);
      alongSlowest(spectra.get(0).get(0).vector());
    }
    floor = setting.floor(y);
    rate = setting.rate(spectra);
    firstLoss = descent.loss(x, y) - floor;
    firstNorms = norms();
    start = snapshot(spectra.get(0));
    now = 1;
    crossings.add(0.0);
    checkpoint();
  }

  /** Of all sequences, then of each one alone if steps are stochastic. */
  private List<List<SymmetricEigen>> spectra() throws InterruptedException {
    List<List<SymmetricEigen>> spectra = new ArrayList<>();
    double[][] kernel;
    try (Trajectory states = trajectory()) {
      kernel = kernel(states);
    }
    progress.worked(0);
    spectra.add(TangentMatrix.spectrum(kernel));
    int order = kernel.length / setting.sequences();
    for (int i = 0; i < setting.sequences() && setting.stochastic(); i++) {
      double[][] block = new double[order][];
      for (int k = 0; k < order; k++) {
        block[k] = Arrays.copyOfRange(kernel[i * order + k], i * order, (i + 1) * order);
      }
      spectra.add(TangentMatrix.spectrum(block));
    }
    return spectra;
  }

  private Trajectory trajectory() {
    return Trajectory.of(blas, arena, operator(), network.input(), x);
  }

  private DenseGaussian operator() {
    return DenseGaussian.of(blas, network.recurrent());
  }

  private double[][] kernel(Trajectory states) {
    return TangentMatrix.of(blas, arena, operator(), network.readout(), states);
  }

  private void alongSlowest(double[] mode) {
    int k = 0;
    for (int i = 0; i < y.length; i++) {
      double[][] outputs = descent.pass().outputs(i);
      for (int a = 0; a < outputs.length; a++) {
        for (int c = 0; c < outputs[a].length; c++) {
          y[i][a][c] = outputs[a][c] + SLOW_ERROR * mode[k++];
        }
      }
    }
  }

  /** Trains on until the loss is epsilon times the first one. */
  TrialResult to(double epsilon) throws InterruptedException {
    while (now > epsilon && step < setting.steps()) {
      steps(setting.stepsBetween());
      before = now;
      now = (descent.loss(x, y) - floor) / firstLoss;
      if (!(now < 1e6)) {
        return TrialResult.diverged("the loss is " + now + " of the first after step " + step);
      }
      highest = Math.max(highest, now);
      cross();
      if (curve.isDue(step)) {
        checkpoint();
      }
      progress.worked(setting.stepsBetween());
    }
    return result(epsilon);
  }

  private void steps(int count) {
    for (int k = 0; k < count; k++) {
      if (setting.stochastic()) {
        int[] chosen = setting.chosen(step);
        double[][][] tokens = new double[chosen.length][][];
        double[][][] targets = new double[chosen.length][][];
        for (int s = 0; s < chosen.length; s++) {
          tokens[s] = x[chosen[s]];
          targets[s] = y[chosen[s]];
        }
        descent.step(tokens, targets, rate);
      } else {
        descent.advance(y, rate); // from where the last loss was taken
      }
      step++;
    }
  }

  /** Notes when the loss first fell below tenths of decades. */
  private void cross() {
    while (now <= level(crossings.size())) {
      crossings.add(crossing(level(crossings.size())));
    }
  }

  /** When the loss fell to a level between the last two evaluations, linear in ln f. */
  private double crossing(double level) {
    double share = StrictMath.log(before / level) / StrictMath.log(before / now);
    boolean between = share >= 0 && share <= 1; // not if it was 0, or epsilon is 1
    return step - (between ? setting.stepsBetween() * (1 - share) : 0);
  }

  private static double level(int tenths) {
    return StrictMath.pow(10, -tenths / 10.0);
  }

  private void checkpoint() {
    stateRatio = Math.max(stateRatio, ratioOfStates());
    curve.add(step, now, network.distance(initial));
  }

  private double[] norms() {
    Pass pass = descent.pass();
    double[] norms = new double[setting.sequences() * setting.length()];
    for (int row = 0; row < norms.length; row++) {
      norms[row] = RowMeasures.norm(pass.states(1, setting.length()), row);
    }
    return norms;
  }

  private double ratioOfStates() {
    double[] norms = norms();
    double worst = 1;
    for (int k = 0; k < norms.length; k++) {
      double ratio = norms[k] / firstNorms[k];
      worst = Math.max(worst, Math.max(ratio, 1 / ratio));
    }
    return worst;
  }

  /** What is asked of the network only where time stops. */
  private record Snapshot(double least, double most, double chain, double gradient) {}

  private Snapshot snapshot(List<SymmetricEigen> spectrum) {
    double chain;
    List<SymmetricEigen> eigen = spectrum;
    try (Trajectory states = trajectory()) {
      if (eigen == null) {
        eigen = TangentMatrix.spectrum(kernel(states));
      }
      chain = chainNorm(states);
    }
    descent.loss(x, y);
    descent.pass().backward(Loss.SQUARED, y);
    double square;
    try (OuterSum gradient =
        new OuterSum(
            blas, arena, setting.shape().width(), setting.sequences() * (setting.length() - 1))) {
      gradient.add(
          1,
          descent.pass().signals(2, setting.length()),
          descent.pass().states(1, setting.length() - 1));
      square = gradient.frobenius();
    }
    return new Snapshot(
        eigen.get(0).value(), eigen.get(eigen.size() - 1).value(), chain, square * square);
  }

  private double chainNorm(Trajectory states) {
    int most = Math.min(LANCZOS, setting.shape().width());
    try (MaskedChain chain =
            new MaskedChain(
                arena, operator(), states, 0, 2, setting.length(), MaskedChain.Front.PATTERN, 1);
        LargestSingularValue norm =
            new LargestSingularValue(
                blas,
                arena,
                chain,
                setting.shape().width(),
                Precision.DOUBLE,
                most,
                setting.key().name("start"))) {
      while (norm.iterate() && norm.residual() > 1e-4 * norm.value()) {}
      return norm.value();
    }
  }

  private TrialResult result(double epsilon) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("initial_loss", firstLoss);
    metrics.put("reached_loss", now);
    metrics.put("overshoot", highest);
    boolean regular = !setting.hasPrefix(); // equal outputs have a singular matrix
    if (regular) {
      metrics.put("condition", start.most() / start.least());
    }
    metrics.put("floor", floor);
    double distance = network.distance(initial);
    metrics.put("radius", Math.max(curve.radius(), distance));
    metrics.put(
        "spectral_radius",
        network.spectralDistance(blas, arena, initial, LANCZOS, setting.key().name("start")));
    metrics.put("state_ratio", Math.max(stateRatio, ratioOfStates()));
    Snapshot end = snapshot(null);
    metrics.put("chain_ratio", end.chain() / start.chain());
    if (regular) {
      metrics.put("curvature_ratio", end.least() / start.least());
    }
    double loss = now * firstLoss;
    metrics.put("gradient_ratio", end.gradient() / loss / (start.gradient() / firstLoss));
    Map<String, double[]> series = curve.series(step, now, distance);
    if (now > epsilon) {
      return new TrialResult(
          Outcome.DIVERGED,
          metrics,
          series,
          "the loss is still " + now + " of the first after " + step + " steps");
    }
    double time = crossing(epsilon);
    metrics.put("hitting_time", time);
    if (epsilon <= 0.1) {
      double slope = StrictMath.log(10) / (time - time(10 * epsilon));
      metrics.put("rate", slope);
      if (regular && !setting.stochastic()) {
        double predicted = -2 * StrictMath.log1p(-Math.min(rate * end.least(), 0.999999));
        metrics.put("rate_ratio", slope / predicted);
      }
    }
    return TrialResult.of(metrics, series);
  }

  /** T(epsilon), linear in ln epsilon between tenths of decades. */
  private double time(double epsilon) {
    double tenths = Math.max(0, -10 * StrictMath.log10(epsilon));
    int below = (int) Math.min(Math.floor(tenths + 1e-9), crossings.size() - 1);
    double last = crossings.get(below);
    double rest = Math.max(0, tenths - below);
    if (rest < 1e-9 || below + 1 >= crossings.size()) {
      return last;
    }
    return last + rest * (crossings.get(below + 1) - last);
  }

  @Override
  public void close() {
    descent.close();
    initial.close();
    network.close();
  }
}
