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
import org.rnnsweep.kernels.recognition.AdditiveFunctions;
import org.rnnsweep.kernels.recognition.LabelledWords;

/**
 * How badly sums over positions must do on two languages (Panigrahi and Goyal, Theorem H.1 and the
 * paragraph on PARITY in Appendix H): exact numbers by least squares, by linear programs with their
 * certificates, and by counting. Nothing is random: a trial's seed is of no account.
 */
public final class AdditiveFunctionJob implements TrialJob {
  private static final String BLIPS = "blips";
  private static final String BLIP_SET = "blip-set";
  private static final String PARITY = "parity";

  /** With more words the linear programs are left out. */
  private static final int MOST_WORDS = 128;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
              "words",
              "the uniform law on 0^q ab 0^(L-q-2), every (q, ab) once, or every different word"
                  + " once, where members have exactly one 1; or on all words, where members have an"
                  + " odd number of 1s",
              BLIPS,
              BLIP_SET,
              PARITY),
          Parameter.integer("length", "L", 2, 62, "symbols of a word"));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "least_squares",
              "least mean squared error",
              "1",
              "of f(w) - label, labels 0 and 1; absent above 128 words, as are the linear programs"),
          Metric.scalar(
              "minimax", "least largest error", "1", "least over f of max |f(w) - label|"),
          Metric.scalar(
              "duality_gap",
              "gap between the linear programs",
              "1",
              "minimax less what the best signed measure orthogonal to all f proves, absolutely"),
          Metric.scalar(
              "constant_gain",
              "gain over the constant 1/2",
              "1",
              "max(0, 1/4 - least_squares, 1/2 - minimax)"),
          Metric.scalar(
              "least_error",
              "least error, proven",
              "1",
              "share of the words that every threshold of an f gets wrong at least: by disjoint"
                  + " contradictory sets of words, of parity by influences"),
          Metric.scalar(
              "witness_error",
              "error of a known function",
              "1",
              "share of the words that 2 - (number of 1s) > 1/2 gets wrong, of parity the best"
                  + " threshold on the number of 1s"),
          Metric.scalar(
              "error_gap", "error known less proven", "1", "0: the least error is known exactly"),
          Metric.scalar(
              "quarter_lack",
              "by how much the error is below 1/4",
              "1",
              "max(0, 1/4 - least_error)"),
          Metric.scalar("advantage", "gain over chance", "1", "1/2 - witness_error"),
          Metric.scalar(
              "correlation", "correlation with a symbol", "1", "largest over positions, absolute"));

  /** For the service loader. */
  public AdditiveFunctionJob() {}

  @Override
  public String id() {
    return "additive-functions";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "how badly sums over positions recognise two languages, exactly (nothing is random)";
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
    int length = configuration.smallInteger("length");
    return configuration.choice("words").equals(PARITY) && length > LabelledWords.MOST_BITS
        ? List.of(
            String.format(
                Locale.ROOT,
                "all words of a length are counted up to %d, found %d",
                LabelledWords.MOST_BITS,
                length))
        : List.of();
  }

  /** A linear program of 128 words takes about a second, a word of the counts about 20 ns a bit. */
  @Override
  public Cost cost(Trial trial) {
    int length = trial.configuration().smallInteger("length");
    double words =
        trial.configuration().choice("words").equals(PARITY)
            ? StrictMath.pow(2, length)
            : 4.0 * length;
    double programs = words <= MOST_WORDS ? 3e4 * words * words : 0;
    return new Cost(words * length * 1000 + programs, 0);
  }

  @Override
  public TrialResult run(Trial trial, JobContext context) throws InterruptedException {
    return run(trial.configuration());
  }

  private static TrialResult run(Configuration configuration) {
    int length = configuration.smallInteger("length");
    String which = configuration.choice("words");
    boolean parity = which.equals(PARITY);
    LabelledWords words =
        parity ? LabelledWords.parity(length) : LabelledWords.blips(length, which.equals(BLIPS));
    Map<String, Double> metrics = new LinkedHashMap<>();
    double size = words.size();
    if (words.size() <= MOST_WORDS) {
      double squares = AdditiveFunctions.leastSquares(words);
      double minimax = AdditiveFunctions.minimax(words);
      metrics.put("least_squares", squares);
      metrics.put("minimax", minimax);
      metrics.put("duality_gap", Math.abs(minimax - AdditiveFunctions.certificate(words)));
      metrics.put("constant_gain", Math.max(0, Math.max(0.25 - squares, 0.5 - minimax)));
    }
    double witness =
        parity
            ? AdditiveFunctions.fewestWrongByCount(words) / size
            : AdditiveFunctions.wrongByCount(words, 1.5, -1) / size;
    metrics.put("witness_error", witness);
    metrics.put("advantage", 0.5 - witness);
    metrics.put("correlation", AdditiveFunctions.correlation(words));
    if (parity || words.size() <= MOST_WORDS) {
      double least =
          parity
              ? AdditiveFunctions.leastParityError(length)
              : AdditiveFunctions.contradictions(words) / size;
      metrics.put("least_error", least);
      metrics.put("error_gap", witness - least);
      metrics.put("quarter_lack", Math.max(0, 0.25 - least));
    }
    return TrialResult.of(metrics, Map.of());
  }
}
