package org.rnnsweep.jobs.descent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.kernels.descent.LossGradient;
import org.rnnsweep.kernels.descent.OuterSum;
import org.rnnsweep.kernels.descent.TangentMatrix;
import org.rnnsweep.kernels.descent.WeightAdversary;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.GaussianOperator;
import org.rnnsweep.kernels.operator.Representation;
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
  private final RandomNetwork net;
  private final LossGradient loss;
  private final Map<String, Double> metrics = new LinkedHashMap<>();
  private double[][][] outputs;
  private double[][][] errors;

  GradientMeasurement(GradientSetting setting, Arena arena, Progress progress, RandomNetwork net) {
    this.setting = setting;
    this.progress = progress;
    this.arena = arena;
    this.net = net;
    loss = new LossGradient(setting.blas(), arena, net.output());
  }

  Map<String, Double> all() throws InterruptedException {
    try (Trajectory states = trajectory(net.recurrent())) {
      progress.worked(1);
      outputs = loss.outputs(states);
      errors = setting.needsKernel() ? eigenvector(net.recurrent(), states) : given();
      try (OuterSum gradient = loss.of(net.recurrent(), states, errors)) {
        double[] rows = gradient.rowNorms();
        atStart(gradient, rows);
        firstLoss();
        progress.worked(1);
        if (setting.change().equals(GradientSetting.REDRAWN)) {
          redrawn(states);
        } else if (!setting.change().equals(GradientSetting.NONE)) {
          try (WeightChange change = change(states)) {
            around(states, change, gradient, rows);
          }
          progress.worked(1);
        }
      }
    }
    metrics.put("formed", setting.representation() == Representation.DENSE ? 1.0 : 0.0);
    return metrics;
  }

  private WeightChange change(Trajectory states) {
    if (!setting.isAscent()) {
      return WeightChange.of(setting, arena, net, states);
    }
    return WeightChange.of(
        WeightAdversary.climb(
            loss,
            net,
            setting.tokens(),
            states,
            this::errorsAt,
            !setting.needsKernel(),
            setting.goal(),
            setting.size(),
            setting.steps()));
  }

  private Trajectory trajectory(GaussianOperator w) {
    return Trajectory.of(setting.blas(), arena, w, net.input(), setting.tokens());
  }

  private double[][][] given() {
    return setting.errors().equals(GradientSetting.LABELS)
        ? setting.distance(outputs)
        : setting.fixedErrors();
  }

  /** Those of the squared loss, or the eigenvector of the tangent matrix there. */
  private double[][][] errorsAt(GaussianOperator w, Trajectory changed) {
    return setting.needsKernel()
        ? eigenvector(w, changed)
        : GradientSetting.sum(errors, 1, GradientSetting.sum(loss.outputs(changed), -1, outputs));
  }

  private double[][][] eigenvector(GaussianOperator w, Trajectory states) {
    List<SymmetricEigen> spectrum =
        TangentMatrix.spectrum(TangentMatrix.of(setting.blas(), arena, w, net.output(), states));
    double[] vector =
        spectrum
            .get(setting.errors().equals(GradientSetting.LEAST) ? 0 : spectrum.size() - 1)
            .vector();
    double[][][] eigenvector =
        new double[setting.sequences()][setting.length() - 1][setting.outputs()];
    int k = 0;
    for (double[][] of : eigenvector) {
      for (double[] error : of) {
        for (int c = 0; c < error.length; c++) {
          error[c] = vector[k++];
        }
      }
    }
    return eigenvector;
  }

  private void atStart(OuterSum gradient, double[] rows) {
    double largest = largest(errors);
    double norm = gradient.frobenius();
    metrics.put("gradient_norm", norm / largest);
    metrics.put("squared_share", norm * norm / (setting.width() * largest * largest));
    metrics.put("curvature", norm * norm / (setting.width() * LossGradient.dot(errors, errors)));
    metrics.put("row_norm", Arrays.stream(rows).max().orElse(0) / largest);
    if (!setting.change().equals(GradientSetting.REDRAWN)) {
      metrics.put("large_share", largeShare(rows, largest));
    }
    double ofOne = 0;
    int terms = setting.length() - 1;
    for (int i = 0; i < setting.sequences(); i++) {
      try (OuterSum one = new OuterSum(setting.blas(), arena, setting.width(), terms)) {
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

  private void firstLoss() {
    double[][][] distance = setting.distance(outputs);
    metrics.put("initial_loss", LossGradient.dot(distance, distance) / 2);
    double largest = largest(distance);
    metrics.put("initial_error", largest * largest);
  }

  /** The mean of the rows' norms over redrawings of a part of W h_1. */
  private void redrawn(Trajectory states) throws InterruptedException {
    double[] mean = new double[Math.toIntExact(setting.width())];
    for (int draw = 0; draw < setting.changes(); draw++) {
      try (WeightChange change = WeightChange.redrawn(setting, arena, net, states, draw);
          Trajectory changed = trajectory(change.sum());
          OuterSum gradient = loss.of(change.sum(), changed, errors)) {
        double[] norms = gradient.rowNorms();
        for (int k = 0; k < mean.length; k++) {
          mean[k] += norms[k] / setting.changes();
        }
      }
      progress.worked(1);
    }
    metrics.put("large_share", largeShare(mean, largest(errors)));
  }

  private void around(Trajectory states, WeightChange change, OuterSum gradient, double[] rows) {
    double largest = largest(errors);
    try (Trajectory changed = trajectory(change.sum())) {
      metrics.put("response", stateChange(states, changed) / change.norm());
      double[][][] differences = GradientSetting.sum(loss.outputs(changed), -1, outputs);
      double along = LossGradient.dot(errors, differences);
      metrics.put(
          "rough_remainder", Math.abs(along - change.along().applyAsDouble(gradient)) / largest);
      metrics.put(
          "smooth_remainder",
          LossGradient.dot(differences, differences) / 2 / (change.norm() * change.norm()));
      try (OuterSum second = loss.of(change.sum(), changed, errors)) {
        rows(rows, second.rowNorms(), largest);
        try (OuterSum difference =
            new OuterSum(setting.blas(), arena, setting.width(), 2 * setting.terms())) {
          difference.add(1, second.left(), second.right());
          difference.add(-1, gradient.left(), gradient.right());
          metrics.put("gradient_change", difference.frobenius() / largest);
        }
      }
      metrics.put("row_sign_share", rowSigns(states, changed));
      double[][][] there = errorsAt(change.sum(), changed);
      try (OuterSum second = loss.of(change.sum(), changed, there)) {
        double norm = second.frobenius();
        metrics.put(
            "changed_curvature", norm * norm / (setting.width() * LossGradient.dot(there, there)));
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
}
