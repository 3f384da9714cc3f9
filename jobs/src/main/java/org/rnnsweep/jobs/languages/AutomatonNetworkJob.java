package org.rnnsweep.jobs.languages;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialJob;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LanguageCatalog;
import org.rnnsweep.kernels.recognition.AutomatonNetwork;

/**
 * A recurrent network read off an automaton, on all words up to a length, with the rectifier or a
 * polynomial in its place (Panigrahi and Goyal, Appendix H, general regular languages). Nothing is
 * random: a trial's seed is of no account.
 */
public final class AutomatonNetworkJob implements TrialJob {
  private static final String RELU = "relu";
  private static final String SQUARE = "square";
  private static final String CHEBYSHEV = "chebyshev";

  private static final int MOST_DEGREE = 256;
  private static final double MOST_WORDS = 0x1p22;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
                  "language",
                  "which language; `rnnsweep show language` tells about each",
                  LanguageCatalog.names().toArray(String[]::new))
              .withOthers(
                  "contains-PATTERN, regex:ALPHABET:EXPRESSION, dfa:ALPHABET:ROWS",
                  LanguageCatalog::knows),
          Parameter.choice(
              "activation",
              "the rectifier; (z + z^2)/2, which is the same at -1, 0 and 1; or the rectifier's"
                  + " Chebyshev series on [-radius, radius], cut at the least degree that will do",
              RELU,
              SQUARE,
              CHEBYSHEV),
          Parameter.integer("length", "L", 1, 21, "all words of at most so many symbols"),
          Parameter.real("radius", "r", 1, 10, "where the series approximates")
              .withDefault(1.5)
              .withRelevance("activation", CHEBYSHEV));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar("units", "hidden units", "1", "states times symbols"),
          Metric.scalar("words", "words", "1", "how many were tried"),
          Metric.scalar(
              "wrong", "words wrong", "1", "output above 1/2 though no member, or otherwise"),
          Metric.scalar(
              "deviation",
              "largest deviation",
              "1",
              "largest distance of an output from 1 on members and 0 on others"),
          Metric.scalar(
              "least_degree",
              "least degree",
              "1",
              "least even degree of the series with all outputs within 1/3; absent above 256"));

  /** For the service loader. */
  public AutomatonNetworkJob() {}

  @Override
  public String id() {
    return "automaton-networks";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "recurrent networks read off an automaton, on all words (nothing is random)";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  @Override
  public List<String> check(Configuration configuration) {
    try {
      double words = words(configuration);
      return words <= MOST_WORDS
          ? List.of()
          : List.of(
              String.format(
                  Locale.ROOT, "about %.3g words, allowed are at most %.3g", words, MOST_WORDS));
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage());
    }
  }

  private static double words(Configuration configuration) {
    int symbols = LanguageCatalog.of(configuration.choice("language")).dfa().alphabet().length();
    return StrictMath.pow(symbols, configuration.smallInteger("length"));
  }

  /** A unit takes about 10 ns, and half a nanosecond more a degree of a series. */
  @Override
  public Cost cost(Trial trial) {
    Configuration configuration = trial.configuration();
    Dfa dfa = LanguageCatalog.of(configuration.choice("language")).dfa();
    // Degrees are tried from 2 on; how many, nobody knows beforehand: half of them.
    double ofAUnit = configuration.choice("activation").equals(CHEBYSHEV) ? 4e5 : 1000;
    return new Cost(1e6 + 2 * words(configuration) * AutomatonNetwork.units(dfa) * ofAUnit, 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return run(trial.configuration());
  }

  private static TrialResult run(Configuration configuration) {
    Dfa dfa = LanguageCatalog.of(configuration.choice("language")).dfa();
    int length = configuration.smallInteger("length");
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("units", (double) AutomatonNetwork.units(dfa));
    if (configuration.choice("activation").equals(CHEBYSHEV)) {
      double radius = configuration.real("radius");
      int degree = AutomatonNetwork.leastDegree(dfa, length, radius, MOST_DEGREE);
      if (degree > 0) {
        metrics.put("least_degree", (double) degree);
        put(metrics, AutomatonNetwork.on(dfa, AutomatonNetwork.chebyshev(degree, radius), length));
      }
    } else {
      boolean relu = configuration.choice("activation").equals(RELU);
      put(
          metrics,
          AutomatonNetwork.on(dfa, relu ? AutomatonNetwork.RELU : AutomatonNetwork.SQUARE, length));
    }
    return TrialResult.of(metrics, Map.of());
  }

  private static void put(Map<String, Double> metrics, AutomatonNetwork.Verdict verdict) {
    metrics.put("words", (double) verdict.words());
    metrics.put("wrong", (double) verdict.wrong());
    metrics.put("deviation", verdict.deviation());
  }
}
