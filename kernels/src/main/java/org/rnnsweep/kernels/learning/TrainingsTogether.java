package org.rnnsweep.kernels.learning;

import java.util.List;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.descent.LaneDescent;
import org.rnnsweep.kernels.descent.Network;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.descent.Pass;
import org.rnnsweep.kernels.learning.ConceptData.Sample;

/**
 * Trainings of networks of one shape that differ by their seeds, step by step: small ones side by
 * side in the lanes of {@link LaneDescent}, others one after another. What a training is, bits
 * included, depends on its shape and not on the others.
 */
public final class TrainingsTogether {
  /** How much slower than a large product the lanes are. */
  private static final double LANES_SLOWER = 6;

  private final List<ConceptTraining> trainings;
  private final LaneDescent lanes; // or null

  /**
   * Of trainings that have taken no step.
   *
   * @param trainings one to {@link LaneDescent#LANES}, of one shape, precision, length, rate and
   *     loss; they stay the caller's
   * @param linearised whether the linearised networks learn too
   */
  public TrainingsTogether(List<ConceptTraining> trainings, boolean linearised) {
    this.trainings = List.copyOf(trainings);
    List<Network> networks = trainings.stream().map(ConceptTraining::initial).toList();
    ConceptData data = trainings.get(0).data();
    boolean small =
        inLanes(networks.get(0).shape().width(), networks.get(0).precision(), linearised);
    lanes = small ? new LaneDescent(networks, data.loss(), data.length()) : null;
  }

  /** Whether networks of a width train in lanes. */
  public static boolean inLanes(long width, Precision precision, boolean linearised) {
    return width <= LaneDescent.WIDEST && precision == Precision.SINGLE && !linearised;
  }

  /**
   * Of a step of so many trainings, in flops of a large product; idle lanes cost what others do.
   */
  public static double stepFlops(
      NetworkShape shape, Precision precision, int length, boolean linearised, int trainings) {
    return inLanes(shape.width(), precision, linearised)
        ? LaneDescent.LANES * LANES_SLOWER * Pass.stepFlops(shape, 1, length)
        : trainings * ConceptTraining.stepFlops(shape, length, linearised);
  }

  /** One step of each. */
  public void step() {
    if (lanes == null) {
      trainings.forEach(ConceptTraining::step);
      return;
    }
    double[][][] sequences = new double[trainings.size()][][];
    double[][] labels = new double[trainings.size()][];
    for (int lane = 0; lane < labels.length; lane++) {
      Sample sample = trainings.get(lane).next();
      sequences[lane] = sample.tokens();
      labels[lane] = new double[] {sample.label()};
    }
    double[] losses = lanes.step(sequences, labels, trainings.get(0).rate());
    for (int lane = 0; lane < labels.length; lane++) {
      ConceptTraining training = trainings.get(lane);
      training.stepped(losses[lane]);
      if (training.looksAtGradient()) {
        double output = lanes.outputs(lane)[0];
        training.saw(training.ofOutput(lanes.gradientNorm(lane), output, labels[lane][0]));
      }
    }
  }

  /** Gives the trainings the weights of now. To be called before one is asked what it learnt. */
  public void settle() {
    for (int lane = 0; lanes != null && lane < trainings.size(); lane++) {
      lanes.copyTo(lane, trainings.get(lane).network());
    }
  }
}
