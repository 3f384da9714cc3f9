package org.rnnsweep.jobs.ntk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.FiniteNetwork;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.LimitCorrelations;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.OutputBacks;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Whether gradients of the outputs of different steps are almost orthogonal (Wang, Shen, Hu and
 * Cao, Remarks 3.2 and G.1): all inner products of their backward vectors and of the gradients
 * themselves, by {@link OutputBacks}, on a W that is never formed. Two sequences, A ~ N(0, 2/(L^3
 * m)), B ~ N(0, 1), double whatever the profile says.
 */
public final class NtkOutputsJob implements TrialJob {
  private static final int SEQUENCES = 2;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1 << 26, "neurons"),
          Parameter.integer("length", "L", 2, 32, "tokens of a sequence, and outputs"),
          Parameter.integer("dimension", "d", 1, 4096, "coordinates of a token").withDefault(2));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "equal_depth",
              "products of equal depth",
              "1",
              "max over a < b, a - l = b - k of |<v_(a,l), v'_(b,k)>| / m"),
          Metric.scalar(
              "equal_depth_ratio",
              "products of equal depth over their limits",
              "1",
              "mean of the same over 1/2 prod Sigma(rho_(a-t, b-t))"),
          Metric.scalar(
              "unequal_depth",
              "products of unequal depth",
              "1",
              "max over a < b, a - l != b - k of |<v_(a,l), v'_(b,k)>| / m"),
          Metric.scalar(
              "cosine",
              "cosine of gradients of different outputs",
              "1",
              "mean over a < b and i, j of Theta^ab_ij / sqrt(Theta^aa_ii Theta^bb_jj)"),
          Metric.scalar(
              "kernel_ratio",
              "kernel of different outputs over its limit",
              "1",
              "mean over a < b and i, j of Theta^ab_ij over its limit"));

  /** For the service loader. */
  public NtkOutputsJob() {}

  @Override
  public String id() {
    return "ntk-outputs";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "inner products of the gradients of a random network's outputs at different steps";
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
  public List<String> check(Configuration configuration) {
    Products products = products(configuration.smallInteger("length"));
    int needed = Math.max(products.right(), products.left());
    return needed > configuration.integer("width")
        ? List.of(
            "width must be at least "
                + needed
                + " for "
                + products.left()
                + " backward vectors, found "
                + configuration.integer("width"))
        : List.of();
  }

  private static Products products(int length) {
    return new Products(
        FiniteNetwork.products(SEQUENCES, length).right(),
        OutputBacks.products(SEQUENCES, length).left());
  }

  @Override
  public Cost cost(Trial trial) {
    long m = trial.configuration().integer("width");
    int length = trial.configuration().smallInteger("length");
    int d = trial.configuration().smallInteger("dimension");
    double vectors = SEQUENCES * length * (length + 1) / 2.0;
    double flops =
        Representation.CONDITIONED.costFlops(m, m, products(length))
            + 2 * vectors * vectors * m
            + Cost.FLOPS_OF_A_NORMAL * m * (d + 2.0);
    long bytes =
        Representation.CONDITIONED.memoryBytes(m, m, products(length), Precision.DOUBLE)
            + FiniteNetwork.forwardBytes(m, d, SEQUENCES, length, Precision.DOUBLE)
            + OutputBacks.memoryBytes(m, SEQUENCES, length, Precision.DOUBLE);
    return new Cost(flops, bytes);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    long m = trial.configuration().integer("width");
    int length = trial.configuration().smallInteger("length");
    StreamKey key = trial.key();
    TokenLaw tokens = TokenLaw.unit(trial.configuration().smallInteger("dimension"));
    List<double[][]> sequences = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      sequences.add(tokens.sequence(key.name("inputs"), i, length));
    }
    NetworkLaw law =
        new NetworkLaw(Activation.RELU, 2, 2 * Math.pow(length, -3), InputScale.ONE, 0, 2, 1);
    Blas blas = Blas.of(trial.numerics());
    Arena arena = context.arena();
    try (GaussianOperator w =
            Representation.CONDITIONED.draw(
                blas,
                arena,
                Precision.DOUBLE,
                m,
                m,
                Math.sqrt(2.0 / m),
                products(length),
                key.name("W").with("width", m));
        FiniteNetwork network =
            new FiniteNetwork(blas, arena, w, law.inputVariance(), 1, sequences, key)) {
      int pieces = 2 * length;
      for (int l = 1; l <= length; l++) {
        network.advance();
        context.progress((double) l / (pieces + 1));
        context.checkCancelled();
      }
      double[][][] states = new double[length + 1][][];
      for (int l = 0; l <= length; l++) {
        states[l] = network.stateProducts(l);
      }
      try (OutputBacks backs = new OutputBacks(blas, arena, w, network)) {
        for (int depth = 0; depth < length; depth++) {
          backs.advance();
          context.progress((double) (length + depth + 1) / (pieces + 1));
          context.checkCancelled();
        }
        return new Comparison(
                length, backs, backs.products(), states, LimitCorrelations.of(law, sequences))
            .result();
      }
    }
  }

  /** All inner products beside their limits. */
  private record Comparison(
      int length,
      OutputBacks backs,
      double[][] products,
      double[][][] states,
      LimitCorrelations limits) {

    TrialResult result() {
      double equal = 0;
      double equalRatios = 0;
      int equalCount = 0;
      double unequal = 0;
      double cosines = 0;
      double ratios = 0;
      int count = 0;
      for (int i = 0; i < SEQUENCES; i++) {
        for (int j = 0; j < SEQUENCES; j++) {
          for (int a = 1; a <= length; a++) {
            for (int b = a + 1; b <= length; b++) {
              for (int l = 1; l <= a; l++) {
                for (int k = 1; k <= b; k++) {
                  double product = products[backs.row(a, l, i)][backs.row(b, k, j)];
                  if (a - l == b - k) {
                    equal = Math.max(equal, Math.abs(product));
                    equalRatios += product / limits.backs(i, a, j, b, l);
                    equalCount++;
                  } else {
                    unequal = Math.max(unequal, Math.abs(product));
                  }
                }
              }
              double kernel = kernel(i, a, j, b);
              cosines += kernel / Math.sqrt(kernel(i, a, i, a) * kernel(j, b, j, b));
              ratios += kernel / limit(i, a, j, b);
              count++;
            }
          }
        }
      }
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("equal_depth", equal);
      metrics.put("equal_depth_ratio", equalRatios / equalCount);
      metrics.put("unequal_depth", unequal);
      metrics.put("cosine", cosines / count);
      metrics.put("kernel_ratio", ratios / count);
      return TrialResult.of(metrics, Map.of());
    }

    /** Theta^ab_ij: the sum over both gradients' steps. */
    private double kernel(int i, int a, int j, int b) {
      double sum = 0;
      for (int l = 1; l <= a; l++) {
        for (int k = 1; k <= b; k++) {
          sum += products[backs.row(a, l, i)][backs.row(b, k, j)] * state(l - 1, i, k - 1, j);
        }
      }
      return sum;
    }

    private double state(int l, int i, int k, int j) {
      return l <= k ? states[l][i][(k - l) * SEQUENCES + j] : states[k][j][(l - k) * SEQUENCES + i];
    }

    private double limit(int i, int a, int j, int b) {
      double sum = 0;
      for (int l = Math.max(1, 1 + a - b); l <= a; l++) {
        sum += limits.backs(i, a, j, b, l) * limits.states(i, l - 1, j, l - 1 + b - a);
      }
      return sum;
    }
  }
}
