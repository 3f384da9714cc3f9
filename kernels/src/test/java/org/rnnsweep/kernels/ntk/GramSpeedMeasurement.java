package org.rnnsweep.kernels.ntk;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * CPU time of the process for Gram matrices of 2000 sequences of 50 steps, and of the long
 * recursion, beside a plain loop over Math.acos. The best of three; on a busy machine still rough.
 * Figures are in DESIGN_NOTES.md. Arguments: n, L and d, default 2000, 50 and 4.
 */
public final class GramSpeedMeasurement {
  private GramSpeedMeasurement() {}

  public static void main(String[] arguments) {
    int n = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2000;
    int length = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
    int dimension = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    NormalStream stream = NormalStream.of(StreamKey.of(1));
    List<double[][]> sequences = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double[][] sequence = new double[length][dimension];
      for (double[] token : sequence) {
        stream.fill(token, 0, dimension);
      }
      sequences.add(sequence);
    }
    acos();
    longRecursions();
    double pairSteps = 0.5 * n * (n + 1.0) * length;
    for (Activation activation : Activation.values()) {
      NetworkLaw law = new NetworkLaw(activation, 2, 1, InputScale.ONE_OVER_DIMENSION, 0.1, 0, 1);
      measure("nngp " + activation, RecurrentKernel.nngp(law), sequences, pairSteps);
      measure(
          "ntk " + activation,
          RecurrentKernel.ntk(law, Trained.RECURRENT, Parametrization.ENTRIES),
          sequences,
          pairSteps);
    }
  }

  private static void acos() {
    double best = Double.POSITIVE_INFINITY;
    double sum = 0;
    int count = 10_000_000;
    for (int repeat = 0; repeat < 3; repeat++) {
      long start = cpuNanos();
      for (int i = 0; i < count; i++) {
        sum += Math.acos(2.0 * i / count - 1);
      }
      best = Math.min(best, cpuNanos() - start);
    }
    print("Math.acos: %.1f ns each (%s)%n", best / count, sum > 0 ? "used" : "");
  }

  /** A million steps: the scalar recursion, and one pair of sequences of one number a token. */
  private static void longRecursions() {
    double[][] x = new double[1_000_000][1];
    double[][] y = new double[1_000_000][1];
    for (int t = 0; t < x.length; t++) {
      x[t][0] = Math.cos(t);
      y[t][0] = Math.sin(t);
    }
    RecurrentKernel kernel =
        RecurrentKernel.ntk(Preset.WANG.law(x.length), Trained.RECURRENT, Parametrization.ENTRIES);
    for (int repeat = 0; repeat < 3; repeat++) {
      long start = cpuNanos();
      double product = Degeneracy.logBackwardProduct(x.length, 1, 3, 0);
      long middle = cpuNanos();
      double pair = kernel.between(x, y, Output.LAST)[0][0];
      print(
          "a million steps: scalar %.2f s (%s), one pair %.2f s (%s)%n",
          (middle - start) * 1e-9, product, (cpuNanos() - middle) * 1e-9, pair);
    }
  }

  private static void measure(
      String name, RecurrentKernel kernel, List<double[][]> sequences, double pairSteps) {
    double cpu = Double.POSITIVE_INFINITY;
    double wall = Double.POSITIVE_INFINITY;
    for (int repeat = 0; repeat < 3; repeat++) {
      long start = processNanos();
      long clock = System.nanoTime();
      kernel.gram(sequences, Output.LAST, 2);
      wall = Math.min(wall, System.nanoTime() - clock);
      cpu = Math.min(cpu, processNanos() - start);
    }
    print(
        "%-10s %.2f s on the clock with two threads, %.2f s of CPU, %.1f ns a pair and step%n",
        name, wall * 1e-9, cpu * 1e-9, cpu / pairSteps);
  }

  private static long processNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
