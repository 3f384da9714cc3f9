package org.rnnsweep.jobs.descent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.NetworkTrial;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.ExactResponse;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * Identities of the gradient, in double: those of Allen-Zhu, Li and Song (Fact 2.5, (7.1), (7.2)),
 * and of Panigrahi and Goyal's regularised objective (Appendix G.1) at W + W_t, A + A_t, W_t and
 * A_t Gaussian of norm about 1 / sqrt(m),
 *
 * <pre>G(lambda F(W + W_t, A + A_t) + lambda R(W', A')),
 * R = sum over i of Back_(i->L) D_i (W' h_(i-1) + A' x_i)</pre>
 */
public final class GradientIdentityJob implements TrialJob {
  private static final String EVERY_STEP = "every-step";
  private static final String LAST = "last-step";
  private static final double STEP = 1e-6;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1 << 15, "neurons"),
          Parameter.integer("length", "L", 3, 256, "tokens of a sequence"),
          Parameter.integer("outputs", "d", 1, 64, "rows of the output matrix B").withDefault(2),
          Parameter.integer("dimension", "d_x", 3, 4_096, "coordinates of a token").withDefault(5),
          Parameter.choice(
              "network",
              "squared errors of two sequences at every step, W trained; or a loss of one sequence's"
                  + " last output, W and A trained",
              EVERY_STEP,
              LAST),
          Parameter.real("radius", "tau", 1e-6, 1e3, "sqrt(m) times the norm of the change of W")
              .withDefault(1.0),
          Parameter.real("eps_x", "eps_x", 0, 10, "norm of every token but the first")
              .withDefault(0.1)
              .withRelevance("network", LAST),
          Parameter.real("scale", "lambda", 1e-9, 1e9, "what multiplies the outputs")
              .withDefault(0.5)
              .withRelevance("network", LAST),
          Parameter.choice(
                  "loss",
                  "G",
                  Loss.SQUARED.label(),
                  Loss.LOGISTIC.label(),
                  Loss.CROSS_ENTROPY.label(),
                  Loss.HUBER.label())
              .withDefault(Loss.HUBER.label())
              .withRelevance("network", LAST));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "difference_error",
              "error of central differences",
              "1",
              "|(f(+s W') - f(-s W')) / 2s - <grad f, W'>| over |grad f| |W'|_F, s = 1e-6"),
          Metric.scalar(
              "outer_error",
              "error of the sum of outer products",
              "1",
              "|grad f - sum of D_l Back_(l->a)^T e_a h_(l-1)^T|_F over |grad f|_F"),
          Metric.scalar(
              "response_error", "error of the states' response", "1", "that of (7.1), relative"),
          Metric.scalar(
              "remainder_error", "error of the loss's remainder", "1", "that of (7.2), relative"),
          Metric.scalar("flips", "signs that differ", "1", "between W and W + W', in all states"),
          Metric.scalar(
              "value_error",
              "error of the regularised value",
              "1",
              "|G(lambda F + lambda R(0)) - G(lambda F)|"),
          Metric.scalar(
              "slope_error",
              "error of the regularised gradient",
              "1",
              "central difference of the regularised objective at 0 less <grad Obj, (W', A')>, over"
                  + " the product of their norms"),
          Metric.scalar(
              "dropped_share",
              "what the printed sum drops",
              "1",
              "norm of the gradient's term of the first token over the whole: R's sum is printed from"
                  + " i = 2"),
          Metric.scalar(
              "gradient_norm", "gradient", "1", "|grad by W and A of the first output|_F"));

  /** For the service loader. */
  public GradientIdentityJob() {}

  @Override
  public String id() {
    return "gradient-identity";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "whether gradients are what the papers' formulas say, to rounding";
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
  public Cost cost(Trial trial) {
    Setting s = new Setting(trial);
    NetworkShape shape = s.shape();
    long m = shape.width();
    int n = s.sequences();
    double flops =
        m * m * (2 * Cost.FLOPS_OF_A_NORMAL + 20)
            + 16 * Pass.forwardFlops(shape, n, s.length())
            + 2.0 * m * m * BackwardVectors.products(n, shape.outputs(), 2, s.length());
    long back =
        Trajectory.memoryBytes(m, shape.dimension(), n, s.length(), Precision.DOUBLE)
            + BackwardVectors.memoryBytes(m, n, shape.outputs(), 2, s.length(), Precision.DOUBLE)
            + 2 * m * Double.BYTES;
    return new Cost(
        flops,
        3 * Network.memoryBytes(shape, Precision.DOUBLE)
            + Pass.memoryBytes(shape, Precision.DOUBLE, n, s.length(), true)
            + Math.max(
                Network.memoryBytes(shape, Precision.DOUBLE) + back,
                ExactResponse.memoryBytes(shape, n, s.length())));
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(new Setting(trial), context), Map.of());
  }

  private static Map<String, Double> measure(Setting setting, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    Progress progress = new Progress(context, 2);
    Arena arena = context.arena();
    Blas blas = Blas.of(setting.trial().numerics());
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (Network network =
            Network.draw(arena, Precision.DOUBLE, setting.shape(), setting.law(), setting.key());
        Network change =
            Network.draw(
                arena,
                Precision.DOUBLE,
                setting.shape(),
                setting.law(),
                setting.key().name("change"));
        Network gradient = network.zeros(arena);
        Pass pass =
            new Pass(
                blas,
                arena,
                setting.shape(),
                Precision.DOUBLE,
                setting.sequences(),
                setting.length(),
                true)) {
      progress.worked(1);
      // N(0, 2/m) has the norm 2 sqrt(2); the rest of the change is not trained and not read.
      double size = setting.radius() / Math.sqrt(8.0 * setting.shape().width());
      change.add(size - 1, change);
      Measurement measurement =
          new Measurement(setting, arena, blas, network, change, gradient, pass, metrics);
      if (setting.everyStep()) {
        measurement.everyStep();
      } else {
        measurement.lastStep();
      }
      progress.worked(1);
    }
    return metrics;
  }

  /** What one trial works with. */
  private record Measurement(
      Setting setting,
      Arena arena,
      Blas blas,
      Network network,
      Network change,
      Network gradient,
      Pass pass,
      Map<String, Double> metrics) {

    void everyStep() {
      double[][][] x = setting.tokens();
      double[][][] y = setting.targets();
      differentiate(x, y);
      double norm = Math.sqrt(gradient.dot(gradient));
      double difference = (loss(x, y, STEP) - loss(x, y, -STEP)) / (2 * STEP);
      metrics.put(
          "difference_error",
          Math.abs(difference - gradient.dot(change)) / (norm * Math.sqrt(change.dot(change))));
      metrics.put("outer_error", outerError(x, y) / norm);
      ExactResponse response = ExactResponse.of(blas, arena, network, change, x, y);
      metrics.put("response_error", response.response());
      metrics.put("remainder_error", response.remainder());
      metrics.put("flips", (double) response.flips());
    }

    private void differentiate(double[][][] x, double[][][] y) {
      pass.forward(network, x);
      pass.backward(setting.loss(), y);
      pass.addGradient(1, 0, gradient);
    }

    private double loss(double[][][] x, double[][][] y, double step) {
      network.add(step, change);
      pass.forward(network, x);
      network.add(-step, change);
      return pass.loss(setting.loss(), y);
    }

    /** The gradient less Fact 2.5's sum, its backward vectors from their own recursion. */
    private double outerError(double[][][] x, double[][][] y) {
      int length = setting.length();
      int m = setting.shape().width();
      DenseGaussian w = DenseGaussian.of(blas, network.recurrent());
      OffHeapMatrix u = arena.matrix(1, m, Precision.DOUBLE);
      OffHeapMatrix e = arena.matrix(1, setting.shape().outputs(), Precision.DOUBLE);
      try (Network rest = gradient.copy(arena);
          Trajectory states = Trajectory.of(blas, arena, w, network.input(), x)) {
        try (BackwardVectors back =
            BackwardVectors.ask(arena, w, network.readout(), states, 2, length)) {
          for (int i = 0; i < x.length; i++) {
            for (int a = 2; a <= length; a++) {
              blas.gemv(Transpose.NO, 1, network.readout(), states.state(a, i), 0, e);
              double[] error = new double[y[i][a - 2].length];
              e.getRow(0, error);
              for (int c = 0; c < error.length; c++) {
                error[c] -= y[i][a - 2][c];
              }
              e.putRow(0, error);
              for (int l = 2; l <= a; l++) {
                blas.gemv(Transpose.YES, 1, back.block(l, a, i), e, 0, u);
                SignPattern.apply(states.state(l, i), u);
                blas.gemm(
                    Transpose.YES,
                    Transpose.NO,
                    -1,
                    u,
                    states.state(l - 1, i),
                    1,
                    rest.recurrent());
              }
            }
          }
        }
        return Math.sqrt(rest.dot(rest));
      } finally {
        arena.release(e);
        arena.release(u);
      }
    }

    void lastStep() {
      double[][][] x = {setting.sequence()};
      double[][][] y = setting.lastTarget();
      double[][][] unit = new double[1][1][setting.shape().outputs()];
      unit[0][0][0] = 1 / setting.shape().scale();
      pass.forward(network, x);
      pass.backward(unit);
      pass.addGradient(1, 0, gradient);
      metrics.put("gradient_norm", Math.sqrt(gradient.dot(gradient)));
      network.add(1, change); // W_t and A_t; the direction is the same
      differentiate(x, y);
      double norm = Math.sqrt(gradient.dot(gradient));
      double value = pass.loss(setting.loss(), y);
      double first = RowMeasures.norm(pass.signals(1), 0) * firstToken(x);
      metrics.put("dropped_share", first / norm);
      double along = gradient.dot(change);
      double length = Math.sqrt(change.dot(change));
      double above = regularised(x, y, STEP);
      double below = regularised(x, y, -STEP);
      metrics.put("value_error", Math.abs(regularised(x, y, 0) - value));
      double slope = (above - below) / (2 * STEP);
      metrics.put("slope_error", Math.abs(slope - along) / (norm * length));
    }

    /** The regularised objective at this multiple of the change. */
    private double regularised(double[][][] x, double[][][] y, double factor) {
      try (Network at = network.zeros(arena)) {
        at.add(factor, change);
        pass.forward(network, x);
        pass.linearised(at);
        return pass.loss(setting.loss(), y);
      }
    }

    private static double firstToken(double[][][] x) {
      double square = 0;
      for (double entry : x[0][0]) {
        square += entry * entry;
      }
      return Math.sqrt(square);
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) implements NetworkTrial {

    boolean everyStep() {
      return configuration().choice("network").equals(EVERY_STEP);
    }

    int sequences() {
      return everyStep() ? 2 : 1;
    }

    double radius() {
      return configuration().real("radius");
    }

    Loss loss() {
      return everyStep() ? Loss.SQUARED : Loss.ofLabel(configuration().choice("loss"));
    }

    NetworkShape shape() {
      return new NetworkShape(
          configuration().smallInteger("width"),
          configuration().smallInteger("dimension"),
          configuration().smallInteger("outputs"),
          everyStep() ? Trained.RECURRENT : Trained.RECURRENT_AND_INPUT,
          everyStep() ? Output.EVERY_STEP : Output.LAST,
          2,
          everyStep() ? 1 : configuration().real("scale"));
    }

    NetworkLaw law() {
      Preset preset = everyStep() ? Preset.ALLEN_ZHU_LI_SONG : Preset.PANIGRAHI_GOYAL;
      return Network.law(preset, length(), shape().width());
    }

    double[][][] tokens() {
      return TokenFamily.UNRELATED.draw(
          key().name("tokens"), 2, shape().dimension(), 0.8, length());
    }

    double[][][] targets() {
      return new double[][][] {labels(0, length()), labels(1, length())};
    }

    private double[][] labels(int sequence, int length) {
      return LossVectors.Family.RANDOM.draw(
          key().name("labels").with("sequence", sequence), shape().outputs(), length);
    }

    double[][] sequence() {
      return NormalizedInput.of(
              NormalizedInput.Law.SPREAD,
              key().name("tokens"),
              shape().dimension(),
              configuration().real("eps_x"))
          .tokens(length());
    }

    /** A unit vector, the first class, or a sign: what the loss takes. */
    double[][][] lastTarget() {
      double[] y = labels(0, 2)[0];
      for (int c = 0; c < y.length; c++) {
        y[c] =
            switch (loss()) {
              case SQUARED, HUBER -> y[c];
              case LOGISTIC -> y[c] >= 0 ? 1 : -1;
              case CROSS_ENTROPY -> c == 0 ? 1 : 0;
            };
      }
      return new double[][][] {{y}};
    }
  }
}
