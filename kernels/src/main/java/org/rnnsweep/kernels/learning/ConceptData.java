package org.rnnsweep.kernels.learning;

import java.util.ArrayList;
import java.util.List;
import org.rnnsweep.kernels.concepts.Target;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Labelled sequences: {@code y = F*(x) + sigma s} with a sign s of probability 1/2 each. The noise
 * is symmetric, so that by convexity no function of x has less population risk than F*, and its
 * risk is {@code OPT = G(sigma)} exactly. Where F* has a part outside of the class, OPT is the
 * least risk in the class, that of {@link Concept#MISSPECIFIED}'s additive part: {@code (sigma^2 +
 * outside^2)/2} with a loss that is quadratic as far as the two reach.
 *
 * @param law of the sequences
 * @param length L
 * @param target F*, of the true tokens
 * @param noise sigma, not negative
 * @param outside root mean square of what F* has outside of the class; noise and the largest of it
 *     together reach no further than the loss is quadratic, unless it is 0
 * @param loss G of one output, a function of the distance
 */
public record ConceptData(
    SequenceLaw law, int length, Target target, double noise, double outside, Loss loss) {

  /** All of F* in the class. */
  public ConceptData(SequenceLaw law, int length, Target target, double noise, Loss loss) {
    this(law, length, target, noise, 0, loss);
  }

  /**
   * A sequence and what is known of it.
   *
   * @param tokens L x D
   * @param value F*(x)
   * @param label y
   */
  public record Sample(double[][] tokens, double value, double label) {}

  /** Sample {@code index} of a stream. */
  public Sample sample(StreamKey stream, long index) {
    double[][] tokens = law.sequence(stream, index, length);
    double value = target.value(law.trueTokens(tokens));
    double sign = NormalStream.of(stream.name("noise").block(index)).nextUniform() < 0.5 ? -1 : 1;
    return new Sample(tokens, value, value + noise * sign);
  }

  /** The first samples of a stream. */
  public List<Sample> samples(StreamKey stream, int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(sample(stream, i));
    }
    return samples;
  }

  /** {@code E G(z, y)} over the noise. */
  public double risk(double z, double value) {
    return (loss(z, value - noise) + loss(z, value + noise)) / 2;
  }

  /** {@code G(z, y)}. */
  public double loss(double z, double y) {
    return loss.value(new double[] {z}, new double[] {y});
  }

  /** The derivative of {@code G(z, y)} by z. */
  public double slope(double z, double y) {
    double[] slope = new double[1];
    loss.gradient(new double[] {z}, new double[] {y}, slope);
    return slope[0];
  }

  /** OPT, the least in the class. */
  public double optimum() {
    return loss(0, outside == 0 ? noise : Math.sqrt(noise * noise + outside * outside));
  }

  /** The risk of the best constant on these samples, by ternary search of a convex function. */
  public double constantRisk(List<Sample> samples) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Sample sample : samples) {
      low = Math.min(low, sample.value() - noise);
      high = Math.max(high, sample.value() + noise);
    }
    for (int k = 0; k < 60; k++) {
      double left = (2 * low + high) / 3;
      double right = (low + 2 * high) / 3;
      if (constantRisk(samples, left) <= constantRisk(samples, right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return constantRisk(samples, (low + high) / 2);
  }

  private double constantRisk(List<Sample> samples, double constant) {
    double sum = 0;
    for (Sample sample : samples) {
      sum += risk(constant, sample.value());
    }
    return sum / samples.size();
  }
}
