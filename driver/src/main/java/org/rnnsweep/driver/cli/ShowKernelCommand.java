package org.rnnsweep.driver.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.config.NearestName;
import org.rnnsweep.kernels.ntk.Activation;
import org.rnnsweep.kernels.ntk.InputScale;
import org.rnnsweep.kernels.ntk.NetworkLaw;
import org.rnnsweep.kernels.ntk.Output;
import org.rnnsweep.kernels.ntk.Parametrization;
import org.rnnsweep.kernels.ntk.Preset;
import org.rnnsweep.kernels.ntk.RecurrentKernel;
import org.rnnsweep.kernels.ntk.Trained;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rnnsweep show kernel}: the infinite-width kernel matrix of sequences from a file. */
@Command(
    name = "kernel",
    description = {
      "Prints the infinite-width kernel matrix of sequences: of the Elman network"
          + " h_t = phi(W h_(t-1) + A x_t + b) with one output <B, h_t>, t = 1..L.",
      "Entries are independent normals of mean 0 and variance: W (m x m) WEIGHT/m; A (m x d) INPUT,"
          + " or INPUT/d with --input-scale 1/d; b BIAS, the same at all steps; B READOUT/m;"
          + " h_0 = phi(z_0), z_0 INITIAL, the same for all sequences, and h_0 = 0 if that is 0.",
      "nngp is E[f f'] of two outputs. ntk is the inner product of their gradients by the trained"
          + " numbers, with --parametrization entries those of sqrt(m) W, A (sqrt(d) A with 1/d), b"
          + " and sqrt(m) B, with unit-variance the same divided by their standard deviations, so"
          + " that each part of the sum gains the factor of its variance. For sequences of"
          + " different lengths the ends are aligned, and h_0 of the shorter is beside a later state"
          + " of the longer.",
      "In the papers' scaling A has the variance 2/m and h is sqrt(m) times smaller: INPUT is 2 here,"
          + " READOUT what they give B, and the kernel theirs divided by m."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "FILE is {\"sequences\": [[[x11, x12, ..], [x21, ..], ..], ..]}: sequences of tokens of d numbers.",
      "The matrix is n x n; with --output every-step a row a step, sequence after sequence.",
      "",
      "Examples:",
      "  rnnsweep show kernel --preset wang --inputs sequences.json",
      "  rnnsweep show kernel --preset allen-zhu-li --readout-variance 0.25 --inputs sequences.json",
      "  rnnsweep show kernel --activation erf --weight-variance 1.5 --input-variance 1 \\",
      "      --bias-variance 0.1 --input-scale 1/d --trained all --inputs sequences.json"
    })
final class ShowKernelCommand implements Callable<Integer> {
  private static final int MAX_PROBLEMS = 20;
  private static final int MAX_ROWS = 10_000; // 800 MB of numbers

  private static final Map<String, Activation> ACTIVATIONS =
      Map.of("relu", Activation.RELU, "erf", Activation.ERF);
  private static final Map<String, InputScale> SCALES =
      Map.of("1", InputScale.ONE, "1/d", InputScale.ONE_OVER_DIMENSION);
  private static final Map<String, Trained> TRAINED =
      Map.of("w", Trained.RECURRENT, "w,a", Trained.RECURRENT_AND_INPUT, "all", Trained.ALL);
  private static final Map<String, Output> OUTPUTS =
      Map.of("last", Output.LAST, "average", Output.AVERAGE, "every-step", Output.EVERY_STEP);
  private static final Map<String, Parametrization> PARAMETRIZATIONS =
      Map.of("entries", Parametrization.ENTRIES, "unit-variance", Parametrization.UNIT_VARIANCE);

  private enum Kind {
    NNGP,
    NTK
  }

  private static final Map<String, Kind> KINDS = Map.of("nngp", Kind.NNGP, "ntk", Kind.NTK);

  @Spec private CommandSpec spec;

  @Option(
      names = "--inputs",
      required = true,
      paramLabel = "FILE",
      description = "Sequences, JSON.")
  private Path inputs;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = {
        "A paper's network and what it trains; other options change it. wang (A 2/L^3, h_0 random, B"
            + " repaired), wang-printed (B N(0, 1/m): limit 0), wang-algorithm (A 2);"
            + " panigrahi-goyal (B repaired to 1), panigrahi-goyal-printed (2); allen-zhu-li,"
            + " allen-zhu-li-song. All for one output."
      })
  private String presetName;

  @Option(names = "--kind", paramLabel = "nngp|ntk", description = "Default ntk.")
  private String kind = "ntk";

  @Option(names = "--activation", paramLabel = "relu|erf", description = "phi.")
  private String activation;

  @Option(names = "--weight-variance", paramLabel = "V", description = "Of W, times m.")
  private String weightVariance;

  @Option(names = "--input-variance", paramLabel = "V", description = "Of A; see --input-scale.")
  private String inputVariance;

  @Option(
      names = "--input-scale",
      paramLabel = "1|1/d",
      description = "What multiplies A's variance. Default 1.")
  private String inputScale;

  @Option(names = "--bias-variance", paramLabel = "V", description = "Of b. Default 0.")
  private String biasVariance;

  @Option(names = "--initial-variance", paramLabel = "V", description = "Of z_0. Default 0.")
  private String initialVariance;

  @Option(names = "--readout-variance", paramLabel = "V", description = "Of B, times m. Default 1.")
  private String readoutVariance;

  @Option(
      names = "--trained",
      paramLabel = "w|w,a|all",
      description = "W; W and A; W, A, b and B. Default w.")
  private String trained;

  @Option(
      names = "--parametrization",
      paramLabel = "entries|unit-variance",
      description = "Default entries.")
  private String parametrization = "entries";

  @Option(
      names = "--output",
      paramLabel = "last|average|every-step",
      description = "The output after the last step, the mean of all, or each. Default last.")
  private String output = "last";

  private final List<String> problems = new ArrayList<>();

  @Override
  public Integer call() {
    List<double[][]> sequences = sequences();
    Kind asked = choice("--kind", kind, KINDS);
    Output asks = choice("--output", output, OUTPUTS);
    Parametrization moved = choice("--parametrization", parametrization, PARAMETRIZATIONS);
    Preset preset = presetName == null ? null : preset();
    NetworkLaw law = law(preset, sequences);
    Trained matrices =
        trained != null
            ? choice("--trained", trained, TRAINED)
            : preset != null ? preset.trained() : Trained.RECURRENT;
    requireRows(sequences, asks);
    stopAtProblems();
    RecurrentKernel kernel =
        asked == Kind.NNGP ? RecurrentKernel.nngp(law) : RecurrentKernel.ntk(law, matrices, moved);
    double[][] matrix;
    try {
      matrix = kernel.gram(sequences, asks, Runtime.getRuntime().availableProcessors());
    } catch (IllegalArgumentException e) {
      throw new WrongInputException(inputs + ": " + e.getMessage());
    }
    Map<String, String> heading = new LinkedHashMap<>();
    heading.put("kind", quoted(kind));
    heading.put("activation", quoted(law.activation().name().toLowerCase(Locale.ROOT)));
    heading.put("weight_variance", digits(law.weightVariance()));
    heading.put("input_variance", digits(law.inputVariance()));
    heading.put("input_scale", quoted(nameOf(SCALES, law.inputScale())));
    heading.put("bias_variance", digits(law.biasVariance()));
    heading.put("initial_variance", digits(law.initialVariance()));
    heading.put("readout_variance", digits(law.readoutVariance()));
    if (asked == Kind.NTK) {
      heading.put("trained", quoted(nameOf(TRAINED, matrices)));
      heading.put("parametrization", quoted(parametrization));
    }
    heading.put("output", quoted(output));
    print(heading, matrix);
    return ExitCode.FINISHED;
  }

  private NetworkLaw law(Preset preset, List<double[][]> sequences) {
    NetworkLaw base = null;
    if (preset != null && !sequences.isEmpty()) {
      base = preset.law(sequences.get(0).length);
      if (preset.dependsOnLength()
          && sequences.stream().mapToInt(sequence -> sequence.length).distinct().count() > 1) {
        problems.add("--preset " + presetName + ": depends on L, the sequences need one length");
      }
    }
    boolean needed = presetName == null;
    if (needed && activation == null) {
      problems.add("--activation: missing, allowed: erf, relu (or give --preset)");
    }
    Activation phi =
        activation != null
            ? choice("--activation", activation, ACTIVATIONS)
            : base != null ? base.activation() : Activation.RELU;
    InputScale scale =
        inputScale != null
            ? choice("--input-scale", inputScale, SCALES)
            : base != null ? base.inputScale() : InputScale.ONE;
    double weight =
        variance("--weight-variance", weightVariance, base == null ? null : base.weightVariance());
    double input =
        variance("--input-variance", inputVariance, base == null ? null : base.inputVariance());
    double bias = variance("--bias-variance", biasVariance, base == null ? 0 : base.biasVariance());
    double initial =
        variance("--initial-variance", initialVariance, base == null ? 0 : base.initialVariance());
    double readout =
        variance("--readout-variance", readoutVariance, base == null ? 1 : base.readoutVariance());
    return phi == null || scale == null
        ? null
        : new NetworkLaw(phi, weight, input, scale, bias, initial, readout);
  }

  /** A wrong or missing one is a problem, and 0 for the time being. */
  private double variance(String option, String text, Double otherwise) {
    if (text == null) {
      if (otherwise == null && presetName == null) {
        problems.add(option + ": missing (or give --preset)");
      }
      return otherwise == null ? 0 : otherwise;
    }
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      problems.add(option + ": found '" + text + "', allowed is a finite number, at least 0");
      return 0;
    }
    return value;
  }

  /** Null, and a problem, where there is no such name. */
  private <T> T choice(String option, String found, Map<String, T> choices) {
    T value = choices.get(found);
    if (value == null) {
      problems.add(unknown(option, found, choices.keySet()));
    }
    return value;
  }

  private Preset preset() {
    List<String> names = Arrays.stream(Preset.values()).map(Preset::label).toList();
    if (!names.contains(presetName)) {
      problems.add(unknown("--preset", presetName, names));
      return null;
    }
    return Preset.ofLabel(presetName);
  }

  private static String unknown(String where, String found, Collection<String> names) {
    String nearest = NearestName.of(found, names);
    return where
        + ": found '"
        + found
        + "'"
        + (nearest.isEmpty() ? "" : ", did you mean '" + nearest + "'?")
        + ", allowed: "
        + String.join(", ", names.stream().sorted().toList());
  }

  private static <T> String nameOf(Map<String, T> choices, T value) {
    for (Map.Entry<String, T> choice : choices.entrySet()) {
      if (choice.getValue() == value) {
        return choice.getKey();
      }
    }
    throw new IllegalStateException("no name for " + value);
  }

  private void requireRows(List<double[][]> sequences, Output asks) {
    long rows =
        asks == Output.EVERY_STEP
            ? sequences.stream().mapToLong(sequence -> sequence.length).sum()
            : sequences.size();
    if (rows > MAX_ROWS) {
      problems.add(
          String.format(
              Locale.ROOT, "%s: makes %d rows, allowed are up to %d", inputs, rows, MAX_ROWS));
    }
  }

  private void stopAtProblems() {
    if (problems.size() > MAX_PROBLEMS) {
      List<String> shown = new ArrayList<>(problems.subList(0, MAX_PROBLEMS));
      shown.add("and " + (problems.size() - MAX_PROBLEMS) + " more");
      throw new WrongInputException(shown);
    }
    if (!problems.isEmpty()) {
      throw new WrongInputException(problems);
    }
  }

  /** Empty where the file cannot be used; then there is a problem. */
  private List<double[][]> sequences() {
    JsonNode root;
    try {
      root =
          new ObjectMapper()
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .readTree(Files.readAllBytes(inputs));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      problems.add(inputs + ":" + line + ": not JSON: " + e.getOriginalMessage());
      return List.of();
    } catch (IOException e) {
      String reason =
          !Files.exists(inputs)
              ? "no such file"
              : Files.isDirectory(inputs) ? "is a directory" : "cannot be read";
      problems.add(inputs + ": " + reason);
      return List.of();
    }
    root.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals("sequences")) {
                problems.add(unknown(inputs + ": key", name, List.of("sequences")));
              }
            });
    JsonNode array = root.get("sequences");
    if (array == null || !array.isArray() || array.isEmpty()) {
      problems.add(inputs + ": needs \"sequences\", a list of at least one sequence");
      return List.of();
    }
    List<double[][]> sequences = new ArrayList<>();
    int dimension = array.path(0).path(0).size();
    for (int i = 0; i < array.size(); i++) {
      double[][] sequence = sequence(array.get(i), "sequences[" + i + "]", dimension);
      if (sequence.length > 0) {
        sequences.add(sequence);
      }
    }
    return sequences;
  }

  private double[][] sequence(JsonNode node, String place, int dimension) {
    if (!node.isArray() || node.isEmpty()) {
      problems.add(inputs + ": " + place + " must be a list of at least one token");
      return new double[0][];
    }
    double[][] sequence = new double[node.size()][dimension];
    for (int t = 0; t < sequence.length; t++) {
      JsonNode token = node.get(t);
      String at = inputs + ": " + place + "[" + t + "]";
      if (!token.isArray() || token.isEmpty()) {
        problems.add(at + " must be a list of at least one number");
      } else if (token.size() != dimension) {
        problems.add(at + " has " + token.size() + " numbers, the first token has " + dimension);
      } else {
        for (int k = 0; k < dimension; k++) {
          JsonNode number = token.get(k);
          double x = number.isNumber() ? number.doubleValue() : Double.NaN;
          if (!(Math.abs(x) < Double.POSITIVE_INFINITY)) {
            problems.add(at + "[" + k + "]: found " + number + ", allowed is a finite number");
          }
          sequence[t][k] = x;
        }
      }
    }
    return sequence;
  }

  private void print(Map<String, String> heading, double[][] matrix) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("{");
    heading.forEach((name, value) -> out.println("  " + quoted(name) + ": " + value + ","));
    out.println("  \"matrix\": [");
    for (int i = 0; i < matrix.length; i++) {
      StringBuilder row = new StringBuilder("    [");
      for (int j = 0; j < matrix[i].length; j++) {
        row.append(j == 0 ? "" : ", ").append(digits(matrix[i][j]));
      }
      out.println(row.append(i + 1 < matrix.length ? "]," : "]"));
    }
    out.println("  ]");
    out.println("}");
    out.flush();
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  /** 17 significant digits: read back, they are the same double. */
  private static String digits(double value) {
    return String.format(Locale.ROOT, "%.16e", value);
  }
}
