package org.rnnsweep.jobs.existence;

import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.existence.HermiteStep;

/** The parameters of a function Phi and of the H that represents it, the same in all jobs here. */
final class Links {
  private static final String POWER = "power";
  private static final String EXP = "exp";
  private static final String SINE = "sine";
  private static final String WINDOW = "window";
  private static final String MINIMUM_NORM = "minimum-norm";

  /** C* in the papers' complexities; they suggest 10^4. */
  static final double COMPLEXITY_CONSTANT = 1e4;

  static final Parameter LINK =
      Parameter.choice("link", "Phi: z^degree, exp(z) - 1 or sin(z)", POWER, EXP, SINE)
          .withDefault(POWER);
  static final Parameter DEGREE =
      Parameter.integer("degree", "degree", 1, 60, "power of z")
          .withDefault(1)
          .withRelevance("link", POWER);
  static final Parameter WEIGHT =
      Parameter.choice(
          "weight",
          "weight in the threshold's part of H: constant on the papers' windows, or of minimum norm",
          WINDOW,
          MINIMUM_NORM);

  private Links() {}

  static Link link(Configuration configuration) {
    return switch (configuration.choice("link")) {
      case POWER -> Link.power(configuration.smallInteger("degree"));
      case EXP -> Link.exp();
      default -> Link.sine(1);
    };
  }

  static HermiteStep.Weight weight(Configuration configuration) {
    return configuration.choice("weight").equals(WINDOW)
        ? HermiteStep.Weight.WINDOW
        : HermiteStep.Weight.MINIMUM_NORM;
  }
}
