package org.rnnsweep.jobs.ntk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.kernels.certificates.KernelSeries;
import org.rnnsweep.kernels.certificates.Monomials;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.concepts.MarginLaw;
import org.rnnsweep.kernels.concepts.Target;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.descent.NetworkShape;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * Labelled sequences of a job's configuration: a target of the concept classes of Wang, Shen, Hu
 * and Cao with the margin 1, or a control that is in neither. Tokens are uniform on the sphere.
 *
 * <p>Directions are the first unit vector, gamma is fixed: a sweep measures nothing else. Sample i
 * of a seed is the same however many are drawn.
 */
final class ConceptSamples {
  static final String ONE = "one-position";
  static final String ALL = "all-positions";
  static final String PRODUCT = "product";
  static final String PARITY = "parity";
  static final String RANDOM = "random";

  private static final int PILOT = 20_000;
  private static final double FLOPS_OF_A_TOKEN = 10_000;

  private final Configuration configuration;
  private final StreamKey key;
  private final TokenLaw tokens;
  private final MarginLaw law; // null for a control

  private ConceptSamples(Configuration configuration, StreamKey key) {
    this.configuration = configuration;
    this.key = key;
    tokens = TokenLaw.unit(configuration.smallInteger("dimension"));
    law =
        isControl()
            ? null
            : MarginLaw.ofGamma(
                function(), tokens, length(), configuration.real("margin"), key, PILOT);
  }

  /** W alone is trained, of one output. */
  static NetworkShape shape(Configuration configuration, Output output) {
    int width = configuration.smallInteger("width");
    int dimension = configuration.smallInteger("dimension");
    return new NetworkShape(width, dimension, 1, Trained.RECURRENT, output, 1, 1);
  }

  /** The parameters that say what is drawn, the length included. */
  static List<Parameter> parameters() {
    return List.of(
        Parameter.integer("length", "L", 1, 4096, "tokens of a sequence"),
        Parameter.choice(
            "target",
            "cos^p of the middle token; the sum of the cosines of all over sqrt(L); d^(N/2) times"
                + " the product of N cosines; or, in neither class, the product of the signs of all"
                + " coordinates, or labels without meaning",
            ONE,
            ALL,
            PRODUCT,
            PARITY,
            RANDOM),
        Parameter.integer("degree", "p", 1, 8, "the power")
            .withDefault(1)
            .withRelevance("target", ONE),
        Parameter.integer("factors", "N", 1, 6, "tokens of a product, spread evenly")
            .withDefault(2)
            .withRelevance("target", PRODUCT),
        Parameter.integer(
                "window", "l_0", 0, 4095, "distance of its first and last, around the middle")
            .withDefault(1)
            .withRelevance("target", PRODUCT),
        Parameter.integer("dimension", "d", 2, 1024, "coordinates of a token").withDefault(4),
        Parameter.real("margin", "gamma", 1e-3, 10, "what the target is divided by")
            .withDefault(0.3)
            .withRelevance("target", ONE, ALL, PRODUCT),
        Parameter.real("input_power", "alpha", 0, 10, "A ~ N(0, 2/(L^alpha m))").withDefault(3.0));
  }

  /** What is wrong between them. */
  static List<String> check(Configuration configuration) {
    if (!configuration.choice("target").equals(PRODUCT)) {
      return List.of();
    }
    long factors = configuration.integer("factors");
    long window = configuration.integer("window");
    long length = configuration.integer("length");
    boolean fits = factors == 1 ? window == 0 : window >= factors - 1 && window < length;
    return fits
        ? List.of()
        : List.of(
            "a product of N = "
                + factors
                + " tokens needs a window from "
                + (factors - 1)
                + " to "
                + (factors == 1 ? 0 : length - 1)
                + ", found "
                + window);
  }

  /**
   * The samples of a seed.
   *
   * @param key split by the seed
   */
  static ConceptSamples of(Configuration configuration, StreamKey key) {
    return new ConceptSamples(configuration, key);
  }

  /** Operations for this many samples, the pilot's included. */
  static double flops(Configuration configuration, double count) {
    return FLOPS_OF_A_TOKEN * (PILOT + 3 * count) * configuration.integer("length");
  }

  /** The network of infinite width of the configuration: B ~ N(0, 1), h_0 the same for all. */
  static NetworkLaw network(Configuration configuration) {
    double inputs =
        2 * Math.pow(configuration.integer("length"), -configuration.real("input_power"));
    return new NetworkLaw(Activation.RELU, 2, inputs, InputScale.ONE, 0, 2, 1);
  }

  MarginLaw.Labelled sample(long index) {
    if (!isControl()) {
      return law.sample(key.name("data"), index);
    }
    double[][] sequence = tokens.sequence(key.name("data"), index, length());
    double value =
        target().equals(RANDOM)
            ? MarginLaw.randomLabel(key, index)
            : Target.parity().value(sequence);
    return new MarginLaw.Labelled(sequence, value, (int) value);
  }

  /** Whether the target is outside the classes, so that nothing is promised for it. */
  boolean isControl() {
    return target().equals(RANDOM) || target().equals(PARITY);
  }

  /** The share of the pilot that has the margin. */
  double acceptance() {
    return law.acceptance();
  }

  private String target() {
    return configuration.choice("target");
  }

  private int length() {
    return configuration.smallInteger("length");
  }

  private int degree() {
    return configuration.smallInteger("degree");
  }

  private int factors() {
    return configuration.smallInteger("factors");
  }

  private int middle() {
    return Math.max(1, length() / 2);
  }

  /** Of a product, from 1. */
  private List<Integer> places() {
    int window = configuration.smallInteger("window");
    int first = Math.max(1, (length() - window + 1) / 2);
    List<Integer> places = new ArrayList<>();
    for (int k = 0; k < factors(); k++) {
      places.add(first + (k == 0 ? 0 : k * window / (factors() - 1)));
    }
    return places;
  }

  private double[][] directions(int count) {
    double[][] directions = new double[count][configuration.smallInteger("dimension")];
    for (double[] direction : directions) {
      direction[0] = 1;
    }
    return directions;
  }

  /** Of variance about 1. */
  private double productScale() {
    return Math.pow(Math.sqrt(configuration.integer("dimension")), factors());
  }

  private Target function() {
    return switch (target()) {
      case ONE -> Target.additive(Link.power(degree()), List.of(middle()), directions(1), 1);
      case ALL -> {
        List<Integer> all = new ArrayList<>();
        for (int l = 1; l <= length(); l++) {
          all.add(l);
        }
        yield Target.additive(Link.power(1), all, directions(length()), 1 / Math.sqrt(length()));
      }
      default -> Target.product(places(), directions(factors()), productScale());
    };
  }

  /**
   * What bounds sqrt(y^T H_inf^-1 y) for every number of samples: {@code sum |c_p| / sqrt(xi_p)}
   * over the target's terms, the constant with the median's included (Propositions 2.2 to 2.4).
   */
  double certificate() {
    double sum;
    double constant;
    switch (target()) {
      case ONE -> {
        KernelSeries series = series(Monomials.of(1, degree()), Map.of(middle(), 0));
        sum = 1 / Math.sqrt(series.coefficient(degree()));
        constant = series.coefficient(0);
      }
      case ALL -> {
        sum = 0;
        constant = 0;
        for (int l = 1; l <= length(); l++) {
          KernelSeries series = series(Monomials.of(1, 1), Map.of(l, 0));
          sum += 1 / Math.sqrt(series.coefficient(1) * length());
          constant = series.coefficient(0);
        }
      }
      default -> {
        Map<Integer, Integer> variables = new HashMap<>();
        places().forEach(place -> variables.put(place, variables.size()));
        KernelSeries series = series(Monomials.of(factors(), factors()), variables);
        int[] each = new int[factors()];
        constant = series.coefficient(each);
        Arrays.fill(each, 1);
        sum = productScale() / Math.sqrt(series.coefficient(each));
      }
    }
    return (sum + Math.abs(law.median()) / Math.sqrt(constant)) / configuration.real("margin");
  }

  private KernelSeries series(Monomials monomials, Map<Integer, Integer> variables) {
    return KernelSeries.of(length(), 1, configuration.real("input_power"), monomials, variables);
  }
}
