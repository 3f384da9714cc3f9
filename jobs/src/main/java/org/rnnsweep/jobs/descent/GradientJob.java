package org.rnnsweep.jobs.descent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
import org.rnnsweep.kernels.descent.OuterSum;
import org.rnnsweep.kernels.descent.TangentMatrix;
import org.rnnsweep.kernels.descent.WeightAdversary;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RankOneAttack;
import org.rnnsweep.kernels.stability.TokenFamily;
import org.rnnsweep.kernels.stability.Trajectory;

/**
 * The gradient of a training loss by W at random initialisation and at W + W' (Allen-Zhu, Li and
 * Song, Sections 6 and 7):
 *
 * <pre>grad = sum over i and l = 2..L of D_(i,l) u_(i,l) h_(i,l-1)^T,
 * u_(i,l) = sum over a &gt;= l of Back_(i,l-&gt;a)^T e_(i,a)</pre>
 *
 * kept as its vectors, on a W that need not be formed. The errors e are chosen; they are those of
 * the true loss for the labels {@code B h - e}, so that for every choice there is a loss {@code f =
 * sum of |e + B (h' - h)|^2 / 2} around W. Double whatever the profile says.
 */
public final class GradientJob implements TrialJob {
  private static final double FLOPS_OF_A_COORDINATE = 300;

  private static final List<String> CHANGES =
      List.of(
          GradientSetting.RANDOM,
          RankOneAttack.GRADIENT.label(),
          RankOneAttack.REFLECT.label(),
          RankOneAttack.SIGN_FLIP.label(),
          GradientSetting.ROW,
          GradientSetting.REDRAWN,
          GradientSetting.ALIGN,
          WeightAdversary.Goal.LEAST.label(),
          WeightAdversary.Goal.LARGEST.label(),
          WeightAdversary.Goal.REMAINDER.label());

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1L << 26, "neurons"),
          SequenceTrial.LENGTH,
          SequenceTrial.SEQUENCES,
          SequenceTrial.OUTPUTS.withDefault(1),
          SequenceTrial.DIMENSION,
          SequenceTrial.DELTA,
          SequenceTrial.INPUTS.withDefault(TokenFamily.SILENT.label()),
          Parameter.choice(
              "errors",
              "e: random unit vectors; e_1; e_1 and -e_1 in turn; e_1 at the last step of the first"
                  + " sequence alone; e_1 on the first sequence and -e_1 on the second; those of"
                  + " random unit labels; the tangent matrix's eigenvector of the least or the"
                  + " largest eigenvalue",
              LossVectors.Family.RANDOM.label(),
              LossVectors.Family.EQUAL.label(),
              LossVectors.Family.ALTERNATING.label(),
              LossVectors.Family.SINGLE.label(),
              GradientSetting.OPPOSITE,
              GradientSetting.LABELS,
              GradientSetting.LEAST,
              GradientSetting.LARGEST),
          Parameter.choice(
                  "change",
                  "W': none; Gaussian (scaled by its limit norm); three of rank one, along the"
                      + " gradient of the last output, or reflecting small preactivations, or"
                      + " carrying them over 0; one row along h_1, of a"
                      + " neuron that is on; all of W h_1 drawn anew in part; the signs of step 2"
                      + " made equal in the first two sequences; or climbed to: the least or the"
                      + " largest gradient for its errors, or the largest rough remainder",
                  Stream.concat(Stream.of(GradientSetting.NONE), CHANGES.stream())
                      .toArray(String[]::new))
              .withDefault(GradientSetting.NONE),
          Parameter.real(
                  "radius",
                  "tau",
                  1e-9,
                  1e6,
                  "sqrt(m) times the spectral norm of W'; of drawing anew, the share theta")
              .withDefault(1.0)
              .withRelevance("change", CHANGES.toArray(String[]::new)),
          Parameter.integer("draws", "draws", 1, 10_000, "of a part of W h_1")
              .withDefault(16)
              .withRelevance("change", GradientSetting.REDRAWN),
          Parameter.integer("steps", "steps", 1, 100, "tried on the way up")
              .withDefault(8)
              .withRelevance(
                  "change",
                  WeightAdversary.Goal.LEAST.label(),
                  WeightAdversary.Goal.LARGEST.label(),
                  WeightAdversary.Goal.REMAINDER.label()),
          Parameter.choice(
                  "representation",
                  "whether W is formed, or never formed and exact in law; auto takes the cheaper",
                  Representation.AUTO,
                  Representation.CONDITIONED.label(),
                  Representation.DENSE.label())
              .withDefault(Representation.AUTO));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "gradient_norm", "gradient", "1", "|grad|_F over Lambda, the largest |e_(i,l)|"),
          Metric.scalar(
              "sequence_norm", "gradient of one sequence", "1", "max_i |grad f_i|_F / Lambda"),
          Metric.scalar("row_norm", "largest row", "1", "max_k |grad_k| / Lambda"),
          Metric.scalar("squared_share", "squared gradient", "1", "|grad|_F^2 / (m Lambda^2)"),
          Metric.scalar(
              "curvature",
              "curvature along the errors",
              "1",
              "|grad|_F^2 / (m sum |e|^2); an eigenvalue of the tangent matrix over m where e is its"
                  + " eigenvector"),
          Metric.scalar(
              "large_share",
              "share of large rows",
              "1",
              "share of the rows with |grad_k| >= 0.3 Lambda / (n L sqrt(d)), of the mean norm where"
                  + " W h_1 is drawn anew"),
          Metric.scalar("initial_loss", "first loss", "1", "f(W) for random unit labels"),
          Metric.scalar(
              "initial_error", "first error", "1", "max |B h_(i,l) - y|^2 for random unit labels"),
          Metric.scalar(
                  "gradient_change",
                  "change of the gradient",
                  "1",
                  "|grad' - grad|_F / Lambda, e fixed")
              .withRoundingFloor(1e-6), // a root of a difference of squares
          Metric.scalar(
              "response", "response of the states", "1", "max |h'_(i,l) - h_(i,l)| / |W'|_2"),
          Metric.scalar("sign_share", "signs that change", "1", "max_(i,l) |D' - D|_0 / m"),
          Metric.scalar(
              "rough_remainder",
              "rough part of the remainder",
              "1",
              "|sum <e, B (h' - h)> - <grad, W'>| / Lambda"),
          Metric.scalar(
              "smooth_remainder",
              "smooth part of the remainder",
              "1",
              "sum |B (h' - h)|^2 / 2, over |W'|_2^2"),
          Metric.scalar(
              "changed_curvature",
              "curvature along the errors at W + W'",
              "1",
              "|grad'|_F^2 / (m sum |e'|^2) with the loss's own errors at W + W', or the"
                  + " eigenvector there"),
          Metric.scalar(
              "row_change_high",
              "change of most rows",
              "1",
              "99th percentile over k of | |grad'_k|^2 - |grad_k|^2 | / Lambda^2, e fixed"),
          Metric.scalar("row_change_largest", "largest change of a row", "1", "the same, largest"),
          Metric.scalar(
              "row_sign_share", "rows with changed signs", "1", "share of k with any sign changed"),
          Metric.scalar("formed", "W was formed", "1", "1 if W was formed, 0 if not"));

  /** For the service loader. */
  public GradientJob() {}

  @Override
  public String id() {
    return "gradient";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "the gradient of a training loss at and around random initialisation";
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
    if (configuration.choice("errors").equals(GradientSetting.OPPOSITE)
        && configuration.integer("sequences") < 2) {
      problems.add("errors = opposite needs 2 sequences, found 1");
    }
    String change = configuration.choice("change");
    boolean ascent = WeightAdversary.Goal.isLabel(change);
    if ((ascent || isAttack(change)) && configuration.integer("length") < 3) {
      problems.add("change = " + change + " needs a length of 3, found 2");
    }
    if ((ascent || change.equals(GradientSetting.ALIGN))
        && configuration.integer("sequences") < 2) {
      problems.add("change = " + change + " needs 2 sequences, found 1");
    }
    if (change.equals(GradientSetting.REDRAWN) && configuration.real("radius") > 1) {
      problems.add(
          "of W h_1 a share of at most 1 is drawn anew, found radius "
              + configuration.real("radius"));
    }
    return problems;
  }

  private static boolean isAttack(String change) {
    return Arrays.stream(RankOneAttack.values()).anyMatch(a -> a.label().equals(change));
  }

  @Override
  public Cost cost(Trial trial) {
    GradientSetting s = new GradientSetting(trial);
    Representation representation = s.representation();
    long m = s.width();
    int terms = s.terms();
    double vectors = s.products().total();
    double flops =
        representation.costFlops(m, m, s.products())
            + FLOPS_OF_A_COORDINATE * m * vectors
            + (s.changes() + 1) * 12.0 * m * terms * terms
            + (s.needsKernel() ? 2 : 0)
                * (TangentMatrix.flops(m, s.sequences(), s.outputs(), s.length())
                    - 2.0 * m * m * s.backs());
    if (s.change().equals(GradientSetting.RANDOM)) {
      flops += representation.costFlops(m, m, s.changeProducts());
    } else if (s.isAscent()) {
      flops += WeightAdversary.flops(s.goal(), m, s.sequences(), s.length(), s.steps());
    }
    int bytes = Precision.DOUBLE.bytes();
    long trajectory =
        Trajectory.memoryBytes(m, s.dimension(), s.sequences(), s.length(), Precision.DOUBLE);
    long kernel =
        s.needsKernel()
            ? TangentMatrix.memoryBytes(m, s.sequences(), s.outputs(), s.length(), Precision.DOUBLE)
            : 0;
    long asking = (LossVectors.size(m, s.outputs()) + m) * bytes;
    long change = 0;
    if (s.change().equals(GradientSetting.RANDOM)) {
      change =
          representation.memoryBytes(m, m, s.changeProducts(), Precision.DOUBLE)
              + (long) s.sequences() * m * bytes;
    } else if (s.isAscent()) {
      change =
          WeightAdversary.memoryBytes(
              s.goal(),
              m,
              s.dimension(),
              s.outputs(),
              s.sequences(),
              s.length(),
              s.steps(),
              s.batch(),
              kernel);
    } else if (!s.change().equals(GradientSetting.NONE)) {
      change =
          3 * m * bytes
              + LowRankSum.memoryBytes(m, m, 1, s.batch(), Precision.DOUBLE)
              + RankOneAttack.memoryBytes(m, s.length(), bytes);
    }
    return new Cost(
        flops,
        RandomNetwork.memoryBytes(representation, Precision.DOUBLE, s.drawnShape(), s.products())
            + 2 * trajectory
            + change
            + kernel
            + asking
            + 2L * s.sequences() * s.length() * s.outputs() * bytes
            + OuterSum.memoryBytes(m, terms) // the first gradient, kept, and its norms
            + OuterSum.memoryBytes(m, 2 * terms));
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    GradientSetting setting = new GradientSetting(trial);
    Progress progress = new Progress(context, setting.changes() + 2);
    progress.worked(0);
    try (RandomNetwork net = setting.network(context.arena())) {
      return TrialResult.of(
          new GradientMeasurement(setting, context.arena(), progress, net).all(), Map.of());
    }
  }
}
