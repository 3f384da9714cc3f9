package org.rnnsweep.kernels.training;

import java.util.Locale;
import java.util.Objects;

/**
 * How a network is trained.
 *
 * @param width m
 * @param activation phi
 * @param initial the law of the first weights
 * @param loss what is made smaller
 * @param optimiser how
 * @param clip the largest norm of a gradient, above 0; infinite for none, as the benchmark has it
 * @param batch words an update; in the order of the training words, which are not shuffled
 * @param epochs passes over the training words, at most
 * @param stopAt the mean accuracy over all test sets at which training ends; above 1 for never
 */
public record TrainingPlan(
    int width,
    Activation activation,
    InitialWeights initial,
    Loss loss,
    Optimiser optimiser,
    double clip,
    int batch,
    int epochs,
    double stopAt) {

  public TrainingPlan {
    Objects.requireNonNull(activation);
    Objects.requireNonNull(initial);
    Objects.requireNonNull(loss);
    Objects.requireNonNull(optimiser);
    require(width >= 1 && width <= ElmanShape.MAX_WIDTH, "width", width);
    require(clip > 0, "clip", clip);
    require(batch >= 1, "batch", batch);
    require(epochs >= 1, "epochs", epochs);
    require(stopAt >= 0, "stopAt", stopAt);
  }

  private static void require(boolean holds, String what, double found) {
    if (!holds) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is out of its range: %s", what, found));
    }
  }
}
