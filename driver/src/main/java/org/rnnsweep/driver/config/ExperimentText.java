package org.rnnsweep.driver.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.parser.ConfigDocumentFactory;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An experiment file and what it includes, read as HOCON and resolved within themselves: neither
 * the environment nor system properties are seen. Knows where every key was written, which HOCON
 * forgets when a later value wins.
 */
final class ExperimentText {
  /** Experiments are written by hand; more is another kind of file. */
  static final int MAX_BYTES = 1 << 20;

  /** Substitutions of substitutions double; so few cannot fill the memory or the stack. */
  private static final int MAX_SUBSTITUTIONS = 24;

  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\t]]");

  /** The folder beside this one, for what experiments of several suites have in common. */
  static final String SHARED = "shared";

  private static final String FROM_SHARED = "../" + SHARED + "/";

  private static final Pattern INCLUDED =
      Pattern.compile("(" + Pattern.quote(FROM_SHARED) + ")?[A-Za-z0-9_-][A-Za-z0-9._-]*");

  /** The section that names a published table, and the key under which it is taken in. */
  static final String COMPARISON = "comparison";

  static final String CONTENT = "content";
  private static final Pattern PUBLISHED =
      Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*[.]csv");
  private static final ConfigParseOptions OPTIONS =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);

  /** Where a key or an element was written. */
  record Place(String file, int line, int order) {}

  private final Path file;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Map<String, String> texts = new HashMap<>(); // of included files, by name
  private Map<String, Place> places;
  private ConfigObject root;

  private ExperimentText(Path file) {
    this.file = file;
  }

  /**
   * Reads, checks and resolves.
   *
   * @throws InvalidExperimentException if there is no tree to go on with; repeated keys are left in
   *     {@link #problems()} instead, so that they are shown beside all others
   */
  static ExperimentText read(Path file) {
    ExperimentText text = new ExperimentText(file);
    String main = text.content(file, null);
    text.stopOnProblems();
    text.load(main);
    text.attachPublished();
    return text;
  }

  /** Of a text that {@link #canonical} gave; {@code shown} names it in problems. */
  static ExperimentText of(String canonical, String shown) {
    ExperimentText text = new ExperimentText(Path.of(shown));
    text.load(canonical);
    return text;
  }

  /** Takes in the table that a comparison names, so that a store keeps it with the experiment. */
  private void attachPublished() {
    if (!(root.get(COMPARISON) instanceof ConfigObject comparison)) {
      return;
    }
    Place section = place(COMPARISON, new Place(file.toString(), 0, 0));
    Place use = place(COMPARISON + ".published", section);
    if (comparison.containsKey(CONTENT)) {
      problem(use, "'" + CONTENT + "' is what the file of 'published' says", "published alone");
    } else if (comparison.get("published") != null
        && comparison.get("published").unwrapped() instanceof String name) {
      if (!PUBLISHED.matcher(name).matches()) {
        problem(use, "'published' is '" + name + "'", "a .csv file beside this file or below it");
        return;
      }
      String content = utf8(beside(name), use, file);
      if (content != null) {
        root = root.withValue(COMPARISON, comparison.withValue(CONTENT, string(content)));
      }
    }
  }

  private static ConfigValue string(String text) {
    return ConfigValueFactory.fromAnyRef(text, "published");
  }

  private void load(String main) {
    try {
      scan(main);
      root =
          ConfigFactory.parseString(
                  main, OPTIONS.setOriginDescription(file.toString()).setIncluder(new Beside()))
              .resolve(ConfigResolveOptions.noSystem())
              .root();
    } catch (ConfigException e) {
      problems.add(of(e, file.toString()));
      stopOnProblems();
    }
  }

  private void scan(String main) {
    KeyScanner scanner = new KeyScanner(file.toString(), main, this::included);
    scanner.scan();
    places = scanner.places();
    stopOnProblems(); // a refused include: what it would have brought cannot be judged
    problems.addAll(scanner.problems());
  }

  private void stopOnProblems() {
    if (!problems.isEmpty()) {
      throw new InvalidExperimentException(problems);
    }
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  /** The resolved file. */
  ConfigObject root() {
    return root;
  }

  /** Where a path was written, or {@code otherwise} where it has no place of its own. */
  Place place(String path, Place otherwise) {
    return places.getOrDefault(path, otherwise);
  }

  /** The resolved file with keys sorted and comments out: the same for the same content. */
  String canonical() {
    return root.render(ConfigRenderOptions.concise());
  }

  /** An included file, or null with a problem noted; called by the scanner. */
  private KeyScanner.Included included(String name, Place use, Set<String> open) {
    boolean inShared = open.stream().anyMatch(including -> including.startsWith(FROM_SHARED));
    if (!INCLUDED.matcher(name).matches() || inShared && !name.startsWith(FROM_SHARED)) {
      // From wherever it is included, a name is one and the same file.
      String allowed = "include \"" + FROM_SHARED + "name\"";
      problem(
          use,
          "include " + name,
          inShared ? allowed : "include \"name\" of a file beside this one, or " + allowed);
      return null;
    }
    if (open.contains(name) || name.equals(String.valueOf(file.getFileName()))) {
      problem(use, "include \"" + name + "\" goes in a circle", "");
      return null;
    }
    Path beside = beside(name);
    String known = texts.get(name);
    if (known == null) {
      known = content(beside, use);
      texts.put(name, known);
    }
    return known == null ? null : new KeyScanner.Included(beside.toString(), known);
  }

  private Path beside(String name) {
    return file.resolveSibling(name).normalize();
  }

  private void problem(Place place, String found, String allowed) {
    problems.add(new ConfigProblem(place.file(), place.line(), "", found, allowed, ""));
  }

  /** Reads one file as UTF-8 and checks its syntax alone; null with a problem noted. */
  private String content(Path path, Place use) {
    String text = utf8(path, use, path);
    return text != null && isHocon(text, path.toString()) ? text : null;
  }

  /**
   * Reads one file as UTF-8; null with a problem noted.
   *
   * @param use where it is named; null for the experiment itself
   * @param neighbour a file of the folder that it must not lead out of
   */
  private String utf8(Path path, Place use, Path neighbour) {
    String wrong;
    try {
      if (Files.isDirectory(path)) {
        wrong = "is a directory, not an experiment file";
      } else if (!Files.exists(path)) {
        wrong = "there is no such file";
      } else if (!Files.isRegularFile(path)) {
        wrong = "is not a regular file";
      } else if (use != null && !path.toRealPath().startsWith(folder(neighbour))) {
        wrong = "is a link out of its folder";
      } else if (Files.size(path) > MAX_BYTES) {
        wrong = "has " + Files.size(path) + " bytes; an experiment file has at most " + MAX_BYTES;
      } else {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
            .toString();
      }
    } catch (CharacterCodingException e) {
      wrong = "is not UTF-8 text";
    } catch (AccessDeniedException e) {
      wrong = "may not be read by this user";
    } catch (IOException e) {
      wrong = "cannot be read: " + e;
    }
    if (use == null) {
      problem(new Place(path.toString(), 0, 0), wrong, "");
    } else {
      problem(use, "included " + path + ": " + wrong, "");
    }
    return null;
  }

  private static Path folder(Path path) throws IOException {
    return path.toAbsolutePath().getParent().toRealPath();
  }

  /** Notes the first thing that keeps the library from reading it safely, or what it says. */
  private boolean isHocon(String text, String shown) {
    List<String> lines = text.lines().toList();
    int substitutions = 0;
    for (int i = 0; i < lines.size(); i++) {
      Place place = new Place(shown, i + 1, 0);
      if (CONTROL.matcher(lines.get(i)).find()) {
        problem(place, "is not text: there is a control character", "");
        return false;
      }
      substitutions += (int) SUBSTITUTION.matcher(lines.get(i)).results().count();
      if (substitutions > MAX_SUBSTITUTIONS) {
        problem(place, "too many substitutions", "at most " + MAX_SUBSTITUTIONS);
        return false;
      }
    }
    int deep = KeyScanner.firstLineTooDeep(text);
    if (deep > 0) {
      problem(
          new Place(shown, deep, 0),
          "brackets or keys are nested too deeply",
          "at most " + KeyScanner.MAX_DEPTH + " levels");
      return false;
    }
    try {
      ConfigDocumentFactory.parseString(text, OPTIONS.setOriginDescription(shown));
      return true;
    } catch (ConfigException e) {
      problems.add(of(e, shown));
      return false;
    }
  }

  /** The library's message without its own rendering of the place. */
  private static ConfigProblem of(ConfigException e, String shown) {
    String message = String.valueOf(e.getMessage()).replaceAll("\\s*[\\r\\n]+\\s*", " ");
    String found = shown;
    int line = 0;
    if (e.origin() != null) {
      line = Math.max(0, e.origin().lineNumber());
      String description = e.origin().description();
      if (message.startsWith(description + ": ")) {
        message = message.substring(description.length() + 2);
      }
      String named = description.replaceFirst(": \\d+$", "");
      found = named.isBlank() ? shown : named;
    }
    String allowed =
        e instanceof ConfigException.UnresolvedSubstitution
            ? "keys of this file; the environment is never read"
            : "";
    return new ConfigProblem(found, line, "", message, allowed, "");
  }

  /** Serves the texts that the scanner admitted, and nothing else. */
  private final class Beside
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String name) {
      String text = texts.get(name);
      if (text == null) {
        throw refusal(name);
      }
      String shown = beside(name).toString();
      return ConfigFactory.parseString(text, OPTIONS.setOriginDescription(shown).setIncluder(this))
          .root();
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      throw refusal(what.toString());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      throw refusal(what.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      throw refusal(what);
    }

    private ConfigException refusal(String what) {
      return new ConfigException.Generic("include of " + what + " is not allowed");
    }
  }
}
