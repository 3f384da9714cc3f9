package org.rnnsweep.jobs.descent;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.rnnsweep.kernels.descent.OuterSum;
import org.rnnsweep.kernels.descent.TangentMatrix;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.LowRankSum;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.BackwardVectors;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.OperatorSum;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RankOneAttack;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SymmetricEigen;
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
  private static final String LABELS = "labels";
  private static final String OPPOSITE = "opposite";
  private static final String LEAST = "least";
  private static final String LARGEST = "largest";
  private static final String NONE = "none";
  private static final String RANDOM = "random";
  private static final String ROW = "row";
  private static final String REDRAWN = "redrawn";
  private static final double FLOPS_OF_A_COORDINATE = 300;
  private static final double LARGE_ROW = 0.3;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 2, 1L << 24, "neurons"),
          Parameter.integer("length", "L", 2, 256, "tokens of a sequence"),
          Parameter.integer("sequences", "n", 1, 256, "sequences"),
          Parameter.integer("outputs", "d", 1, 64, "rows of the output matrix B").withDefault(1),
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
              .withDefault(TokenFamily.SILENT.label()),
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
              OPPOSITE,
              LABELS,
              LEAST,
              LARGEST),
          Parameter.choice(
                  "change",
                  "W': none; Gaussian (scaled by its limit norm); three of rank one, along the"
                      + " gradient of the last output, or reflecting small preactivations, or"
                      + " carrying them over 0; one row along h_1, of a"
                      + " neuron that is on; or all of W h_1 drawn anew in part",
                  NONE,
                  RANDOM,
                  RankOneAttack.GRADIENT.label(),
                  RankOneAttack.REFLECT.label(),
                  RankOneAttack.SIGN_FLIP.label(),
                  ROW,
                  REDRAWN)
              .withDefault(NONE),
          Parameter.real(
                  "radius",
                  "tau",
                  1e-9,
                  1e6,
                  "sqrt(m) times the spectral norm of W'; of drawing anew, the share theta")
              .withDefault(1.0)
              .withRelevance(
                  "change",
                  RANDOM,
                  RankOneAttack.GRADIENT.label(),
                  RankOneAttack.REFLECT.label(),
                  RankOneAttack.SIGN_FLIP.label(),
                  ROW,
                  REDRAWN),
          Parameter.integer("draws", "draws", 1, 10_000, "of a part of W h_1")
              .withDefault(16)
              .withRelevance("change", REDRAWN),
          Parameter.choice(
                  "representation",
                  "whether W is formed, or never formed and exact in law; auto takes the cheaper",
                  "auto",
                  Representation.CONDITIONED.label(),
                  Representation.DENSE.label())
              .withDefault("auto"));

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
    if (configuration.choice("errors").equals(OPPOSITE) && configuration.integer("sequences") < 2) {
      problems.add("errors = opposite needs 2 sequences, found 1");
    }
    String change = configuration.choice("change");
    if (isAttack(change) && configuration.integer("length") < 3) {
      problems.add("change = " + change + " needs a length of 3, found 2");
    }
    if (change.equals(REDRAWN) && configuration.real("radius") > 1) {
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
    Setting s = new Setting(trial);
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
    if (s.change().equals(RANDOM)) {
      flops += representation.costFlops(m, m, s.changeProducts());
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
    if (s.change().equals(RANDOM)) {
      change =
          representation.memoryBytes(m, m, s.changeProducts(), Precision.DOUBLE)
              + (long) s.sequences() * m * bytes;
    } else if (!s.change().equals(NONE)) {
      change =
          3 * m * bytes
              + LowRankSum.memoryBytes(m, m, 1, s.batch(), Precision.DOUBLE)
              + RankOneAttack.memoryBytes(m, s.length(), bytes);
    }
    return new Cost(
        flops,
        RandomNetwork.memoryBytes(representation, Precision.DOUBLE, s.shape(), s.products())
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
    return TrialResult.of(new Measurement(new Setting(trial), context).all(), Map.of());
  }

  /** One trial. */
  private static final class Measurement {
    private final Setting setting;
    private final Progress progress;
    private final Arena arena;
    private final Blas blas;
    private final Map<String, Double> metrics = new LinkedHashMap<>();

    Measurement(Setting setting, JobContext context) {
      this.setting = setting;
      progress = new Progress(context, setting.changes() + 2);
      arena = context.arena();
      blas = Blas.of(setting.trial().numerics());
    }

    Map<String, Double> all() throws InterruptedException {
      progress.worked(0);
      Representation representation = setting.representation();
      try (RandomNetwork net =
              RandomNetwork.draw(
                  blas,
                  arena,
                  representation,
                  Precision.DOUBLE,
                  setting.shape(),
                  RandomNetwork.HE,
                  setting.products(),
                  setting.key());
          Trajectory states = trajectory(net, net.recurrent())) {
        progress.worked(1);
        double[][][] outputs = outputs(net, states);
        double[][][] errors = errors(net, net.recurrent(), states, outputs);
        double largest = largest(errors);
        try (OuterSum gradient = gradient(net, net.recurrent(), states, errors)) {
          double[] rows = gradient.rowNorms();
          atStart(gradient, rows, states, errors);
          loss(outputs);
          progress.worked(1);
          if (setting.change().equals(REDRAWN)) {
            redrawn(net, states, errors, rows);
          } else if (!setting.change().equals(NONE)) {
            try (Change change = change(net, states)) {
              around(net, states, change, errors, largest, gradient, rows, outputs);
            }
            progress.worked(1);
          }
        }
      }
      metrics.put("formed", representation == Representation.DENSE ? 1.0 : 0.0);
      return metrics;
    }

    private Trajectory trajectory(RandomNetwork net, GaussianOperator w) {
      double[][][] x = setting.tokens();
      Trajectory states = new Trajectory(blas, arena, w, net.input(), x.length, setting.length());
      for (int l = 0; l < setting.length(); l++) {
        double[][] tokens = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
          tokens[i] = x[i][l];
        }
        states.step(tokens);
      }
      return states;
    }

    /** B h_(i,l) for l from 2: [i][l - 2]. */
    private double[][][] outputs(RandomNetwork net, Trajectory states) {
      int n = setting.sequences();
      int d = setting.outputs();
      double[][][] outputs = new double[n][setting.length() - 1][d];
      OffHeapMatrix answer = arena.matrix(n, d, Precision.DOUBLE);
      for (int l = 2; l <= setting.length(); l++) {
        blas.gemm(Transpose.NO, Transpose.YES, 1, states.states(l), net.output(), 0, answer);
        for (int i = 0; i < n; i++) {
          answer.getRow(i, outputs[i][l - 2]);
        }
      }
      arena.release(answer);
      return outputs;
    }

    private double[][][] errors(
        RandomNetwork net, GaussianOperator w, Trajectory states, double[][][] outputs) {
      String choice = setting.errors();
      if (choice.equals(LABELS)) {
        return setting.distance(outputs);
      }
      if (!setting.needsKernel()) {
        return setting.fixedErrors();
      }
      List<SymmetricEigen> spectrum =
          TangentMatrix.spectrum(TangentMatrix.of(blas, arena, w, net.output(), states));
      double[] vector = spectrum.get(choice.equals(LEAST) ? 0 : spectrum.size() - 1).vector();
      double[][][] errors =
          new double[setting.sequences()][setting.length() - 1][setting.outputs()];
      int k = 0;
      for (double[][] of : errors) {
        for (double[] error : of) {
          for (int c = 0; c < error.length; c++) {
            error[c] = vector[k++];
          }
        }
      }
      return errors;
    }

    private OuterSum gradient(
        RandomNetwork net, GaussianOperator w, Trajectory states, double[][][] errors) {
      OuterSum gradient = new OuterSum(blas, arena, setting.width(), setting.terms());
      add(gradient, 1, net, w, states, errors);
      return gradient;
    }

    private void add(
        OuterSum sum,
        double factor,
        RandomNetwork net,
        GaussianOperator w,
        Trajectory states,
        double[][][] errors) {
      OffHeapMatrix signal = arena.matrix(1, setting.width(), Precision.DOUBLE);
      for (int i = 0; i < errors.length; i++) {
        int sequence = i;
        LossVectors.ask(
            blas,
            arena,
            w,
            net.output(),
            states,
            i,
            errors[i],
            (l, vector) -> {
              signal.copyFrom(vector);
              SignPattern.apply(states.state(l, sequence), signal);
              sum.add(factor, signal, states.state(l - 1, sequence));
            });
      }
      arena.release(signal);
    }

    private void atStart(OuterSum gradient, double[] rows, Trajectory states, double[][][] errors) {
      double largest = largest(errors);
      double norm = gradient.frobenius();
      metrics.put("gradient_norm", norm / largest);
      metrics.put("squared_share", norm * norm / (setting.width() * largest * largest));
      metrics.put("curvature", norm * norm / (setting.width() * squares(errors)));
      metrics.put("row_norm", Arrays.stream(rows).max().orElse(0) / largest);
      if (!setting.change().equals(REDRAWN)) {
        metrics.put("large_share", largeShare(rows, largest));
      }
      double ofOne = 0;
      int terms = setting.length() - 1;
      for (int i = 0; i < setting.sequences(); i++) {
        try (OuterSum one = new OuterSum(blas, arena, setting.width(), terms)) {
          one.add(
              1,
              gradient.left().rowRange((long) i * terms, (i + 1L) * terms),
              gradient.right().rowRange((long) i * terms, (i + 1L) * terms));
          ofOne = Math.max(ofOne, one.frobenius());
        }
      }
      metrics.put("sequence_norm", ofOne / largest);
    }

    private double largeShare(double[] rows, double largest) {
      double threshold =
          LARGE_ROW
              * largest
              / (setting.sequences() * setting.length() * Math.sqrt(setting.outputs()));
      return Arrays.stream(rows).filter(row -> row >= threshold).count() / (double) rows.length;
    }

    private void loss(double[][][] outputs) {
      double[][][] errors = setting.distance(outputs);
      metrics.put("initial_loss", squares(errors) / 2);
      double largest = largest(errors);
      metrics.put("initial_error", largest * largest);
    }

    /** The mean of the rows' norms over redrawings of a part of W h_1. */
    private void redrawn(RandomNetwork net, Trajectory states, double[][][] errors, double[] rows)
        throws InterruptedException {
      double[] mean = new double[rows.length];
      for (int draw = 0; draw < setting.changes(); draw++) {
        try (Change change = redraw(net, states, draw);
            Trajectory changed = trajectory(net, change.sum());
            OuterSum gradient = gradient(net, change.sum(), changed, errors)) {
          double[] norms = gradient.rowNorms();
          for (int k = 0; k < mean.length; k++) {
            mean[k] += norms[k] / setting.changes();
          }
        }
        progress.worked(1);
      }
      metrics.put("large_share", largeShare(mean, largest(errors)));
    }

    /** {@code u v^T}, v along h_1, u = theta g_2 - (1 - sqrt(1 - theta^2)) W v, Lemma E.4. */
    private Change redraw(RandomNetwork net, Trajectory states, int draw) {
      long m = setting.width();
      double theta = setting.radius();
      OffHeapMatrix u = arena.matrix(1, m, Precision.DOUBLE);
      OffHeapMatrix v = unitFirstState(states);
      OffHeapMatrix known = arena.matrix(1, m, Precision.DOUBLE);
      net.recurrent().right(v, known);
      StreamKey fresh = setting.key().name("redrawn").with("width", m).with("draw", draw);
      GaussianMatrix.fill(u, fresh, theta * Math.sqrt(2.0 / m));
      RowMeasures.add(u, 0, -(1 - Math.sqrt(1 - theta * theta)), known, 0);
      arena.release(known);
      return Change.ofRankOne(blas, arena, net.recurrent(), u, v);
    }

    private OffHeapMatrix unitFirstState(Trajectory states) {
      OffHeapMatrix v = arena.matrix(1, setting.width(), Precision.DOUBLE);
      v.copyFrom(states.state(1, 0));
      RowMeasures.scale(v, 0, 1 / RowMeasures.norm(v, 0));
      return v;
    }

    private Change change(RandomNetwork net, Trajectory states) {
      long m = setting.width();
      double size = setting.radius() / Math.sqrt(m);
      if (setting.change().equals(RANDOM)) {
        // The norm of m x m normals of deviation sd is 2 sd sqrt(m) (1 + O(m^(-2/3))).
        GaussianOperator term =
            setting
                .representation()
                .draw(
                    blas,
                    arena,
                    Precision.DOUBLE,
                    m,
                    m,
                    size / (2 * Math.sqrt(m)),
                    setting.changeProducts(),
                    setting.key().name("change").with("width", m));
        return Change.ofTerm(arena, net.recurrent(), term, size);
      }
      OffHeapMatrix p;
      OffHeapMatrix q;
      if (setting.change().equals(ROW)) {
        q = unitFirstState(states);
        p = arena.matrix(1, m, Precision.DOUBLE);
        p.set(0, rowThatIsOn(states), size);
      } else {
        p = arena.matrix(1, m, Precision.DOUBLE);
        q = arena.matrix(1, m, Precision.DOUBLE);
        RankOneAttack.ofLabel(setting.change()).choose(arena, states, net.output(), size, p, q);
      }
      return Change.ofRankOne(blas, arena, net.recurrent(), p, q);
    }

    /** A row without an effect on the second state would have none at all. */
    private long rowThatIsOn(Trajectory states) {
      long m = setting.width();
      NormalStream uniforms = NormalStream.of(setting.key().name("row").with("width", m));
      long row = (long) (m * uniforms.nextUniform());
      while (!(states.preactivation(2, 0).get(0, row) >= 0)) {
        row = (row + 1) % m;
      }
      return row;
    }

    private void around(
        RandomNetwork net,
        Trajectory states,
        Change change,
        double[][][] errors,
        double largest,
        OuterSum gradient,
        double[] rows,
        double[][][] outputs) {
      try (Trajectory changed = trajectory(net, change.sum())) {
        metrics.put("response", stateChange(states, changed) / change.norm());
        double[][][] moved = outputs(net, changed);
        double along = 0;
        double square = 0;
        double[][][] own = new double[errors.length][][];
        for (int i = 0; i < errors.length; i++) {
          own[i] = new double[errors[i].length][];
          for (int a = 0; a < errors[i].length; a++) {
            own[i][a] = errors[i][a].clone();
            for (int c = 0; c < own[i][a].length; c++) {
              double difference = moved[i][a][c] - outputs[i][a][c];
              own[i][a][c] += difference;
              along += errors[i][a][c] * difference;
              square += difference * difference;
            }
          }
        }
        metrics.put("rough_remainder", Math.abs(along - change.along(gradient, arena)) / largest);
        metrics.put("smooth_remainder", square / 2 / (change.norm() * change.norm()));
        try (OuterSum second = gradient(net, change.sum(), changed, errors)) {
          rows(rows, second.rowNorms(), largest);
          try (OuterSum difference =
              new OuterSum(blas, arena, setting.width(), 2 * setting.terms())) {
            difference.add(1, second.left(), second.right());
            difference.add(-1, gradient.left(), gradient.right());
            metrics.put("gradient_change", difference.frobenius() / largest);
          }
        }
        metrics.put("row_sign_share", rowSigns(states, changed));
        double[][][] there =
            setting.needsKernel() ? errors(net, change.sum(), changed, moved) : own;
        try (OuterSum second = gradient(net, change.sum(), changed, there)) {
          double norm = second.frobenius();
          metrics.put("changed_curvature", norm * norm / (setting.width() * squares(there)));
        }
      }
    }

    private double stateChange(Trajectory states, Trajectory changed) {
      double worst = 0;
      long signs = 0;
      for (int l = 2; l <= setting.length(); l++) {
        for (int i = 0; i < setting.sequences(); i++) {
          worst = Math.max(worst, RowMeasures.distance(states.states(l), i, changed.states(l), i));
          signs =
              Math.max(
                  signs,
                  RowMeasures.signChanges(
                      states.preactivations(l), i, changed.preactivations(l), i));
        }
      }
      metrics.put("sign_share", (double) signs / setting.width());
      return worst;
    }

    private void rows(double[] before, double[] after, double largest) {
      double[] changes = new double[before.length];
      for (int k = 0; k < changes.length; k++) {
        double difference = after[k] * after[k] - before[k] * before[k];
        changes[k] = Math.abs(difference) / (largest * largest);
      }
      Arrays.sort(changes);
      metrics.put("row_change_high", changes[(int) Math.ceil(0.99 * changes.length) - 1]);
      metrics.put("row_change_largest", changes[changes.length - 1]);
    }

    private double rowSigns(Trajectory states, Trajectory changed) {
      int m = Math.toIntExact(setting.width());
      boolean[] moved = new boolean[m];
      double[] a = new double[m];
      double[] b = new double[m];
      for (int l = 2; l <= setting.length(); l++) {
        for (int i = 0; i < setting.sequences(); i++) {
          states.preactivations(l).getRow(i, a);
          changed.preactivations(l).getRow(i, b);
          for (int k = 0; k < m; k++) {
            moved[k] |= (a[k] >= 0) != (b[k] >= 0);
          }
        }
      }
      int count = 0;
      for (boolean row : moved) {
        count += row ? 1 : 0;
      }
      return (double) count / m;
    }

    private static double largest(double[][][] errors) {
      double square = 0;
      for (double[][] of : errors) {
        for (double[] error : of) {
          square = Math.max(square, Arrays.stream(error).map(e -> e * e).sum());
        }
      }
      return Math.sqrt(square);
    }

    private static double squares(double[][][] errors) {
      double square = 0;
      for (double[][] of : errors) {
        for (double[] error : of) {
          for (double e : error) {
            square += e * e;
          }
        }
      }
      return square;
    }
  }

  /**
   * W + W'.
   *
   * @param norm |W'|_2
   * @param p null where W' is not of rank one
   * @param term null where it is
   */
  private record Change(
      GaussianOperator sum,
      double norm,
      OffHeapMatrix p,
      OffHeapMatrix q,
      GaussianOperator term,
      Runnable release)
      implements AutoCloseable {

    /** Takes over p and q. */
    static Change ofRankOne(
        Blas blas, Arena arena, GaussianOperator w, OffHeapMatrix p, OffHeapMatrix q) {
      LowRankSum sum = LowRankSum.of(blas, arena, w, p, q);
      double norm = RowMeasures.norm(p, 0) * RowMeasures.norm(q, 0);
      return new Change(
          sum,
          norm,
          p,
          q,
          null,
          () -> {
            sum.close();
            arena.release(q);
            arena.release(p);
          });
    }

    static Change ofTerm(Arena arena, GaussianOperator w, GaussianOperator term, double norm) {
      return new Change(OperatorSum.of(arena, w, term), norm, null, null, term, term::close);
    }

    /** {@code <grad, W'>}. */
    double along(OuterSum gradient, Arena arena) {
      if (term == null) {
        return gradient.dot(p, q);
      }
      OffHeapMatrix answer = arena.matrix(gradient.right().rows(), sum.rows(), Precision.DOUBLE);
      term.right(gradient.right(), answer);
      double along = 0;
      for (long j = 0; j < answer.rows(); j++) {
        along += RowMeasures.dot(gradient.left(), j, answer, j);
      }
      arena.release(answer);
      return along;
    }

    @Override
    public void close() {
      release.run();
    }
  }

  /** A trial in numbers. */
  private record Setting(Trial trial) {
    private Configuration configuration() {
      return trial.configuration();
    }

    long width() {
      return configuration().integer("width");
    }

    int length() {
      return configuration().smallInteger("length");
    }

    int sequences() {
      return configuration().smallInteger("sequences");
    }

    int outputs() {
      return configuration().smallInteger("outputs");
    }

    int dimension() {
      return configuration().smallInteger("dimension");
    }

    String errors() {
      return configuration().choice("errors");
    }

    String change() {
      return configuration().choice("change");
    }

    double radius() {
      return configuration().real("radius");
    }

    boolean needsKernel() {
      return errors().equals(LEAST) || errors().equals(LARGEST);
    }

    /** How many changed matrices are looked at. */
    int changes() {
      return change().equals(NONE)
          ? 0
          : change().equals(REDRAWN) ? configuration().smallInteger("draws") : 1;
    }

    /** Outer products of a gradient. */
    int terms() {
      return sequences() * (length() - 1);
    }

    /** The most vectors that an operator is asked at a time. */
    int batch() {
      return Math.max(sequences(), needsKernel() ? backs() : 1);
    }

    int backs() {
      return needsKernel() ? BackwardVectors.products(sequences(), outputs(), 2, length()) : 0;
    }

    /**
     * Of W + W': a pass, two gradients, a tangent matrix; of W' alone also the states once more.
     */
    Products changeProducts() {
      return new Products(2 * terms(), 2 * sequences() * (length() - 2) + backs());
    }

    /** Of W: its own, those of the changes, and W h_1 once a draw. */
    Products products() {
      int right = terms() * (1 + changes()) + (change().equals(REDRAWN) ? changes() : 0);
      int left = sequences() * (length() - 2) + backs();
      return new Products(right, left + changes() * changeProducts().left());
    }

    Representation representation() {
      String label = configuration().choice("representation");
      return label.equals("auto")
          ? Representation.choose(width(), width(), products())
          : Representation.ofLabel(label);
    }

    RandomNetwork.Shape shape() {
      return new RandomNetwork.Shape(width(), dimension(), outputs());
    }

    StreamKey key() {
      return StreamKey.of(trial.rootSeed()).seed(trial.seedIndex());
    }

    double[][][] tokens() {
      return TokenFamily.ofLabel(configuration().choice("inputs"))
          .draw(
              key().name("tokens"),
              sequences(),
              dimension(),
              configuration().real("delta"),
              length());
    }

    double[][][] fixedErrors() {
      double[][][] errors = new double[sequences()][][];
      boolean opposite = errors().equals(OPPOSITE);
      LossVectors.Family family =
          opposite ? LossVectors.Family.EQUAL : LossVectors.Family.ofLabel(errors());
      for (int i = 0; i < errors.length; i++) {
        errors[i] = family.draw(key().name("errors").with("sequence", i), outputs(), length());
        double factor =
            opposite
                ? (i == 0 ? 1 : i == 1 ? -1 : 0)
                : family == LossVectors.Family.SINGLE && i > 0 ? 0 : 1;
        for (double[] error : errors[i]) {
          for (int c = 0; c < error.length; c++) {
            error[c] *= factor;
          }
        }
      }
      return errors;
    }

    /** Outputs less random unit labels. */
    double[][][] distance(double[][][] outputs) {
      double[][][] errors = new double[sequences()][][];
      for (int i = 0; i < errors.length; i++) {
        errors[i] =
            LossVectors.Family.RANDOM.draw(
                key().name("labels").with("sequence", i), outputs(), length());
        for (int a = 0; a < errors[i].length; a++) {
          for (int c = 0; c < errors[i][a].length; c++) {
            errors[i][a][c] = outputs[i][a][c] - errors[i][a][c];
          }
        }
      }
      return errors;
    }
  }
}
