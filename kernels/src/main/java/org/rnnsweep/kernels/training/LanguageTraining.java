package org.rnnsweep.kernels.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.languages.DataPlan;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LabelKind;
import org.rnnsweep.kernels.languages.LanguageData;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.StreamKey;

/** Trains one network on one language and looks at it after every epoch. */
public final class LanguageTraining {
  private LanguageTraining() {}

  /**
   * The whole training. Takes {@link #memoryBytes} from the arena.
   *
   * @param deciding how many test sets, shortest first, decide together whether it may stop; all of
   *     them in the benchmark
   * @param key names the first weights
   */
  public static LearningCurves run(
      Blas blas,
      Arena arena,
      Precision precision,
      LanguageData data,
      LabelKind labels,
      TrainingPlan plan,
      int deciding,
      StreamKey key,
      Checkpoint checkpoint)
      throws InterruptedException {
    Dfa dfa = data.language().dfa();
    ElmanShape shape = shape(plan, dfa, labels);
    List<RaggedBatch> train = batches(dfa, labels, data.train(), plan.batch());
    List<List<RaggedBatch>> tests = new ArrayList<>();
    int longest = longest(data.train());
    for (LanguageData.Bin bin : data.bins()) {
      tests.add(batches(dfa, labels, bin.words(), plan.batch()));
      longest = Math.max(longest, longest(bin.words()));
    }
    double[] initial = plan.initial().draw(shape, key);
    ElmanTrainer trainer =
        new ElmanTrainer(
            blas, arena, precision, shape, plan.activation(), plan.batch(), longest, initial);
    double[] loss = new double[plan.epochs()];
    double[] positions = new double[plan.epochs()];
    double[][] accuracy = new double[tests.size()][plan.epochs()];
    int epochs = 0;
    boolean finite = true;
    for (boolean solved = false; finite && !solved && epochs < plan.epochs(); ) {
      for (RaggedBatch batch : train) {
        loss[epochs] += trainer.update(batch, plan.loss(), plan.optimiser(), plan.clip());
        checkpoint.worked(shape.trainingFlops() * batch.rows());
      }
      loss[epochs] /= train.size();
      finite = finite(loss[epochs], trainer.parameters());
      if (finite) {
        double sum = 0;
        for (int test = 0; test < tests.size(); test++) {
          Score score = trainer.score(tests.get(test));
          checkpoint.worked(shape.forwardFlops() * score.positions);
          accuracy[test][epochs] = score.words();
          sum += test < deciding ? score.words() : 0;
          if (test == 0) {
            positions[epochs] = score.positions();
          }
        }
        solved = sum / deciding >= plan.stopAt();
        epochs++;
      }
    }
    int done = epochs;
    return new LearningCurves(
        Arrays.copyOf(loss, done),
        Arrays.stream(accuracy).map(curve -> Arrays.copyOf(curve, done)).toArray(double[][]::new),
        Arrays.copyOf(positions, done),
        finite ? 0 : done + 1);
  }

  private static boolean finite(double loss, double[] parameters) {
    return Double.isFinite(loss) && Arrays.stream(parameters).allMatch(Double::isFinite);
  }

  private static List<RaggedBatch> batches(
      Dfa dfa, LabelKind labels, List<String> words, int batch) {
    List<RaggedBatch> batches = new ArrayList<>();
    for (int i = 0; i < words.size(); i += batch) {
      List<String> some = words.subList(i, Math.min(words.size(), i + batch));
      batches.add(RaggedBatch.of(dfa, labels, some));
    }
    return batches;
  }

  private static int longest(List<String> words) {
    return words.stream().mapToInt(String::length).max().orElse(1);
  }

  private static ElmanShape shape(TrainingPlan plan, Dfa dfa, LabelKind labels) {
    return new ElmanShape(plan.width(), dfa.alphabet().length(), labels.bits(dfa));
  }

  /** Bytes that a training takes from its arena, at most. */
  public static long memoryBytes(
      TrainingPlan plan, DataPlan data, Dfa dfa, LabelKind labels, Precision precision) {
    return ElmanTrainer.memoryBytes(
        shape(plan, dfa, labels), precision, plan.batch(), data.lastLength());
  }

  /** Multiplications and additions of products, if no epoch is saved and lengths are even. */
  public static double flops(TrainingPlan plan, DataPlan data, Dfa dfa, LabelKind labels) {
    ElmanShape shape = shape(plan, dfa, labels);
    return plan.epochs()
        * (shape.trainingFlops() * data.trainSymbols() + shape.forwardFlops() * data.testSymbols());
  }
}
