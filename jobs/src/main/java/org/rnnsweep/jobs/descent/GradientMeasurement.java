package org.rnnsweep.jobs.descent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.OuterSum;
import org.rnnsweep.kernels.descent.TangentMatrix;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.operator.SignPattern;
import org.rnnsweep.kernels.stability.LossVectors;
import org.rnnsweep.kernels.stability.RandomNetwork;
import org.rnnsweep.kernels.stability.RowMeasures;
import org.rnnsweep.kernels.stability.SymmetricEigen;
import org.rnnsweep.kernels.stability.Trajectory;

/** One trial. */
final class GradientMeasurement {
  private static final double LARGE_ROW = 0.3;

  private final GradientSetting setting;
  private final Progress progress;
  private final Arena arena;
  private final Blas blas;
  private final Map<String, Double> metrics = new LinkedHashMap<>();

  GradientMeasurement(GradientSetting setting, JobContext context) {
    this.setting = setting;
    progress = new Progress(context, setting.changes() + 2);
    arena = context.arena();
    blas = setting.blas();
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
        if (setting.change().equals(GradientSetting.REDRAWN)) {
          redrawn(net, states, errors, rows);
        } else if (!setting.change().equals(GradientSetting.NONE)) {
          try (WeightChange change = WeightChange.of(setting, arena, net, states)) {
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
    return Trajectory.of(blas, arena, w, net.input(), setting.tokens());
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
    if (choice.equals(GradientSetting.LABELS)) {
      return setting.distance(outputs);
    }
    if (!setting.needsKernel()) {
      return setting.fixedErrors();
    }
    List<SymmetricEigen> spectrum =
        TangentMatrix.spectrum(TangentMatrix.of(blas, arena, w, net.output(), states));
    double[] vector =
        spectrum.get(choice.equals(GradientSetting.LEAST) ? 0 : spectrum.size() - 1).vector();
    double[][][] errors = new double[setting.sequences()][setting.length() - 1][setting.outputs()];
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
            gradient.add(1, signal, states.state(l - 1, sequence));
          });
    }
    arena.release(signal);
    return gradient;
  }

  private void atStart(OuterSum gradient, double[] rows, Trajectory states, double[][][] errors) {
    double largest = largest(errors);
    double norm = gradient.frobenius();
    metrics.put("gradient_norm", norm / largest);
    metrics.put("squared_share", norm * norm / (setting.width() * largest * largest));
    metrics.put("curvature", norm * norm / (setting.width() * dot(errors, errors)));
    metrics.put("row_norm", Arrays.stream(rows).max().orElse(0) / largest);
    if (!setting.change().equals(GradientSetting.REDRAWN)) {
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
    metrics.put("initial_loss", dot(errors, errors) / 2);
    double largest = largest(errors);
    metrics.put("initial_error", largest * largest);
  }

  /** The mean of the rows' norms over redrawings of a part of W h_1. */
  private void redrawn(RandomNetwork net, Trajectory states, double[][][] errors, double[] rows)
      throws InterruptedException {
    double[] mean = new double[rows.length];
    for (int draw = 0; draw < setting.changes(); draw++) {
      try (WeightChange change = WeightChange.redrawn(setting, arena, net, states, draw);
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

  private void around(
      RandomNetwork net,
      Trajectory states,
      WeightChange change,
      double[][][] errors,
      double largest,
      OuterSum gradient,
      double[] rows,
      double[][][] outputs) {
    try (Trajectory changed = trajectory(net, change.sum())) {
      metrics.put("response", stateChange(states, changed) / change.norm());
      double[][][] moved = outputs(net, changed);
      double[][][] differences = GradientSetting.sum(moved, -1, outputs);
      double[][][] own = GradientSetting.sum(errors, 1, differences);
      double along = dot(errors, differences);
      metrics.put("rough_remainder", Math.abs(along - change.along(gradient, arena)) / largest);
      metrics.put(
          "smooth_remainder", dot(differences, differences) / 2 / (change.norm() * change.norm()));
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
      double[][][] there = setting.needsKernel() ? errors(net, change.sum(), changed, moved) : own;
      try (OuterSum second = gradient(net, change.sum(), changed, there)) {
        double norm = second.frobenius();
        metrics.put("changed_curvature", norm * norm / (setting.width() * dot(there, there)));
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
                RowMeasures.signChanges(states.preactivations(l), i, changed.preactivations(l), i));
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

  private static double dot(double[][][] x, double[][][] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      for (int a = 0; a < x[i].length; a++) {
        for (int c = 0; c < x[i][a].length; c++) {
          sum += x[i][a][c] * y[i][a][c];
        }
      }
    }
    return sum;
  }
}
