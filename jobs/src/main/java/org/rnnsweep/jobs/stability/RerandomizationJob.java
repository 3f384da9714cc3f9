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
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardChange;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.NormalizedInput;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.Rerandomization;
import org.rnnsweep.kernels.stability.StateChange;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * What changes in a random network when the rows of W and A of a few random neurons are drawn anew
 * (Allen-Zhu and Li, Lemma E.1). Double whatever the profile says, since it measures small
 * differences.
 */
public final class RerandomizationJob implements TrialJob {
  private static final List<Parameter> PARAMETERS =
      List.of(
          NetworkSetting.WIDTH,
          NetworkSetting.LENGTH,
          NetworkSetting.EPS_X,
          NetworkSetting.DIMENSION,
          NetworkSetting.OUTPUTS,
          Parameter.integer("rows", "N", 1, 1_000_000, "neurons whose rows are drawn anew"),
          Parameter.choice(
                  "representation",
                  "whether W is formed, or never formed and exact in law; auto takes the cheaper",
                  Representation.AUTO,
                  NetworkSetting.CONDITIONED,
                  NetworkSetting.DENSE)
              .withDefault(Representation.AUTO));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "preactivation_change", "change of the preactivations", "1", "max_l |g'_l|"),
          Metric.scalar("hidden_change", "change of the states", "1", "max_l |h'_l|"),
          Metric.scalar("sign_changes", "signs that change", "1", "max_l |D'_l|_0"),
          Metric.scalar(
              "row_change",
              "largest <w_k, h'>",
              "1",
              "max_(l<L) max over old rows k, replaced ones included, of |<w_k, h'_l>|"),
          Metric.scalar(
              "fresh_row_change", "the same over fresh rows", "1", "over the rows drawn anew"),
          Metric.scalar(
              "back_change",
              "largest entry of a change of Back",
              "1",
              "max_(i<j,k) |Back'_(i->j) e_k|, over rows s"),
          Metric.scalar(
              "unsettled_share",
              "share of fresh neurons that see the change",
              "1",
              "share, over fresh neurons and l >= 2, whose sign differs between the old and the new"
                  + " h_(l-1)"),
          Metric.scalar("formed", "W was formed", "1", "1 if W was formed, 0 if not"));

  /** For the service loader. */
  public RerandomizationJob() {}

  @Override
  public String id() {
    return "rerandomization";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "what changes in a random network when some neurons' weights are drawn anew";
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
    long rows = configuration.integer("rows");
    long width = configuration.integer("width");
    return rows <= width
        ? List.of()
        : List.of("rows are at most the width " + width + ", found " + rows);
  }

  @Override
  public Cost cost(Trial trial) {
    NetworkSetting setting = setting(trial);
    Products products = products(setting);
    Representation representation = setting.representation(products);
    long m = setting.width();
    int length = setting.length();
    return new Cost(
        flops(setting),
        setting.networkBytes(representation, products)
            + Rerandomization.memoryBytes(
                representation, m, setting.dimension(), rows(setting), freshProducts(setting))
            + 2 * Trajectory.memoryBytes(m, setting.dimension(), 1, length, Precision.DOUBLE)
            + 2 * BackwardVectors.memoryBytes(m, 1, setting.outputs(), 2, length, Precision.DOUBLE)
            + BackwardChange.memoryBytes(m, setting.outputs(), Precision.DOUBLE.bytes()));
  }

  private static NetworkSetting setting(Trial trial) {
    return new NetworkSetting(trial, Precision.DOUBLE);
  }

  private static int rows(NetworkSetting setting) {
    return setting.configuration().smallInteger("rows");
  }

  /** Of W: both passes, W applied to the new states, all backward vectors twice. */
  private static Products products(NetworkSetting setting) {
    Products fresh = freshProducts(setting);
    return new Products(Trajectory.products(1, setting.length()) + fresh.right(), 2 * fresh.left());
  }

  /** Of the fresh rows: the changed pass and the rows applied to both passes' states. */
  private static Products freshProducts(NetworkSetting setting) {
    return new Products(
        Trajectory.products(1, setting.length()) + Rerandomization.products(setting.length()),
        BackwardVectors.products(1, setting.outputs(), 2, setting.length()));
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
    NormalizedInput input = setting.input(NormalizedInput.Law.SPREAD);
    StreamKey key = setting.key().name("fresh").with("rows", rows(setting));
    Map<String, Double> metrics = new LinkedHashMap<>();
    try (RandomNetwork net =
            setting.network(arena, representation, RandomNetwork.HE, products(setting));
        Trajectory states =
            Trajectory.of(blas, arena, net.recurrent(), net.input(), length, input);
        Rerandomization drawn =
            Rerandomization.draw(
                blas, arena, representation, net, rows(setting), freshProducts(setting), key);
        Trajectory changed =
            Trajectory.of(blas, arena, drawn.recurrent(), drawn.input(), length, input)) {
      progress.worked(1);
      StateChange change = StateChange.between(states, 0, changed, 0);
      metrics.put("preactivation_change", change.preactivations());
      metrics.put("hidden_change", change.states());
      metrics.put("sign_changes", (double) change.signs());
      Rerandomization.RowChange rows = drawn.rowChange(arena, states, changed);
      metrics.put("row_change", rows.old());
      metrics.put("fresh_row_change", rows.fresh());
      metrics.put("unsettled_share", rows.unsettledShare());
      try (BackwardVectors back =
              BackwardVectors.ask(arena, net.recurrent(), net.output(), states, 2, length);
          BackwardVectors backChanged =
              BackwardVectors.ask(arena, drawn.recurrent(), net.output(), changed, 2, length)) {
        progress.worked(1);
        metrics.put(
            "back_change", BackwardChange.between(blas, arena, back, 0, backChanged, 0).entry());
      }
      progress.worked(1);
    }
    metrics.put("formed", representation == Representation.DENSE ? 1.0 : 0.0);
    return metrics;
  }
}
