package org.rnnsweep.jobs.stability;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.BackwardChange;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.DroppedInput;
import org.rnnsweep.kernels.stability.InfiniteWidth;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.StateChange;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * What a random network loses when the middle tokens of its sequence are replaced by the null
 * token: states, sign patterns, backward maps (Allen-Zhu and Li, Lemma D.1; Panigrahi and Goyal,
 * Lemma B.1(3, 4, 8)). Double whatever the profile says, since it measures small differences.
 */
public final class DroppedInputJob implements TrialJob {
  private static final int BATCH = 2;

  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          NetworkSetting.LENGTH,
          NetworkSetting.EPS_X,
          NetworkSetting.DIMENSION,
          NetworkSetting.OUTPUTS,
          Parameter.choice(
                  "inputs",
                  "middle tokens: spread over the sphere, or two tokens; or spread, the last token"
                      + " being the first one again",
                  NormalizedInput.Law.SPREAD.label(),
                  NormalizedInput.Law.TOKENS.label(),
                  NormalizedInput.Law.NORMALISED.label())
              .withDefault(NormalizedInput.Law.SPREAD.label()),
          Parameter.choice(
                  "representation",
                  "whether W is formed, or never formed and exact in law; auto takes the cheaper",
                  Representation.AUTO,
                  NetworkSetting.CONDITIONED,
                  NetworkSetting.DENSE)
              .withDefault(Representation.AUTO));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("hidden_change", "change of the states", "1", "max_l |h_l - h_l^(0)|"),
          Metric.scalar(
              "hidden_ratio",
              "squared change a step",
              "1",
              "|h_l - h_l^(0)|^2 / ((l - 1) eps_x^2) at l = L - 1; the lemma has it in [1/2, 2]"),
          Metric.scalar(
              "oracle_deviation",
              "deviation from infinite width",
              "1",
              "max_l | |h_l - h_l^(0)|^2 / limit - 1 |"),
          Metric.scalar(
              "recursion_ratio",
              "squared change over the printed recursion",
              "1",
              "|h_l - h_l^(0)|^2 / zeta_d^2 at l = L - 1, zeta_d by the recursion of the proof"),
          Metric.scalar(
              "recurrent_change",
              "largest entry of a change of W h",
              "1",
              "max_(l<L) |W (h_l - h_l^(0))|_inf, for normalised inputs"),
          Metric.scalar(
              "input_change",
              "largest entry of a change of A x",
              "1",
              "max_l |A (x_l - x_l^(0))|_inf, for normalised inputs"),
          Metric.scalar(
              "sign_share", "share of signs that change", "1", "max_l |D_l - D_l^(0)|_0 / m"),
          Metric.scalar(
              "back_change",
              "change of the backward maps",
              "1",
              "sqrt(d/m) max_(i<j) |Back_(i->j) - Back_(i->j)^(0)|_2"),
          Metric.scalar("formed", "W was formed", "1", "1 if W was formed, 0 if not"));

  /** For the service loader. */
  public DroppedInputJob() {}

  @Override
  public String id() {
    return "dropped-input";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "what a random network's states and backward maps owe to the tokens after the first";
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
    return configuration.real("eps_x") > 0
        ? List.of()
        : List.of("eps_x must be positive, found 0: there would be nothing to drop");
  }

  @Override
  public Cost cost(Trial trial) {
    NetworkSetting setting = setting(trial);
    Products products = products(setting);
    long m = setting.width();
    int length = setting.length();
    return new Cost(
        flops(setting),
        setting.networkBytes(setting.representation(products), products)
            + Trajectory.memoryBytes(m, setting.dimension(), BATCH, length, Precision.DOUBLE)
            + Math.max(
                (m + setting.dimension()) * Double.BYTES,
                BackwardVectors.memoryBytes(
                    m, BATCH, setting.outputs(), 2, length, Precision.DOUBLE)));
  }

  private static NetworkSetting setting(Trial trial) {
    return new NetworkSetting(trial, Precision.DOUBLE);
  }

  private static Products products(NetworkSetting setting) {
    return new Products(
        Trajectory.products(BATCH, setting.length()),
        BackwardVectors.products(BATCH, setting.outputs(), 2, setting.length()));
  }

  private static double flops(NetworkSetting setting) {
    Products products = products(setting);
    return setting.operatorFlops(setting.representation(products), products)
        + NetworkSetting.FLOPS_OF_A_COORDINATE * setting.width() * products.total();
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return TrialResult.of(measure(setting(trial), context), Map.of());
  }

  private static Map<String, Double> measure(NetworkSetting setting, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    Progress progress = new Progress(context, 3);
    Arena arena = context.arena();
    Blas blas = setting.blas();
    int length = setting.length();
    Representation representation = setting.representation(products(setting));
    NormalizedInput.Law law = NormalizedInput.Law.ofLabel(setting.configuration().choice("inputs"));
    boolean normalised = law == NormalizedInput.Law.NORMALISED;
    NormalizedInput input = setting.input(law);
    NormalizedInput none =
        setting.input(normalised ? NormalizedInput.Law.BASE : NormalizedInput.Law.NULL);
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (RandomNetwork network =
            setting.network(arena, representation, RandomNetwork.HE, products(setting));
        Trajectory states =
            Trajectory.of(blas, arena, network.recurrent(), network.input(), length, input, none)) {
      progress.worked(1);
      StateChange change = StateChange.between(states, 0, states, 1);
      metrics.put("hidden_change", change.states());
      hidden(setting, states, InfiniteWidth.of(input.tokens(length), none.tokens(length)), metrics);
      if (normalised) {
        entries(blas, arena, network, states, input.tokens(length), none.tokens(length), metrics);
      }
      metrics.put("sign_share", (double) change.signs() / setting.width());
      try (BackwardVectors back =
          BackwardVectors.ask(arena, network.recurrent(), network.output(), states, 2, length)) {
        progress.worked(1);
        double norm = BackwardChange.between(blas, arena, back, 0, back, 1).norm();
        metrics.put("back_change", Math.sqrt((double) setting.outputs() / setting.width()) * norm);
      }
      progress.worked(1);
    }
    metrics.put("formed", representation == Representation.DENSE ? 1.0 : 0.0);
    return metrics;
  }

  /** Entries of W (h_l - h_l^(0)), which is what g_(l+1) changes by beside A x, and of A x. */
  private static void entries(
      Blas blas,
      Arena arena,
      RandomNetwork network,
      Trajectory states,
      double[][] tokens,
      double[][] base,
      Map<String, Double> metrics) {
    OffHeapMatrix difference = arena.matrix(1, network.input().columns(), Precision.DOUBLE);
    OffHeapMatrix change = arena.matrix(1, network.width(), Precision.DOUBLE);
    double ofInput = 0;
    double ofStates = 0;
    for (int l = 1; l <= states.steps(); l++) {
      for (int c = 0; c < difference.columns(); c++) {
        difference.set(0, c, tokens[l - 1][c] - base[l - 1][c]);
      }
      blas.gemm(Transpose.NO, Transpose.YES, 1, difference, network.input(), 0, change);
      ofInput = Math.max(ofInput, RowMeasures.maxAbs(change, 0));
      RowMeasures.add(change, 0, -1, states.preactivations(l), 0);
      RowMeasures.add(change, 0, 1, states.preactivations(l), 1);
      ofStates = Math.max(ofStates, RowMeasures.maxAbs(change, 0));
    }
    arena.release(change);
    arena.release(difference);
    metrics.put("recurrent_change", ofStates);
    metrics.put("input_change", ofInput);
  }

  private static void hidden(
      NetworkSetting setting, Trajectory states, InfiniteWidth limit, Map<String, Double> metrics) {
    int length = setting.length();
    double worst = 0;
    double square = 0;
    for (int l = 2; l <= length; l++) {
      double distance = RowMeasures.distance(states.states(l), 0, states.states(l), 1);
      worst = Math.max(worst, Math.abs(distance * distance / limit.squaredDistance(l, l) - 1));
      square = l == length - 1 ? distance * distance : square;
    }
    double epsX = setting.epsX();
    metrics.put("hidden_ratio", square / ((length - 2) * epsX * epsX));
    metrics.put("oracle_deviation", worst);
    metrics.put("recursion_ratio", square / DroppedInput.printedSquare(length - 1, epsX));
  }
}
