package org.rnnsweep.jobs.descent;

import java.util.Arrays;
import java.util.List;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.stability.SymmetricEigen;

/** A trial in numbers. */
record DescentSetting(Trial trial) implements SequenceTrial {
  static final String UNIT = "unit";
  static final String SIGNS = "signs";
  static final String SLOW = "slow";
  static final String CURVATURE = "curvature";
  static final String CURVATURE_DELTA = "curvature-delta";

  String choice(String name) {
    return configuration().choice(name);
  }

  int steps() {
    return configuration().smallInteger("steps");
  }

  boolean stochastic() {
    return configuration().integer("batch") > 0;
  }

  boolean hasPrefix() {
    return configuration().integer("prefix") > 0;
  }

  int batch() {
    return stochastic() ? configuration().smallInteger("batch") : sequences();
  }

  /** Steps from one evaluation of the loss to the next: about one pass through the data. */
  int stepsBetween() {
    return stochastic() ? Math.max(1, sequences() / batch()) : 1;
  }

  @Override
  public double[][][] tokens() {
    double[][][] x = SequenceTrial.super.tokens();
    for (int l = 0; l < configuration().smallInteger("prefix"); l++) {
      x[1][l] = x[0][l].clone();
    }
    return x;
  }

  double[][][] targets() {
    double[][][] y = labels();
    if (choice("labels").equals(SIGNS)) {
      for (double[][] of : y) {
        for (double[] target : of) {
          Arrays.setAll(target, c -> target[c] >= 0 ? 1 : -1);
        }
      }
    }
    return y;
  }

  /** Equal states cannot have two targets: each pair's mean is the best answer. */
  double floor(double[][][] y) {
    double sum = 0;
    for (int l = 2; l <= configuration().smallInteger("prefix"); l++) {
      for (int c = 0; c < y[0][0].length; c++) {
        double difference = y[0][l - 2][c] - y[1][l - 2][c];
        sum += difference * difference / 4;
      }
    }
    return sum;
  }

  /**
   * For the sum over a batch of b: c over its largest curvature, which is at most that of all
   * sequences, and at most b times that of one. The paper's eta is b/n times this.
   */
  double rate(List<List<SymmetricEigen>> spectra) {
    double curvature = largest(spectra.get(0));
    double ofOne = 0;
    for (int i = 1; i < spectra.size(); i++) {
      ofOne = Math.max(ofOne, largest(spectra.get(i)));
    }
    if (stochastic()) {
      curvature = Math.min(curvature, batch() * ofOne);
    }
    double delta = choice("step").equals(CURVATURE_DELTA) ? delta() : 1;
    return configuration().real("share") * delta / curvature;
  }

  private static double largest(List<SymmetricEigen> spectrum) {
    return spectrum.get(spectrum.size() - 1).value();
  }

  /** b different sequences, uniformly. */
  int[] chosen(int step) {
    NormalStream uniforms = NormalStream.of(key().name("order").block(step));
    int[] all = new int[sequences()];
    Arrays.setAll(all, i -> i);
    for (int s = 0; s < batch(); s++) {
      int other = s + (int) (uniforms.nextUniform() * (all.length - s));
      int swapped = all[s];
      all[s] = all[other];
      all[other] = swapped;
    }
    return Arrays.copyOf(all, batch());
  }
}
