package org.rnnsweep.jobs.inversion;

import java.util.ArrayList;
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
import org.rnnsweep.kernels.inversion.ReadoutColumns;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;

/**
 * The lemmas behind Theorem D.1 of Panigrahi and Goyal, on the columns of the readout themselves:
 * one step's error, norms and entries of the columns, and what a few replaced rows of W and A
 * change of them. Always in double.
 */
public final class ReadoutColumnsJob implements TrialJob {

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 8, 1 << 26, "neurons"),
          Parameter.integer("length", "L", 3, 64, "tokens of a sequence"),
          Parameter.integer("dimension", "d", 3, 64, "coordinates of a token"),
          Parameter.integer(
                  "replaced",
                  "N",
                  0,
                  4_096,
                  "rows of W and A that are replaced by fresh ones in a copy; 0: no copy")
              .withDefault(0),
          Parameter.real(
                  "eps_scale",
                  "eps_x_L",
                  0,
                  4_096,
                  "eps_x times the length: middle tokens have norm eps_x = eps_scale / length")
              .withDefault(0.5),
          Parameter.integer("sequences", "sequences", 1, 64, "fresh sequences under one network")
              .withDefault(2),
          SignReadoutJob.representation());

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "column_norm", "largest norm of a column", "1", "max_c |t_c|, t_c of Wbar^[L]"),
          Metric.scalar(
              "entry", "largest entry of W Wbar", "1", "max |(W Wbar^[L-1])_ab| over both indices"),
          Metric.scalar(
              "cross_gram", "largest inner product of columns", "1", "max |t_b . t_c| for b != c"),
          Metric.scalar(
              "stretch", "deviation of |Wbar w| from 1", "1", "rms of |Wbar w| - 1 over unit w"),
          Metric.scalar(
              "sweep_gap",
              "columns against sweep",
              "1",
              "largest difference of Wbar^T h^(L) by columns and by the sweep back"),
          Metric.scalar(
              "step_independent",
              "one step's error, independent v",
              "1",
              "rms of |f - g| / (|v| |[h, x]|) over random v"),
          Metric.scalar(
              "step_aligned", "one step's error, v = [h, x]", "1", "the same for v = [h, x]"),
          Metric.scalar(
              "step_columns",
              "one step's error, v a column",
              "1",
              "the same for v = [t, 0], t the columns of Wbar^[L-1]"),
          Metric.scalar(
              "state_rows",
              "change of the state seen by the replaced rows",
              "1",
              "max_(l<L) |W_K (h'^(l) - h^(l))|, W_K the rows before they are replaced"),
          Metric.scalar(
              "product_change",
              "change of a product",
              "1",
              "|(D'W'..D'W' - DW..DW) v| / |v| for a random v, L - 1 factors, D of a sequence"),
          Metric.scalar(
              "product_rows",
              "change of a product seen by the replaced rows",
              "1",
              "|W_K (D'W'..D'W' - DW..DW) v| / |v|, L - 2 factors"),
          Metric.scalar(
              "column_change",
              "largest change of a column",
              "1",
              "max_c |t'_c - t_c| under replaced rows"),
          Metric.scalar(
              "row_change",
              "largest change seen by the replaced rows",
              "1",
              "max_c |W_K (t'_c - t_c)|, t_c of Wbar^[L-1], W_K the rows before they are replaced"),
          Metric.scalar(
              "stretch_change",
              "change of |Wbar w|",
              "1",
              "rms of |Wbar' w| / |Wbar w| - 1 over unit w"),
          Metric.scalar(
              "term_state", "f_K by another state", "1", "rms of |f_K(v,h) - f_K(v,h')| / |v|"),
          Metric.scalar(
              "term_direction",
              "f_K by another direction",
              "1",
              "rms of |f_K(v,h') - f_K(v',h')| / |v|"),
          Metric.scalar(
              "term_concentration",
              "f_K against its mean",
              "1",
              "rms of |f_K(v',h') - N/m g(v',h')| / |v|"),
          Metric.scalar("term_whole", "change of g", "1", "rms of N/m |g(v',h') - g(v,h)| / |v|"),
          Metric.scalar(
              "term_total", "f_K against N/m g", "1", "rms of |f_K(v,h) - N/m g(v,h)| / |v|"),
          SignReadoutJob.conditioned());

  /** For the service loader. */
  public ReadoutColumnsJob() {}

  @Override
  public String id() {
    return "readout-columns";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "columns of the readout built from weights and signs, and what replaced rows change";
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
    List<String> problems = new ArrayList<>();
    if (configuration.integer("replaced") > configuration.integer("width") / 2) {
      problems.add(
          "replaced must be at most half the width = "
              + configuration.integer("width")
              + ", found "
              + configuration.integer("replaced"));
    }
    problems.addAll(SignReadoutJob.problems(configuration, products(configuration)));
    return problems;
  }

  @Override
  public Cost cost(Trial trial) {
    ReadoutColumns.Plan plan = plan(trial.configuration());
    double flops = plan.flops();
    long bytes = plan.memoryBytes();
    double ofADouble = trial.numerics().precision() == Precision.SINGLE ? 2 : 1;
    return new Cost(ofADouble * flops, bytes);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    Configuration configuration = trial.configuration();
    ReadoutColumns.Plan plan = plan(configuration);
    ReadoutColumns.Found found =
        ReadoutColumns.measure(
            Blas.of(trial.numerics()),
            context.arena(),
            plan,
            configuration.real("eps_scale") / plan.length(),
            trial.key(),
            new Progress(context, plan.flops()));
    return result(plan, found);
  }

  private static TrialResult result(ReadoutColumns.Plan plan, ReadoutColumns.Found found) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    ReadoutColumns.Lemmas lemmas = found.lemmas();
    metrics.put("column_norm", lemmas.columnNorm());
    metrics.put("entry", lemmas.entry());
    metrics.put("cross_gram", lemmas.crossGram());
    metrics.put("stretch", lemmas.stretch());
    metrics.put("sweep_gap", lemmas.sweepGap());
    metrics.put("step_independent", lemmas.independent());
    metrics.put("step_aligned", lemmas.aligned());
    metrics.put("step_columns", lemmas.columns());
    if (found.replaced() != null) {
      ReadoutColumns.Replaced replaced = found.replaced();
      metrics.put("state_rows", replaced.stateRows());
      metrics.put("product_change", replaced.product());
      metrics.put("product_rows", replaced.productRows());
      metrics.put("column_change", replaced.columnChange());
      metrics.put("row_change", replaced.rowChange());
      metrics.put("stretch_change", replaced.stretchChange());
      metrics.put("term_state", replaced.byState());
      metrics.put("term_direction", replaced.byDirection());
      metrics.put("term_concentration", replaced.concentration());
      metrics.put("term_whole", replaced.byWhole());
      metrics.put("term_total", replaced.total());
    }
    metrics.put("conditioned", plan.representation() == Representation.CONDITIONED ? 1.0 : 0.0);
    return TrialResult.of(metrics, Map.of());
  }

  private static ReadoutColumns.Plan plan(Configuration configuration) {
    return plan(
        configuration, SignReadoutJob.representation(configuration, products(configuration)));
  }

  /** What is asked does not depend on the representation. */
  private static Products products(Configuration configuration) {
    return plan(configuration, Representation.DENSE).products();
  }

  private static ReadoutColumns.Plan plan(
      Configuration configuration, Representation representation) {
    return new ReadoutColumns.Plan(
        representation,
        configuration.integer("width"),
        configuration.smallInteger("dimension"),
        configuration.smallInteger("length"),
        configuration.smallInteger("sequences"),
        configuration.smallInteger("replaced"));
  }
}
