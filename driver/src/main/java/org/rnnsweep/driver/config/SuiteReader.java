package org.rnnsweep.driver.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rnnsweep.driver.config.CataloguedClaim.Feasibility;
import org.rnnsweep.driver.config.Suite.FrontFigure;
import org.rnnsweep.jobs.JobCatalog;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * Reads a folder of experiments as one suite, as strictly as a single file: all problems of all
 * files are reported together. The grammar of {@code suite.conf} is in this package's description.
 */
public final class SuiteReader {
  /** The one file of the folder that is no experiment. */
  public static final String FILE = "suite.conf";

  /** The suite that is meant where a folder holds several and none is named. */
  private static final String DEFAULT = "quick";

  private static final String SUFFIX = ".conf";
  private static final List<String> KEYS =
      List.of("suite", "title", "description", "front", "catalogue");

  private final List<ConfigProblem> problems = new ArrayList<>();

  private SuiteReader() {}

  /** Whether a text names a folder on this machine that {@link #read} would find experiments in. */
  public static boolean isSuite(String text) {
    try {
      Path folder = Path.of(text);
      return !new SuiteReader().files(folder).isEmpty()
          || !new SuiteReader().files(folder.resolve(DEFAULT)).isEmpty();
    } catch (InvalidPathException e) {
      return false; // a URI
    }
  }

  /**
   * Reads every {@code *.conf} of a folder, sub-folders left out.
   *
   * @param folder the suite; where it holds no experiment but a folder {@code quick}, that one
   * @param overrides as {@link ExperimentReader#read} takes them. Each applies to every experiment
   *     whose job has that parameter, as if that file had been named alone, and must apply to one
   * @throws InvalidExperimentException with everything that is wrong
   */
  public static Suite read(Path folder, List<String> overrides, JobCatalog catalog) {
    return new SuiteReader().readFolder(folder, overrides, catalog);
  }

  /**
   * Reads a suite that a store kept.
   *
   * @param source {@link Suite#source}
   * @param name {@link Suite#name}
   * @param shown names it in problems
   * @throws InvalidExperimentException if this version cannot read it
   */
  public static Suite read(String source, String name, String shown, List<Experiment> experiments) {
    SuiteReader reader = new SuiteReader();
    Suite suite = reader.suite(ExperimentText.of(source, shown), shown, name, experiments);
    reader.stopOnProblems();
    return suite;
  }

  private Suite readFolder(Path given, List<String> overrides, JobCatalog catalog) {
    Path folder = given;
    List<Path> files = files(folder);
    if (files.isEmpty() && Files.isDirectory(folder.resolve(DEFAULT))) {
      folder = folder.resolve(DEFAULT);
      files = files(folder);
    }
    if (files.isEmpty()) {
      problem(folder, "has no experiment", "files *" + SUFFIX + " besides " + FILE + hint(folder));
    }
    stopOnProblems();
    List<ExperimentReader.Reading> readings =
        files.stream().map(file -> ExperimentReader.readOne(file, overrides, catalog)).toList();
    readings.forEach(reading -> problems.addAll(reading.problems()));
    requireUsed(overrides, readings);
    requireOneNameEach(readings);
    requireOneLibrary(readings);
    List<Experiment> experiments =
        readings.stream()
            .map(ExperimentReader.Reading::experiment)
            .filter(experiment -> experiment != null)
            .toList();
    boolean whole = experiments.size() == files.size();
    Suite suite = readSuiteFile(folder, whole ? experiments : null);
    stopOnProblems();
    return suite;
  }

  private List<Path> files(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .filter(file -> !file.getFileName().toString().equals(FILE))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted((one, other) -> name(one).compareTo(name(other)))
          .toList();
    } catch (IOException e) {
      problem(folder, "cannot be read: " + e, "");
      return List.of();
    }
  }

  /** Without the suffix, so that {@code a.conf} stands before {@code a-b.conf}. */
  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /** The folders inside that are suites. */
  private String hint(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      String suites =
          entries
              .filter(Files::isDirectory)
              .filter(inner -> !inner.endsWith(ExperimentText.SHARED) && !files(inner).isEmpty())
              .map(Path::toString)
              .sorted()
              .collect(Collectors.joining(", "));
      return suites.isEmpty() ? "" : "; or name one of " + suites;
    } catch (IOException e) {
      return "";
    }
  }

  private void requireUsed(List<String> overrides, List<ExperimentReader.Reading> readings) {
    if (readings.stream().anyMatch(reading -> reading.aliases() == null)) {
      return; // the experiment that cannot be read yet may be the one
    }
    Set<String> aliases = new TreeSet<>();
    readings.forEach(reading -> aliases.addAll(reading.aliases()));
    for (String override : overrides) {
      if (readings.stream().allMatch(reading -> reading.passedOver().contains(override))) {
        String key = override.substring(0, override.indexOf('=')).strip();
        problems.add(
            new ConfigProblem(
                ConfigProblem.COMMAND_LINE,
                0,
                key,
                "no experiment of the suite has '" + key + "'",
                String.join(", ", aliases),
                NearestName.of(key, aliases)));
      }
    }
  }

  private void requireOneNameEach(List<ExperimentReader.Reading> readings) {
    Map<String, Path> named = new LinkedHashMap<>();
    for (ExperimentReader.Reading reading : readings) {
      if (reading.experiment() != null) {
        String name = reading.experiment().name();
        Path first = named.putIfAbsent(name, reading.file());
        if (first != null) {
          problem(
              reading.file(),
              "its experiment is called '" + name + "', as that of " + first.getFileName(),
              "one name each in a suite");
        }
      }
    }
  }

  /** One process loads one BLAS; plain Java needs none. */
  private void requireOneLibrary(List<ExperimentReader.Reading> readings) {
    Map<NumericsProfile.Library, Path> used = new LinkedHashMap<>();
    for (ExperimentReader.Reading reading : readings) {
      if (reading.experiment() != null) {
        NumericsProfile.Library library = reading.experiment().numerics().library();
        if (library != NumericsProfile.Library.JAVA
            && used.putIfAbsent(library, reading.file()) == null
            && used.size() > 1) {
          Path first = used.values().iterator().next();
          problem(
              reading.file(),
              "asks for the library " + library.label(),
              used.keySet().iterator().next().label()
                  + ", as "
                  + first.getFileName()
                  + ": a suite is run in one process, which loads one");
        }
      }
    }
  }

  /**
   * @param experiments null where some could not be read, so that nothing can be said about them
   */
  private Suite readSuiteFile(Path folder, List<Experiment> experiments) {
    Path file = folder.resolve(FILE);
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    try {
      ExperimentText text =
          Files.exists(file)
              ? ExperimentText.read(file)
              : ExperimentText.of("{}", folder.toString());
      return suite(
          text, Files.exists(file) ? file.toString() : folder.toString(), name, experiments);
    } catch (InvalidExperimentException e) {
      problems.addAll(e.problems());
      return null;
    }
  }

  private Suite suite(
      ExperimentText text, String shown, String folderName, List<Experiment> experiments) {
    problems.addAll(text.problems());
    Section root = Section.of(text, shown, problems).allow(KEYS);
    String name = folderName;
    if (root.has("suite")) {
      name = root.name("suite");
    } else if (!Section.isName(folderName)) {
      root.problem(
          "",
          "the folder's name '" + folderName + "' cannot name a suite and its store",
          "lower-case words joined by '-', or a " + FILE + " with suite = name",
          "");
    }
    String title = root.text("title", "");
    String description = root.text("description", "");
    List<CataloguedClaim> catalogue = catalogue(root);
    List<FrontFigure> front = front(root, experiments);
    if (experiments != null && !catalogue.isEmpty()) {
      requireCatalogued(root, catalogue, experiments);
    }
    return problems.isEmpty()
        ? new Suite(name, title, description, front, catalogue, experiments, text.canonical())
        : null;
  }

  private static List<CataloguedClaim> catalogue(Section root) {
    List<CataloguedClaim> claims = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    List<String> labels = Arrays.stream(Feasibility.values()).map(Feasibility::label).toList();
    for (Section paper : root.sections("catalogue")) {
      paper.allow(List.of("paper", "title", "claims"));
      String authors = paper.text("paper");
      paper.text("title", "");
      for (Section section : paper.sections("claims")) {
        section.allow(List.of("id", "feasibility", "statement"));
        String id = section.catalogueId("id");
        String statement = section.text("statement");
        String word = section.choice("feasibility", labels.get(0), labels);
        if (id != null && !ids.add(id)) {
          section.problem("id", "a second claim '" + id + "' in the catalogue", "each id once", "");
        }
        claims.add(
            new CataloguedClaim(
                id,
                authors,
                statement,
                word == null ? null : Feasibility.values()[labels.indexOf(word)]));
      }
    }
    return claims;
  }

  private static List<FrontFigure> front(Section root, List<Experiment> experiments) {
    List<FrontFigure> front = new ArrayList<>();
    if (experiments == null) {
      return front;
    }
    Set<String> there = new LinkedHashSet<>();
    for (Experiment experiment : experiments) {
      experiment
          .figures()
          .forEach(figure -> there.add(new FrontFigure(experiment.name(), figure.id()).toString()));
    }
    for (String name : root.texts("front")) {
      int slash = name.indexOf('/');
      if (!there.contains(name)) {
        root.problem(
            "front",
            "'front' names '" + name + "'",
            "experiment/figure of this suite",
            NearestName.of(name, there));
      } else {
        front.add(new FrontFigure(name.substring(0, slash), name.substring(slash + 1)));
      }
    }
    return front;
  }

  /** A claim under an id that no catalogue has would be missed where it is looked for. */
  private static void requireCatalogued(
      Section root, List<CataloguedClaim> catalogue, List<Experiment> experiments) {
    List<String> ids = catalogue.stream().map(CataloguedClaim::id).toList();
    for (Experiment experiment : experiments) {
      experiment.claims().stream()
          .map(Claim::id)
          .distinct()
          .filter(id -> !ids.contains(id))
          .forEach(
              id ->
                  root.problem(
                      "catalogue",
                      "experiment '"
                          + experiment.name()
                          + "' has a claim '"
                          + id
                          + "', which the catalogue does not know",
                      "an id of the catalogue, or a new line there",
                      NearestName.of(id, ids)));
    }
  }

  private void problem(Path file, String found, String allowed) {
    problems.add(new ConfigProblem(file.toString(), 0, "", found, allowed, ""));
  }

  private void stopOnProblems() {
    if (!problems.isEmpty()) {
      throw new InvalidExperimentException(problems);
    }
  }
}
