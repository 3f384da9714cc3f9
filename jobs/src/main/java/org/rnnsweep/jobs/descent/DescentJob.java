package org.rnnsweep.jobs.descent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
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
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.LargestSingularValue;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.MaskedChain;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SymmetricEigen;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Gradient descent, full-batch or stochastic, on the squared error of a few sequences (Allen-Zhu,
 * Li and Song, Theorems 1 and 2): only W is trained,
 *
 * <pre>f(W) = sum over i and l = 2..L of |B h_(i,l) - y_(i,l)|^2 / 2.</pre>
 *
 * <p>The step sizes of the theorems are beyond any computer (eta = delta / (rho^44 m)); here the
 * step is a given share of what the curvature at initialisation allows, which is their 1/m, and
 * their factor delta where asked for. Time stops when the loss has fallen to epsilon times the
 * first one; one run serves every epsilon. Double whatever the profile says: small losses are
 * differences.
 */
public final class DescentJob implements Job {
  private static final String UNIT = "unit";
  private static final String SIGNS = "signs";
  private static final String SLOW = "slow";
  private static final String CURVATURE = "curvature";
  private static final String CURVATURE_DELTA = "curvature-delta";

  /** Size of the error along the slowest mode: small enough to flip few signs on its way. */
  private static final double SLOW_ERROR = 1e-3;

  private static final int LANCZOS = 40;
  private static final double CHECKPOINT_GROWTH = 1.5;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1 << 16, "neurons"),
          Parameter.integer("length", "L", 2, 256, "tokens of a sequence"),
          Parameter.integer("sequences", "n", 1, 256, "sequences of the training set"),
          Parameter.integer("outputs", "d", 1, 64, "rows of the output matrix B").withDefault(2),
          Parameter.integer("dimension", "d_x", 3, 4_096, "coordinates of a token").withDefault(8),
          Parameter.real("delta", "delta", 1e-6, 1.4, "distance of the first two sequences' tokens")
              .withDefault(0.8),
          Parameter.choice(
                  "inputs",
                  "tokens after the first: none, one repeated, unrelated ones, or unrelated ones"
                      + " common to all sequences",
                  TokenFamily.SILENT.label(),
                  TokenFamily.REPEATED.label(),
                  TokenFamily.UNRELATED.label(),
                  TokenFamily.COMMON.label())
              .withDefault(TokenFamily.UNRELATED.label()),
          Parameter.integer(
                  "prefix", "p", 0, 256, "first tokens that the second sequence has of the first")
              .withDefault(0),
          Parameter.choice(
                  "labels",
                  "targets: random unit vectors, random signs, or the first outputs changed by 1e-3"
                      + " along the mode that learns slowest",
                  UNIT,
                  SIGNS,
                  SLOW)
              .withDefault(UNIT),
          Parameter.choice(
                  "step",
                  "what the step size is a share of: the largest one that a quadratic loss of the"
                      + " first curvature bears, or delta times that",
                  CURVATURE,
                  CURVATURE_DELTA)
              .withDefault(CURVATURE),
          Parameter.real("share", "c", 1e-6, 10, "the share; 2 is the edge of stability")
              .withDefault(0.5),
          Parameter.integer("batch", "b", 0, 256, "sequences of a stochastic step; 0 takes all")
              .withDefault(0),
          Parameter.integer("steps", "T_max", 1, 10_000_000, "the most steps").withDefault(10_000),
          Parameter.real("epsilon", "epsilon", 1e-28, 1, "loss to reach, over the first one"));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("initial_loss", "first loss", "1", "f(W_0), less the floor"),
          Metric.scalar(
              "hitting_time",
              "steps",
              "1",
              "steps until the loss is epsilon f_0, between steps by ln f"),
          Metric.scalar(
              "rate",
              "rate",
              "1",
              "how much ln f falls in a step, over the last factor of 10; where epsilon is at most 0.1"),
          Metric.scalar(
              "rate_ratio",
              "rate over curvature",
              "1",
              "rate over -2 ln(1 - eta lambda_min), lambda_min the least eigenvalue of the tangent"
                  + " matrix at the end; full batches without equal prefixes only"),
          Metric.scalar("reached_loss", "loss reached", "1", "last loss over the first one"),
          Metric.scalar("overshoot", "largest loss", "1", "max over t of f(W_t) / f(W_0)"),
          Metric.scalar(
              "radius", "distance from the start", "1", "|W_t - W_0|_F, the largest found"),
          Metric.scalar("spectral_radius", "spectral distance", "1", "|W_T - W_0|_2"),
          Metric.scalar(
              "state_ratio",
              "change of the states' norms",
              "1",
              "largest of |h_(i,l)| over its first value, or the inverse, along the training"),
          Metric.scalar(
              "chain_ratio",
              "change of the backward norm",
              "1",
              "|D_L W .. D_2 W|_2 of the first sequence at the end over that at the start"),
          Metric.scalar(
              "gradient_ratio",
              "squared gradient over loss",
              "1",
              "|grad f|_F^2 / (m f) at the end over that at the start"),
          Metric.scalar(
              "curvature_ratio",
              "change of the least curvature",
              "1",
              "lambda_min of the tangent matrix at the end over that at the start"),
          Metric.scalar(
              "condition", "condition", "1", "lambda_max / lambda_min of the first tangent matrix"),
          Metric.scalar(
              "floor", "least loss", "1", "what equal prefixes leave: sum |y_1 - y_2|^2 / 4"),
          Metric.series("curve_step", "step", "1", "steps t of the curves"),
          Metric.series("curve_loss", "loss", "1", "(f(W_t) - floor) / (f(W_0) - floor)"),
          Metric.series("curve_radius", "distance", "1", "|W_t - W_0|_F"));

  /** For the service loader. */
  public DescentJob() {}

  @Override
  public String id() {
    return "descent";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "gradient descent on a few sequences: steps, rates, distances and norms on the way";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  @Override
  public Set<String> sharedAxes() {
    return Set.of("epsilon");
  }

  @Override
  public List<String> check(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    long n = configuration.integer("sequences");
    if (configuration.integer("batch") > n) {
      problems.add(
          "batch must be at most sequences, " + n + ", found " + configuration.integer("batch"));
    }
    long prefix = configuration.integer("prefix");
    if (prefix > configuration.integer("length") || (prefix > 0 && n < 2)) {
      problems.add("prefix must be at most length and needs 2 sequences, found " + prefix);
    }
    if (prefix > 0 && configuration.choice("labels").equals(SLOW)) {
      problems.add("labels = slow makes no sense with a prefix: equal outputs learn nothing");
    }
    return problems;
  }

  @Override
  public Cost cost(TrialGroup group) {
    Setting setting = new Setting(group.first());
    NetworkShape shape = setting.shape();
    int n = setting.sequences();
    int length = setting.length();
    long m = shape.width();
    int terms = n * (length - 1);
    double evaluations = (double) setting.steps() / setting.stepsBetween();
    double descent =
        setting.stochastic()
            ? setting.steps() * Pass.stepFlops(shape, setting.batch(), length)
                + evaluations * Pass.forwardFlops(shape, n, length)
            : setting.steps() * Pass.stepFlops(shape, n, length);
    double snapshot =
        TangentMatrix.flops(m, n, shape.outputs(), length)
            + 4.0 * LANCZOS * m * m * (length + 1)
            + 2.0 * m * terms * terms;
    double drawing = 2 * Cost.FLOPS_OF_A_NORMAL * m * m;
    long memory =
        2 * Network.memoryBytes(shape, Precision.DOUBLE)
            + Descent.memoryBytes(shape, Precision.DOUBLE, n, length, 0, false)
            + Trajectory.memoryBytes(m, shape.dimension(), n, length, Precision.DOUBLE)
            + 2 * m * Double.BYTES // of a chain
            + Math.max(
                OuterSum.memoryBytes(m, terms),
                Math.max(
                    TangentMatrix.memoryBytes(m, n, shape.outputs(), length, Precision.DOUBLE),
                    Network.spectralBytes(shape, Precision.DOUBLE, LANCZOS)));
    return new Cost(drawing + descent + (group.trials().size() + 1) * snapshot, memory);
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    TrialResult[] results = new TrialResult[group.trials().size()];
    List<Integer> order = new ArrayList<>();
    for (int k = 0; k < results.length; k++) {
      order.add(k);
    }
    order.sort(Comparator.comparingDouble(k -> -epsilon(group.trials().get(k))));
    Setting setting = new Setting(group.first());
    try (Run run = new Run(setting, context)) {
      for (int k : order) {
        results[k] = run.to(epsilon(group.trials().get(k)));
      }
    }
    context.progress(1);
    return Arrays.asList(results);
  }

  private static double epsilon(Trial trial) {
    return trial.configuration().real("epsilon");
  }

  /** One training, going on from one epsilon to the next. */
  private static final class Run implements AutoCloseable {
    private final Setting setting;
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
    private final List<double[]> curve = new ArrayList<>();
    private double highest = 1;
    private double radius;
    private double stateRatio = 1;
    private double now; // loss over the first one
    private double before = 1;
    private int step;
    private double nextCheckpoint = 1;

    Run(Setting setting, JobContext context) throws InterruptedException {
      this.setting = setting;
      progress = new Progress(context, setting.steps());
      arena = context.arena();
      blas = Blas.of(setting.trial().numerics());
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
      if (setting.choice("labels").equals(SLOW)) {
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
      Trajectory states =
          new Trajectory(
              blas, arena, operator(), network.input(), setting.sequences(), setting.length());
      for (int l = 0; l < setting.length(); l++) {
        double[][] tokens = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
          tokens[i] = x[i][l];
        }
        states.step(tokens);
      }
      return states;
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
        if (step >= nextCheckpoint) {
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
      double distance = network.distance(initial);
      radius = Math.max(radius, distance);
      stateRatio = Math.max(stateRatio, ratioOfStates());
      curve.add(new double[] {step, now, distance});
      nextCheckpoint = Math.max(nextCheckpoint + 1, nextCheckpoint * CHECKPOINT_GROWTH);
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
      metrics.put("radius", Math.max(radius, distance));
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
      Map<String, double[]> series = series(distance);
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

    private Map<String, double[]> series(double distance) {
      List<double[]> points = new ArrayList<>(curve);
      if (points.get(points.size() - 1)[0] < step) {
        points.add(new double[] {step, now, distance});
      }
      Map<String, double[]> series = new LinkedHashMap<>();
      String[] names = {"curve_step", "curve_loss", "curve_radius"};
      for (int k = 0; k < names.length; k++) {
        int column = k;
        series.put(names[k], points.stream().mapToDouble(p -> p[column]).toArray());
      }
      return series;
    }

    @Override
    public void close() {
      descent.close();
      initial.close();
      network.close();
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) {
    private Configuration configuration() {
      return trial.configuration();
    }

    String choice(String name) {
      return configuration().choice(name);
    }

    int sequences() {
      return configuration().smallInteger("sequences");
    }

    int length() {
      return configuration().smallInteger("length");
    }

    int steps() {
      return configuration().smallInteger("steps");
    }

    boolean stochastic() {
      return configuration().integer("batch") > 0;
    }

    boolean hasPrefix() {
      return configuration().integer("prefix") > 0;
    }

    int batch() {
      return stochastic() ? configuration().smallInteger("batch") : sequences();
    }

    /** Steps from one evaluation of the loss to the next: about one pass through the data. */
    int stepsBetween() {
      return stochastic() ? Math.max(1, sequences() / batch()) : 1;
    }

    NetworkShape shape() {
      return new NetworkShape(
          configuration().smallInteger("width"),
          configuration().smallInteger("dimension"),
          configuration().smallInteger("outputs"),
          Trained.RECURRENT,
          Output.EVERY_STEP,
          2,
          1);
    }

    StreamKey key() {
      return StreamKey.of(trial.rootSeed()).seed(trial.seedIndex());
    }

    double[][][] tokens() {
      double[][][] x =
          TokenFamily.ofLabel(choice("inputs"))
              .draw(
                  key().name("tokens"),
                  sequences(),
                  configuration().smallInteger("dimension"),
                  configuration().real("delta"),
                  length());
      for (int l = 0; l < configuration().smallInteger("prefix"); l++) {
        x[1][l] = x[0][l].clone();
      }
      return x;
    }

    double[][][] targets() {
      double[][][] y = new double[sequences()][][];
      for (int i = 0; i < y.length; i++) {
        StreamKey labels = key().name("labels").with("sequence", i);
        int d = configuration().smallInteger("outputs");
        y[i] = LossVectors.Family.RANDOM.draw(labels, d, length());
        if (choice("labels").equals(SIGNS)) {
          for (double[] target : y[i]) {
            for (int c = 0; c < d; c++) {
              target[c] = target[c] >= 0 ? 1 : -1;
            }
          }
        }
      }
      return y;
    }

    /** Equal states cannot have two targets: each pair's mean is the best answer. */
    double floor(double[][][] y) {
      double sum = 0;
      for (int l = 2; l <= configuration().smallInteger("prefix"); l++) {
        for (int c = 0; c < y[0][0].length; c++) {
          double difference = y[0][l - 2][c] - y[1][l - 2][c];
          sum += difference * difference / 4;
        }
      }
      return sum;
    }

    /**
     * For the sum over a batch of b: c over its largest curvature, which is at most that of all
     * sequences, and at most b times that of one. The paper's eta is b/n times this.
     */
    double rate(List<List<SymmetricEigen>> spectra) {
      double curvature = largest(spectra.get(0));
      double ofOne = 0;
      for (int i = 1; i < spectra.size(); i++) {
        ofOne = Math.max(ofOne, largest(spectra.get(i)));
      }
      if (stochastic()) {
        curvature = Math.min(curvature, batch() * ofOne);
      }
      double delta = choice("step").equals(CURVATURE_DELTA) ? configuration().real("delta") : 1;
      return configuration().real("share") * delta / curvature;
    }

    private static double largest(List<SymmetricEigen> spectrum) {
      return spectrum.get(spectrum.size() - 1).value();
    }

    /** b different sequences, uniformly. */
    int[] chosen(int step) {
      NormalStream uniforms = NormalStream.of(key().name("order").block(step));
      int[] all = new int[sequences()];
      Arrays.setAll(all, i -> i);
      for (int s = 0; s < batch(); s++) {
        int other = s + (int) (uniforms.nextUniform() * (all.length - s));
        int swapped = all[s];
        all[s] = all[other];
        all[other] = swapped;
      }
      return Arrays.copyOf(all, batch());
    }
  }
}
