package org.rnnsweep.jobs.inversion;

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
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.inversion.InputSequences;
import org.rnnsweep.kernels.inversion.InversionErrors;
import org.rnnsweep.kernels.inversion.SignLaw;
import org.rnnsweep.kernels.inversion.WideNetwork;
import org.rnnsweep.kernels.inversion.WideReadout;
import org.rnnsweep.kernels.inversion.WideReadout.Signs;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * The readout that Theorem D.1 of Panigrahi and Goyal constructs from sign patterns, at widths at
 * which W is never formed: to 2^20 in seconds.
 *
 * <p>The job {@code inversion} has it too, for a formed W and beside trained readouts. This one is
 * a job of its own and not a further parameter there: a parameter with a default enters every trial
 * id, and stored trials of that job would be lost.
 *
 * <p>Always in double: it measures small differences. Where {@code representation} is {@code auto},
 * {@link Representation#choose} decides from the trial's own parameters; {@code conditioned} in the
 * result says how.
 */
public final class SignReadoutJob implements TrialJob {
  static final String BASE = "base";
  static final String NONE = "none";
  private static final String LAST = "last";
  private static final String BEFORE_LAST = "before-last";

  /** One block of sequences: one block of questions a step. */
  private static final int MOST_SEQUENCES = 64;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 1, 1 << 26, "neurons"),
          Parameter.integer("length", "L", 3, 1_024, "tokens of a sequence"),
          Parameter.integer("dimension", "d", 3, 4_096, "coordinates of a token"),
          Parameter.choice(
                  "signs",
                  "sign patterns of the readout: the base sequence's (and beside them each"
                      + " sequence's own), or none",
                  BASE,
                  NONE)
              .withDefault(BASE),
          Parameter.choice(
                  "state",
                  "the state that is read: h^(L) (Theorem D.1), or h^(L-1) (Corollary D.1.1)",
                  LAST,
                  BEFORE_LAST)
              .withDefault(LAST),
          Parameter.real(
                  "eps_scale",
                  "eps_x_L",
                  1e-9,
                  4_096,
                  "eps_x times the length: middle tokens have norm eps_x = eps_scale / length, and"
                      + " the theorem needs eps_scale below 1")
              .withDefault(0.5),
          Parameter.integer(
                  "sequences", "sequences", 1, MOST_SEQUENCES, "fresh sequences under one network")
              .withDefault(2),
          representation());

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "relative_l2", "mean relative L2 error", "1", "E_x ||Wbar^T h - x|| / ||x||"),
          Metric.scalar("linf", "mean L-infinity error", "1", "E_x max_i |Wbar^T h - x|_i"),
          Metric.scalar(
              "rms", "rms error", "1", "root of the mean square over sequences and coordinates"),
          Metric.series(
              "position_rms", "rms error of a token", "1", "the same for each position l"),
          Metric.scalar(
              "token_rms",
              "rms error of a true token's coordinate",
              "1",
              "rms over the d - 1 true coordinates of the middle tokens, over eps_x: also the rms"
                  + " error of <w, xbar> for a uniform unit w"),
          Metric.scalar(
              "conc_linf",
              "concentration error (max)",
              "1",
              "linf of the same matrices with each sequence's own sign patterns"),
          Metric.scalar(
              "conc_rms",
              "concentration error (rms)",
              "1",
              "rms of the same matrices with each sequence's own sign patterns"),
          Metric.scalar(
              "conc_token_rms",
              "concentration error of a true token's coordinate",
              "1",
              "token_rms with each sequence's own sign patterns"),
          Metric.scalar(
              "eps_linf",
              "error by foreign sign patterns (max)",
              "1",
              "E_x max_i |r_(0) - r_D|_i: base patterns against own ones"),
          Metric.scalar(
              "slot_bias",
              "signed eps-term in the bias slot",
              "1",
              "mean of r_(0) - r_D over sequences and middle tokens at their last coordinate, which"
                  + " the base sequence fills and normalised ones leave at 0"),
          Metric.scalar(
              "slot_bias_ratio",
              "eps-term in the bias slot over its limit",
              "1",
              "slot_bias over its value at infinite width"),
          Metric.scalar(
              "attenuation",
              "signed eps-term along the true token",
              "1",
              "mean of <r_(0) - r_D, xbar> / eps_x over sequences and middle tokens"),
          Metric.scalar(
              "attenuation_ratio",
              "eps-term along the true token over its limit",
              "1",
              "attenuation over its value at infinite width"),
          Metric.scalar(
              "flips",
              "share of signs that differ",
              "1",
              "the largest share over steps of neurons whose sign differs from the base's"),
          conditioned());

  /** For the service loader. */
  public SignReadoutJob() {}

  static Parameter representation() {
    return Parameter.choice(
            "representation",
            "whether W is formed, or never formed and drawn as it is asked; auto: the cheaper",
            Representation.AUTO,
            Representation.DENSE.label(),
            Representation.CONDITIONED.label())
        .withDefault(Representation.AUTO);
  }

  static Metric conditioned() {
    return Metric.scalar(
        "conditioned", "W was never formed", "1", "1 where W was never formed, 0 where it was");
  }

  /** What a trial asks for, or the cheaper one. */
  static Representation representation(Configuration configuration, Products products) {
    long m = configuration.integer("width");
    return Representation.of(configuration.choice("representation"), m, m, products);
  }

  @Override
  public String id() {
    return "sign-readout";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "the readout built from weights and sign patterns, at widths to millions";
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
    Setting setting = Setting.of(trial);
    double flops = setting.flops();
    long bytes = setting.memoryBytes();
    double ofADouble = trial.numerics().precision() == Precision.SINGLE ? 2 : 1;
    return new Cost(ofADouble * flops, bytes);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return run(Setting.of(trial), Blas.of(trial.numerics()), context);
  }

  private static TrialResult run(Setting setting, Blas blas, JobContext context)
      throws InterruptedException {
    context.checkCancelled();
    Checkpoint progress = new Progress(context, setting.flops());
    try (WideNetwork network =
        WideNetwork.draw(
            blas,
            context.arena(),
            setting.representation(),
            setting.m(),
            setting.d(),
            setting.products(),
            setting.seedKey())) {
      progress.worked(WideNetwork.drawnFlops(setting.m(), setting.d()));
      WideReadout.Recovered found =
          WideReadout.measure(
              network,
              setting.signs(),
              InputSequences.base(setting.d(), setting.length(), setting.epsX()),
              InputSequences.normalized(
                  setting.seedKey().name("sequences"),
                  setting.d(),
                  setting.length(),
                  setting.epsX()),
              setting.sequences(),
              setting.steps(),
              progress);
      return setting.result(found);
    }
  }

  /** One trial, in numbers. */
  private record Setting(Configuration configuration, StreamKey seedKey) {

    static Setting of(Trial trial) {
      return new Setting(trial.configuration(), trial.key());
    }

    long m() {
      return configuration.integer("width");
    }

    int d() {
      return configuration.smallInteger("dimension");
    }

    int length() {
      return configuration.smallInteger("length");
    }

    int steps() {
      return configuration.choice("state").equals(LAST) ? length() : length() - 1;
    }

    double epsX() {
      return configuration.real("eps_scale") / length();
    }

    int sequences() {
      return configuration.smallInteger("sequences");
    }

    Signs signs() {
      return configuration.choice("signs").equals(NONE) ? Signs.NONE : Signs.BASE_AND_OWN;
    }

    Products products() {
      return WideReadout.products(signs(), sequences(), steps());
    }

    Representation representation() {
      return SignReadoutJob.representation(configuration, products());
    }

    double flops() {
      return WideNetwork.flops(representation(), m(), d(), products());
    }

    long memoryBytes() {
      return WideNetwork.memoryBytes(representation(), m(), d(), products())
          + WideReadout.memoryBytes(signs(), m(), d(), sequences(), steps());
    }

    TrialResult result(WideReadout.Recovered recovered) {
      InversionErrors errors = errors(recovered.actual(), recovered.found());
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("relative_l2", errors.relativeL2());
      metrics.put("linf", errors.linf());
      metrics.put("rms", errors.rms());
      metrics.put("token_rms", tokenRms(recovered.actual(), recovered.found()));
      if (recovered.withOwn() != null) {
        InversionErrors own = errors(recovered.actual(), recovered.withOwn());
        metrics.put("conc_linf", own.linf());
        metrics.put("conc_rms", own.rms());
        metrics.put("conc_token_rms", tokenRms(recovered.actual(), recovered.withOwn()));
        metrics.put("eps_linf", errors(recovered.withOwn(), recovered.found()).linf());
        putBias(recovered, metrics);
        double flips = 0;
        for (double share : recovered.flips()) {
          flips = Math.max(flips, share);
        }
        metrics.put("flips", flips);
      }
      metrics.put("conditioned", representation() == Representation.CONDITIONED ? 1.0 : 0.0);
      return TrialResult.of(metrics, Map.of("position_rms", errors.positionRms()));
    }

    private InversionErrors errors(double[][] actual, double[][] found) {
      InversionErrors errors = new InversionErrors(steps(), d());
      for (int s = 0; s < actual.length; s++) {
        errors.add(found[s], actual[s]);
      }
      return errors;
    }

    private double tokenRms(double[][] actual, double[][] found) {
      double square = 0;
      for (int s = 0; s < actual.length; s++) {
        for (int k = 2; k < length(); k++) {
          for (int j = (k - 1) * d(); j < k * d() - 1; j++) {
            double difference = found[s][j] - actual[s][j];
            square += difference * difference;
          }
        }
      }
      long coordinates = (long) actual.length * (length() - 2) * (d() - 1);
      return Math.sqrt(square / coordinates) / epsX();
    }

    /** The signed eps-term in two directions, and what it is at infinite width. */
    private void putBias(WideReadout.Recovered recovered, Map<String, Double> metrics) {
      SignLaw law = SignLaw.of(length(), epsX(), steps());
      int middle = length() - 2;
      double slot = 0;
      double slotLimit = 0;
      double along = 0;
      double alongLimit = 0;
      for (int k = 2; k < length(); k++) {
        for (int s = 0; s < sequences(); s++) {
          double[] with = recovered.found()[s];
          double[] own = recovered.withOwn()[s];
          for (int j = (k - 1) * d(); j < k * d() - 1; j++) {
            along += (with[j] - own[j]) * recovered.actual()[s][j] / epsX() / epsX();
          }
          slot += with[k * d() - 1] - own[k * d() - 1];
        }
        slotLimit += law.base()[k - 1] * epsX() / middle;
        alongLimit += (law.own()[k - 1] - 1) / middle;
      }
      slot /= middle * sequences();
      along /= middle * sequences();
      metrics.put("slot_bias", slot);
      metrics.put("slot_bias_ratio", slot / slotLimit);
      metrics.put("attenuation", along);
      metrics.put("attenuation_ratio", along / alongLimit);
    }
  }

  @Override
  public List<String> check(Configuration configuration) {
    Setting setting = new Setting(configuration, null);
    return problems(configuration, setting.products());
  }

  /** What is asked of a W that is not formed has to fit into it. */
  static List<String> problems(Configuration configuration, Products products) {
    long m = configuration.integer("width");
    return configuration.choice("representation").equals(Representation.CONDITIONED.label())
            && (products.right() > m || products.left() > m)
        ? List.of(
            "representation conditioned multiplies at most width = "
                + m
                + " vectors on either side, found "
                + products.right()
                + " and "
                + products.left()
                + ": take dense")
        : List.of();
  }
}
