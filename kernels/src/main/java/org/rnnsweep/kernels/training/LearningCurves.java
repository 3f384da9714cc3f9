package org.rnnsweep.kernels.training;

/**
 * What an epoch left, epoch by epoch.
 *
 * @param loss the mean of the batches' losses, each before its update
 * @param accuracy the share of test words whose every bit is right, a row a test set: the first has
 *     the lengths of training, the others are longer
 * @param positions the share of positions of the first test set whose every bit is right
 * @param divergedAt the epoch, from 1, whose loss or weights were not finite and that ended all, or
 *     0; that epoch has no entry
 */
public record LearningCurves(
    double[] loss, double[][] accuracy, double[] positions, int divergedAt) {

  /** Epochs that were completed. */
  public int epochs() {
    return loss.length;
  }

  /** The epoch, from 1, at which a test set was first as good as it ever was. */
  public int bestEpoch(int testSet) {
    int best = 0;
    for (int e = 1; e < epochs(); e++) {
      if (accuracy[testSet][e] > accuracy[testSet][best]) {
        best = e;
      }
    }
    return best + 1;
  }

  /** The benchmark's number: the largest accuracy that a test set ever had. */
  public double best(int testSet) {
    return accuracy[testSet][bestEpoch(testSet) - 1];
  }
}
