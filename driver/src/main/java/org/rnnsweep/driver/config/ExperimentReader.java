package org.rnnsweep.driver.config;

import com.typesafe.config.ConfigValueType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rnnsweep.driver.analyse.Relation;
import org.rnnsweep.driver.config.AxesNode.Axis;
import org.rnnsweep.driver.config.ExperimentText.Place;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

/**
 * Reads an experiment file, strictly: whatever is not understood is an error, and all errors are
 * reported together, each with file and line. The grammar is in this package's description.
 */
public final class ExperimentReader {
  private static final int MAX_SEEDS = 1_000_000;
  private static final double MAX_TRIALS = 100e6;
  private static final List<String> KEYS =
      List.of(
          "experiment",
          "description",
          "job",
          "numerics",
          "seeds",
          "parameters",
          "axes",
          "claims",
          "figures",
          ExperimentText.COMPARISON);
  private static final List<String> COMPARISON_KEYS =
      List.of(
          "published",
          ExperimentText.CONTENT,
          "title",
          "name",
          "rows",
          "columns",
          "metric",
          "at-least",
          "counts",
          "beside");
  private static final List<String> CLAIM_KEYS =
      List.of(
          "id",
          "part",
          "reading",
          "statement",
          "source",
          "metric",
          "axis",
          "shape",
          "relation",
          "logs",
          "margin",
          "where",
          "attacks",
          "prediction",
          "prediction-source");
  private static final List<String> FIGURE_KEYS =
      List.of(
          "id",
          "title",
          "x",
          "x-label",
          "metrics",
          "metrics-as",
          "y-label",
          "lines",
          "panels",
          "scale",
          "references",
          "where");

  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, List<Object>> overrides = new LinkedHashMap<>();
  private final Set<String> passedOver = new LinkedHashSet<>();
  private final List<String> given;
  private final Unknown unknown;
  private final JobCatalog catalog;
  private final String file;
  private Job job;
  private AxesReader axesReader;
  private List<Configuration> configurations = List.of();
  private Set<String> varied = Set.of();

  /** What becomes of a value on the command line for a parameter that the job does not have. */
  private enum Unknown {
    REFUSED,
    /** Another experiment of the suite may have it. */
    PASSED_OVER
  }

  /**
   * One file of a suite.
   *
   * @param file the file
   * @param experiment null where there are problems
   * @param problems what is wrong with it
   * @param passedOver values on the command line that are for other experiments
   * @param aliases names and symbols of its job's parameters; null where the job is not known
   */
  record Reading(
      Path file,
      Experiment experiment,
      List<ConfigProblem> problems,
      Set<String> passedOver,
      Set<String> aliases) {}

  private ExperimentReader(String file, List<String> given, Unknown unknown, JobCatalog catalog) {
    this.file = file;
    this.given = given;
    this.unknown = unknown;
    this.catalog = catalog;
  }

  /**
   * Reads a file.
   *
   * @param file the experiment; what it includes stands beside it
   * @param overrides {@code axis=v1,v2} with a parameter's name or symbol, which replaces that axis
   *     wherever it stands or fixes the parameter; {@code seeds=N}
   * @param catalog the jobs there are
   * @throws InvalidExperimentException with everything that is wrong
   */
  public static Experiment read(Path file, List<String> overrides, JobCatalog catalog) {
    return new ExperimentReader(file.toString(), overrides, Unknown.REFUSED, catalog)
        .read(ExperimentText.read(file));
  }

  /** Reads a file of a suite: overrides apply where the job has the parameter. */
  static Reading readOne(Path file, List<String> overrides, JobCatalog catalog) {
    ExperimentReader reader =
        new ExperimentReader(file.toString(), overrides, Unknown.PASSED_OVER, catalog);
    Experiment experiment = null;
    List<ConfigProblem> problems = List.of();
    try {
      experiment = reader.read(ExperimentText.read(file));
    } catch (InvalidExperimentException e) {
      problems = e.problems();
    }
    Set<String> aliases = reader.axesReader == null ? null : reader.axesReader.aliases();
    return new Reading(file, experiment, problems, reader.passedOver, aliases);
  }

  /**
   * Reads an experiment that a store kept.
   *
   * @param shown names it in problems
   * @throws InvalidExperimentException if this version or class path cannot read it
   */
  public static Experiment read(ExperimentSource source, String shown, JobCatalog catalog) {
    return new ExperimentReader(shown, source.overrides(), Unknown.REFUSED, catalog)
        .read(ExperimentText.of(source.text(), shown));
  }

  private Experiment read(ExperimentText text) {
    problems.addAll(text.problems());
    Section root = Section.of(text, file, problems).allow(KEYS);
    String name = root.name("experiment");
    String description = root.text("description", "");
    job = readJob(root);
    NumericsProfile numerics = numerics(root);
    SeedPlan seeds = seeds(root);
    List<Claim> claims = List.of();
    List<Figure> figures = List.of();
    Comparison comparison = null;
    if (job != null) {
      axesReader = new AxesReader(job, problems);
      seeds = readOverrides(seeds);
      boolean expanded = expand(root, seeds);
      claims = claims(root, expanded);
      figures = figures(root);
      comparison = comparison(root.section(ExperimentText.COMPARISON));
    }
    if (!problems.isEmpty()) {
      throw new InvalidExperimentException(problems);
    }
    List<String> applied =
        given.stream().filter(override -> !passedOver.contains(override)).toList();
    return new Experiment(
        name,
        description,
        job,
        numerics,
        seeds,
        List.copyOf(varied),
        configurations,
        claims,
        figures,
        comparison,
        hash(text.canonical(), applied),
        new ExperimentSource(text.canonical(), applied));
  }

  private Job readJob(Section root) {
    String id = root.text("job");
    if (id == null) {
      return null;
    }
    Job found = catalog.find(id);
    if (found == null) {
      List<String> ids = catalog.jobs().stream().map(Job::id).toList();
      root.problem(
          "job", "unknown job '" + id + "'", String.join(", ", ids), NearestName.of(id, ids));
    }
    return found;
  }

  private static NumericsProfile numerics(Section root) {
    NumericsProfile.Library library = NumericsProfile.Library.NATIVE;
    Precision precision = Precision.DOUBLE;
    Section section = root.section("numerics");
    if (section != null) {
      section.allow(List.of("library", "precision"));
      library =
          labelled(section, "library", NumericsProfile.Library.values(), library, v -> v.label());
      precision = labelled(section, "precision", Precision.values(), precision, v -> v.label());
    }
    return new NumericsProfile(library, precision);
  }

  private static <T> T labelled(
      Section section, String key, T[] values, T otherwise, Function<T, String> label) {
    List<String> labels = Arrays.stream(values).map(label).toList();
    String word = section.choice(key, label.apply(otherwise), labels);
    return word == null ? otherwise : values[labels.indexOf(word)];
  }

  private SeedPlan seeds(Section root) {
    Section section = root.section("seeds");
    if (section == null) {
      if (!root.has("seeds")) {
        root.problem("", "there is no 'seeds'", "seeds { root = 1, count = 8 }", "");
      }
      return null;
    }
    boolean adaptive = section.has("min") || section.has("max") || section.has("until");
    section.allow(
        adaptive
            ? List.of("root", "min", "max", "looks", "until")
            : List.of("root", "count", "looks"));
    Long seed = section.integer("root", Long.MIN_VALUE, Long.MAX_VALUE);
    String last = adaptive ? "max" : "count";
    Long min = adaptive ? section.integer("min", 1, MAX_SEEDS) : null;
    Long count = section.integer(last, adaptive && min != null ? min : 1, MAX_SEEDS);
    Until until = adaptive ? until(root, section) : Until.ALL_SEEDS;
    List<Integer> looks = looks(section, last);
    if (seed == null
        || count == null
        || looks == null
        || until == null
        || adaptive && min == null) {
      return null;
    }
    if (looks.isEmpty()) {
      for (long look = adaptive ? min : count; look < count; look *= 2) {
        looks.add((int) look);
      }
      looks.add(count.intValue());
    }
    if (looks.get(looks.size() - 1) != count.intValue()) {
      section.problem(
          "looks",
          "'looks' ends in " + looks.get(looks.size() - 1),
          "'" + last + "', " + count,
          "");
      return null;
    }
    if (adaptive && looks.get(0) != min.intValue()) {
      section.problem("looks", "'looks' begins with " + looks.get(0), "'min', " + min, "");
      return null;
    }
    return new SeedPlan(seed, count.intValue(), List.copyOf(looks), until);
  }

  /** Empty where there are none, null where they are wrong. */
  private static List<Integer> looks(Section section, String last) {
    List<Integer> looks = new ArrayList<>();
    for (Section.Element element : section.elements("looks", "a list of seed counts")) {
      boolean fits =
          Section.number(element.value()) instanceof Long look
              && look >= 1
              && look <= MAX_SEEDS
              && (looks.isEmpty() || look > looks.get(looks.size() - 1));
      if (!fits) {
        section.problem(
            "looks",
            "'looks' has " + Section.described(element.value()),
            "seed counts from 1, ascending, the last one '" + last + "'",
            "");
        return null;
      }
      looks.add(((Long) Section.number(element.value())).intValue());
    }
    return looks;
  }

  private Until until(Section root, Section seeds) {
    Section.Element given = seeds.element("until");
    String allowed = "decided, or { metric = ..., relative-half-width = 0.05 }";
    if (given == null) {
      seeds.problem("", "there is no 'until' in seeds", allowed, "");
      return null;
    }
    if (given.value().valueType() != ConfigValueType.OBJECT) {
      if (!"decided".equals(given.value().unwrapped())) {
        seeds.problem("until", "'until' is " + Section.described(given.value()), allowed, "");
        return null;
      }
      if (root.sections("claims").isEmpty()) {
        seeds.problem("until", "'until' is decided, but there are no 'claims'", allowed, "");
        return null;
      }
      return Until.DECIDED;
    }
    Section section = seeds.section("until").allow(List.of("metric", "relative-half-width"));
    String name = section.text("metric");
    String metric = job == null ? name : metric(section, "metric", name);
    double width = section.number("relative-half-width", Double.MIN_VALUE, Double.NaN);
    if (!section.has("relative-half-width")) {
      section.problem(
          "", "there is no 'relative-half-width' in " + section.path(), "such as 0.05", "");
    }
    return metric == null || Double.isNaN(width) ? null : Until.narrow(metric, width);
  }

  private SeedPlan readOverrides(SeedPlan seeds) {
    SeedPlan result = seeds;
    Set<String> seen = new HashSet<>();
    for (String override : given) {
      int equals = override.indexOf('=');
      String key = equals < 0 ? override : override.substring(0, equals).strip();
      Parameter parameter = axesReader.find(key);
      boolean isSeeds = key.equals("seeds");
      if (equals < 0) {
        overrideProblem(override, "'" + override + "' is not an override", "axis=v1,v2", "");
      } else if (parameter == null && !isSeeds && unknown == Unknown.PASSED_OVER) {
        passedOver.add(override);
      } else if (parameter == null && !isSeeds) {
        overrideProblem(
            key,
            "unknown axis '" + key + "'",
            String.join(", ", axesReader.aliases()),
            NearestName.of(key, axesReader.aliases()));
      } else if (!seen.add(isSeeds ? key : parameter.name())) {
        overrideProblem(key, "'" + key + "' is given twice", "", "");
      } else if (isSeeds) {
        result = withSeeds(seeds, override.substring(equals + 1).strip());
      } else {
        List<Object> values = values(parameter, override.substring(equals + 1));
        if (values != null) {
          overrides.put(parameter.name(), values);
        }
      }
    }
    return result;
  }

  private void overrideProblem(String path, String found, String allowed, String nearest) {
    problems.add(new ConfigProblem(ConfigProblem.COMMAND_LINE, 0, path, found, allowed, nearest));
  }

  private SeedPlan withSeeds(SeedPlan seeds, String text) {
    int count = text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
    if (count < 1 || count > MAX_SEEDS) {
      overrideProblem("seeds", "'seeds' is '" + text + "'", "integer from 1 to " + MAX_SEEDS, "");
      return seeds;
    }
    if (seeds == null) {
      return null;
    }
    List<Integer> looks =
        new ArrayList<>(seeds.looks().stream().filter(look -> look < count).toList());
    looks.add(count);
    return new SeedPlan(seeds.root(), count, List.copyOf(looks), seeds.until());
  }

  private List<Object> values(Parameter parameter, String text) {
    Set<Object> values = new LinkedHashSet<>();
    for (String word : text.split(",", -1)) {
      Object value = parsed(parameter, word.strip());
      boolean right = value != null && parameter.problem(value) == null;
      if (!right || !values.add(value)) {
        overrideProblem(
            parameter.name(),
            "'" + parameter.name() + "' is '" + word.strip() + "'" + (right ? " twice" : ""),
            right ? "each value once" : parameter.domain(),
            NearestName.of(word.strip(), parameter.choices()));
        return null;
      }
    }
    return List.copyOf(values);
  }

  /** The value that a word is of a parameter; null if it is none. */
  static Object parsed(Parameter parameter, String word) {
    try {
      return switch (parameter.type()) {
        case INTEGER -> (Object) Long.parseLong(word);
        case REAL -> Double.parseDouble(word) + 0.0; // no negative zero
        case CHOICE -> word;
      };
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Returns whether there are configurations to judge claims against. */
  private boolean expand(Section root, SeedPlan seeds) {
    Section parameters = root.section("parameters");
    if (parameters != null) {
      axesReader.readParameters(parameters);
    }
    Section section = root.section("axes");
    if (section == null) {
      if (!root.has("axes")) {
        root.problem("", "there is no 'axes'", "axes { ... }", "");
      }
      return false;
    }
    AxesNode axes = overridden(axesReader.readAxes(section));
    axesReader.requireEqualLengths(axes);
    double points = axes.size();
    if (!(points <= Expansion.MAX_POINTS)) {
      section.problem(
          "",
          String.format(Locale.ROOT, "axes make %.3g points", points),
          String.format(Locale.ROOT, "at most %.3g", Expansion.MAX_POINTS),
          "");
    }
    if (!problems.isEmpty()) {
      return false; // a tree with holes would only make further, misleading problems
    }
    Expansion expansion;
    try {
      expansion = Expansion.of(job, axesReader.fixed(), axes);
    } catch (InvalidExperimentException e) {
      problems.addAll(e.problems());
      return false;
    }
    expansion.report(axes, section.place(), axesReader.fixedAt(), problems);
    configurations = expansion.configurations();
    Set<String> inOrder = new LinkedHashSet<>(axes.names());
    inOrder.retainAll(expansion.varied());
    varied = inOrder;
    if (seeds != null && (double) configurations.size() * seeds.count() > MAX_TRIALS) {
      section.problem(
          "",
          String.format(
              Locale.ROOT, "%d configurations by %d seeds", configurations.size(), seeds.count()),
          String.format(Locale.ROOT, "at most %.3g trials", MAX_TRIALS),
          "");
    }
    return problems.isEmpty();
  }

  /** Replaces axes where they stand; fixes, or sweeps outermost last, what no axis sets. */
  private AxesNode overridden(AxesNode axes) {
    AxesNode result = axes;
    List<AxesNode> factors = new ArrayList<>();
    Place place = new Place(ConfigProblem.COMMAND_LINE, 0, Integer.MAX_VALUE);
    for (Map.Entry<String, List<Object>> override : overrides.entrySet()) {
      String name = override.getKey();
      if (axes.names().contains(name)) {
        result = result.with(name, override.getValue());
      } else if (override.getValue().size() == 1) {
        axesReader.fixed().put(name, override.getValue().get(0));
        axesReader.fixedAt().put(name, place);
      } else {
        axesReader.fixed().remove(name);
        factors.add(new Axis(name, override.getValue(), name, place));
      }
    }
    if (factors.isEmpty()) {
      return result;
    }
    factors.add(0, result);
    return new AxesNode.Product(factors, null);
  }

  private List<Claim> claims(Section root, boolean expanded) {
    List<Claim> claims = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    for (Section section : root.sections("claims")) {
      section.allow(CLAIM_KEYS);
      Claim claim =
          new Claim(
              section.catalogueId("id"),
              section.text("part", ""),
              section.choice("reading", "printed", List.of("printed", "repaired")),
              section.text("statement"),
              section.text("source"),
              metric(section, "metric", section.text("metric")),
              claimAxis(section),
              shape(section),
              relation(section, "relation"),
              section.number("logs", 0, 0),
              section.number("margin", 0, Double.NaN),
              section.has("where") ? text(axesReader.predicate(section, "where")) : "",
              section.texts("attacks"),
              section.has("prediction") ? relation(section, "prediction") : null,
              section.text("prediction-source", ""));
      claims.add(withMargin(claim));
      requirePooledAlike(section, claim);
      if (claim.id() != null
          && !seen.add(List.of(claim.id(), "" + claim.part(), "" + claim.reading()))) {
        section.problem(
            "id", "a second claim '" + claim.id() + "' with the same 'part' and 'reading'", "", "");
      }
      if (expanded) {
        requireCells(section, claim);
      }
    }
    return claims;
  }

  /** A statement 'for some NAME' pools what no other relation may pool. */
  private static void requirePooledAlike(Section section, Claim claim) {
    Relation statement = claim.relation();
    Relation prediction = claim.prediction();
    if (statement != null
        && prediction != null
        && (some(statement) || some(prediction))
        && !(statement.kind() == prediction.kind()
            && statement.rayParameter().equals(prediction.rayParameter()))) {
      section.problem(
          "prediction", "of relation and prediction one is 'for some'", "both for the same", "");
    }
  }

  private static boolean some(Relation relation) {
    return relation.kind() == Relation.Kind.SOME;
  }

  private static Claim withMargin(Claim claim) {
    if (!Double.isNaN(claim.margin())) {
      return claim;
    }
    double margin = claim.relation() == null ? 0 : claim.relation().kind().defaultMargin();
    return new Claim(
        claim.id(),
        claim.part(),
        claim.reading(),
        claim.statement(),
        claim.source(),
        claim.metric(),
        claim.axis(),
        claim.shape(),
        claim.relation(),
        claim.logs(),
        margin,
        claim.where(),
        claim.attacks(),
        claim.prediction(),
        claim.predictionSource());
  }

  private String shape(Section section) {
    if (!section.has("shape")) {
      return "1";
    }
    return text(
        axesReader.expression(section, "shape", Double.class, "a number such as sqrt(ln(width))"));
  }

  private static String text(ParameterExpression expression) {
    return expression == null ? null : expression.text();
  }

  private Relation relation(Section section, String key) {
    String text = section.text(key);
    if (text == null) {
      return null;
    }
    try {
      Relation relation = Relation.parse(text);
      if (relation.rayParameter().isEmpty()) {
        return relation;
      }
      String ray =
          some(relation)
              ? swept(section, key, relation.rayParameter())
              : axis(section, key, relation.rayParameter());
      return ray == null ? null : relation.withRayParameter(ray);
    } catch (IllegalArgumentException e) {
      section.problem(key, "'" + key + "': " + e.getMessage(), "", "");
      return null;
    }
  }

  /** The range must hold cells, and the known factor must be a positive number in each. */
  private void requireCells(Section section, Claim claim) {
    if (claim.where() == null || claim.shape() == null) {
      return;
    }
    try {
      ParameterExpression where =
          claim.where().isEmpty() ? null : ParameterExpression.of(claim.where(), job.parameters());
      ParameterExpression shape = ParameterExpression.of(claim.shape(), job.parameters());
      List<Configuration> cells =
          configurations.stream().filter(cell -> where == null || where.test(cell)).toList();
      if (cells.isEmpty() && overrides.isEmpty()) {
        section.problem("where", "'where' selects none of the configurations", "", "");
      }
      for (Configuration cell : cells) {
        double value = shape.value(cell);
        if (!(value > 0) || Double.isInfinite(value)) {
          section.problem(
              "shape", "'shape' is " + value + " at " + cell, "a positive finite number", "");
          return;
        }
      }
    } catch (IllegalArgumentException e) {
      section.problem("", section.path() + " cannot be evaluated: " + e.getMessage(), "", "");
    }
  }

  private List<Figure> figures(Section root) {
    List<Figure> figures = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Section section : root.sections("figures")) {
      section.allow(FIGURE_KEYS);
      String id = section.name("id");
      if (id != null && !seen.add(id)) {
        section.problem("id", "a second figure '" + id + "'", "each id once", "");
      }
      List<String> metrics = new ArrayList<>();
      for (String metric : section.texts("metrics")) {
        String known = metric(section, "metrics", metric);
        if (known != null && metrics.contains(known)) {
          section.problem("metrics", "'" + known + "' is there twice", "each metric once", "");
        } else if (known != null) {
          metrics.add(known);
        }
      }
      if (section.texts("metrics").isEmpty()) {
        section.problem("", "there are no 'metrics' in " + section.path(), scalars(), "");
      }
      ParameterExpression x = horizontal(section);
      String along = x == null ? null : along(section, x);
      String lines = section.has("lines") ? swept(section, "lines", section.text("lines")) : null;
      String panels =
          section.has("panels") ? swept(section, "panels", section.text("panels")) : null;
      List<String> roles = new ArrayList<>(Arrays.asList(along, lines, panels));
      roles.removeIf(role -> role == null);
      if (roles.stream().distinct().count() < roles.size()) {
        section.problem(
            "", section.path() + " gives one axis two roles", "x, lines and panels differ", "");
      }
      String scale = section.choice("scale", "log-log", List.of("log-log", "semilog", "linear"));
      boolean logX = "log-log".equals(scale);
      ParameterExpression where =
          section.has("where") ? axesReader.predicate(section, "where") : null;
      List<Configuration> drawn = drawn(section, where);
      if (x != null && along != null) {
        requireDrawable(section, x, logX, drawn);
      }
      String arrangement = section.choice("metrics-as", "rows", List.of("rows", "lines"));
      figures.add(
          new Figure(
              id,
              section.text("title", ""),
              x == null ? null : x.text(),
              along,
              section.text("x-label", ""),
              metrics,
              "lines".equals(arrangement) ? Figure.Arrangement.LINES : Figure.Arrangement.ROWS,
              section.text("y-label", ""),
              lines,
              panels,
              logX,
              !"linear".equals(scale),
              references(section, x, along),
              where == null ? "" : where.text()));
    }
    return figures;
  }

  /** The configurations that a figure draws; there must be some. */
  private List<Configuration> drawn(Section figure, ParameterExpression where) {
    if (where == null) {
      return configurations;
    }
    try {
      List<Configuration> drawn = configurations.stream().filter(where::test).toList();
      if (drawn.isEmpty() && overrides.isEmpty() && !configurations.isEmpty()) {
        figure.problem("where", "'where' selects none of the configurations", "", "");
      }
      return drawn;
    } catch (IllegalArgumentException e) {
      figure.problem("where", "'where' cannot be evaluated: " + e.getMessage(), "", "");
      return List.of();
    }
  }

  /** What stands on the horizontal; a parameter is the simplest expression. */
  private ParameterExpression horizontal(Section section) {
    String text = section.text("x");
    if (text == null) {
      return null;
    }
    if (text.matches("\\w+") && axis(section, "x", text) == null) {
      return null; // a word is a parameter, or a slip of the pen in one
    }
    return axesReader.expression(section, "x", Double.class, "a number such as sqrt(width)");
  }

  /** The first parameter of the expression that is swept. */
  private String along(Section section, ParameterExpression x) {
    boolean unknown = configurations.isEmpty() || !overrides.isEmpty();
    for (String name : x.names()) {
      if (varied.contains(name)) {
        return name;
      }
    }
    if (unknown && !x.names().isEmpty()) {
      return x.names().iterator().next();
    }
    section.problem(
        "x", "'x' is '" + x + "', which is one value", "with " + String.join(" or ", varied), "");
    return null;
  }

  private static void requireDrawable(
      Section section, ParameterExpression x, boolean logX, List<Configuration> drawn) {
    for (Configuration cell : drawn) {
      if (x.names().stream().allMatch(cell::has)) {
        double value = x.value(cell);
        if (!Double.isFinite(value) || logX && !(value > 0)) {
          String allowed = logX ? "positive finite numbers" : "finite numbers";
          section.problem("x", "'x' is " + value + " at " + cell, allowed, "");
          return;
        }
      }
    }
  }

  private List<Figure.Reference> references(Section figure, ParameterExpression x, String along) {
    List<Figure.Reference> references = new ArrayList<>();
    for (Section section : figure.sections("references")) {
      section.allow(List.of("label", "formula"));
      String label = section.text("label");
      String formula = section.text("formula");
      if (label == null || formula == null || along == null) {
        continue;
      }
      Set<String> names = new LinkedHashSet<>(Set.of(Figure.HORIZONTAL));
      if (x.names().stream().filter(varied::contains).allMatch(along::equals)) {
        names.add(along);
        names.add(axesReader.find(along).symbol());
      }
      try {
        ParameterExpression.of(formula, names).value(name -> 2.0);
        references.add(new Figure.Reference(label, formula));
      } catch (IllegalArgumentException e) {
        section.problem("formula", "'formula': " + e.getMessage(), "", "");
      }
    }
    return references;
  }

  private Comparison comparison(Section section) {
    if (section == null) {
      return null;
    }
    section.allow(COMPARISON_KEYS);
    String file = section.text("published");
    List<String> rows = new ArrayList<>();
    section.texts("rows").forEach(alias -> rows.add(swept(section, "rows", alias)));
    if (rows.isEmpty()) {
      section.problem("", "there are no 'rows' in " + section.path(), "parameters", "");
    }
    String columns = swept(section, "columns", section.text("columns"));
    String metric = metric(section, "metric", section.text("metric"));
    List<String> counts = new ArrayList<>();
    section.texts("counts").forEach(name -> counts.add(metric(section, "counts", name)));
    List<String> beside = new ArrayList<>();
    section.texts("beside").forEach(name -> beside.add(metric(section, "beside", name)));
    double atLeast = section.number("at-least", 0, Double.NaN);
    if (!section.has("at-least")) {
      section.problem("", "there is no 'at-least' in " + section.path(), "such as 0.99", "");
    }
    List<String> named = new ArrayList<>(rows);
    named.add(columns);
    if (!problems.isEmpty() || named.contains(null) || !section.has(ExperimentText.CONTENT)) {
      return null;
    }
    PublishedTable table = PublishedTable.of(section.text(ExperimentText.CONTENT), file, problems);
    return new Comparison(
        section.text("title", ""),
        table.note(),
        rows,
        columns,
        metric,
        atLeast,
        counts,
        beside,
        table.numbers(
            named.stream().map(axesReader::find).toList(), metric, section.text("name", "")));
  }

  private String scalars() {
    return job.metrics().stream()
        .filter(metric -> metric.shape() == Metric.Shape.SCALAR)
        .map(Metric::name)
        .collect(Collectors.joining(", "));
  }

  private String metric(Section section, String key, String name) {
    if (name == null) {
      return null;
    }
    for (Metric metric : job.metrics()) {
      if (metric.name().equals(name)) {
        if (metric.shape() == Metric.Shape.SCALAR) {
          return name;
        }
        section.problem(key, "'" + name + "' is a series, not one number a trial", scalars(), "");
        return null;
      }
    }
    section.problem(
        key,
        "the job '" + job.id() + "' has no metric '" + name + "'",
        scalars(),
        NearestName.of(name, job.metrics().stream().map(Metric::name).toList()));
    return null;
  }

  /** The axis of a claim, which is {@code 1/name} for a parameter that goes to 0. */
  private String claimAxis(Section section) {
    String text = section.text("axis");
    if (text == null || !text.startsWith("1/")) {
      return axis(section, "axis", text);
    }
    String name = axis(section, "axis", text.substring(2).strip());
    return name == null ? null : "1/" + name;
  }

  /** A numeric parameter that takes several values, by its long name. */
  private String axis(Section section, String key, String alias) {
    String name = swept(section, key, alias);
    if (name != null && axesReader.find(name).type() == Parameter.Type.CHOICE) {
      section.problem(key, "'" + name + "' is a choice", "an axis of numbers", "");
      return null;
    }
    return name;
  }

  /** A parameter that takes several values, by its long name. */
  private String swept(Section section, String key, String alias) {
    if (alias == null) {
      return null;
    }
    Parameter parameter = axesReader.find(alias);
    if (parameter == null) {
      section.problem(
          key,
          "the job '" + job.id() + "' has no parameter '" + alias + "'",
          String.join(", ", axesReader.aliases()),
          NearestName.of(alias, axesReader.aliases()));
      return null;
    }
    String name = parameter.name();
    // Narrowed from the command line is the user's wish; one value in the file is a mistake.
    if (!configurations.isEmpty() && !varied.contains(name) && overrides.isEmpty()) {
      section.problem(key, "'" + name + "' takes one value only", String.join(", ", varied), "");
    }
    return name;
  }

  static String hash(String canonical, List<String> overrides) {
    StringBuilder content = new StringBuilder(canonical);
    overrides.stream().sorted().forEach(override -> content.append('\n').append(override));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(content.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
