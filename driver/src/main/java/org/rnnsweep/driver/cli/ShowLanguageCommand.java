package org.rnnsweep.driver.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.rnnsweep.driver.config.NearestName;
import org.rnnsweep.driver.report.AutomatonSvg;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.Language;
import org.rnnsweep.kernels.languages.LanguageCatalog;
import org.rnnsweep.kernels.languages.MemberCounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnnsweep show language}: the languages, one of them, or what it makes of a string. */
@Command(
    name = "language",
    description = {
      "Lists the languages; with a NAME, draws its automaton and counts its members; with a"
          + " STRING, tells for it and each of its prefixes whether it is a member, whether it can"
          + " still become one, and by which symbols.",
      "NAME is one of the list, contains-PATTERN, regex:ALPHABET:EXPRESSION or dfa:ALPHABET:ROWS."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  rnnsweep show language",
      "  rnnsweep show language tomita-7 --svg tomita-7.svg",
      "  rnnsweep show language d-2 0011 010 --json",
      "  rnnsweep show language 'regex:01:(01|10)*' 0110",
      "  rnnsweep show language 'dfa:01:*0,1;1,0'    # rows of states: * accepts, then where 0, 1 lead"
    })
final class ShowLanguageCommand implements Callable<Integer> {
  private static final int MAX_LENGTH = 1000;
  private static final int SHOWN = 32; // symbols of a prefix

  @Spec private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The language.")
  private String name;

  @Parameters(
      index = "1..*",
      paramLabel = "STRING",
      description = "Words to look at; '' is the empty one.")
  private List<String> strings = List.of();

  @Option(names = "--json", description = "One JSON object a string, each on a line.")
  private boolean json;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Where the automaton is drawn; default NAME.svg in this folder.")
  private Path svg;

  @Option(
      names = "--lengths",
      paramLabel = "N",
      description = "Members are counted up to this length. Default 20.")
  private int lengths = 20;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (json && strings.isEmpty()) {
      throw new WrongInputException("--json: tells about strings, and there is none");
    }
    if (name == null) {
      list(out);
    } else {
      Language language = language();
      if (strings.isEmpty()) {
        show(out, language);
      } else {
        requireSymbols(language.dfa());
        if (svg != null) {
          draw(language);
        }
        strings.forEach(string -> look(out, language, string));
      }
    }
    out.flush();
    return ExitCode.FINISHED;
  }

  private Language language() {
    if (!LanguageCatalog.knows(name)) {
      String nearest = NearestName.of(name, LanguageCatalog.names());
      throw new WrongInputException(
          "no language is called '"
              + name
              + "'"
              + (nearest.isEmpty() ? "" : "; did you mean '" + nearest + "'?")
              + " (rnnsweep show language lists them)");
    }
    try {
      return LanguageCatalog.of(name);
    } catch (IllegalArgumentException e) {
      throw new WrongInputException(e.getMessage());
    }
  }

  /** All of them at once, before anything is printed. */
  private void requireSymbols(Dfa dfa) {
    List<String> problems = new ArrayList<>();
    for (String string : strings) {
      try {
        dfa.path(string);
      } catch (IllegalArgumentException e) {
        problems.add(name + ": " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new WrongInputException(problems);
    }
  }

  private static void list(PrintWriter out) {
    for (String each : LanguageCatalog.names()) {
      out.printf(Locale.ROOT, "%-17s %s%n", each, LanguageCatalog.of(each).definition());
    }
  }

  private void show(PrintWriter out, Language language) {
    Dfa dfa = language.dfa();
    if (lengths < 0 || lengths > MAX_LENGTH) {
      throw new WrongInputException(
          "--lengths: found " + lengths + ", allowed is from 0 to " + MAX_LENGTH);
    }
    if (svg != null || dfa.states() <= AutomatonSvg.MAX_STATES) {
      Path file = draw(language);
      spec.commandLine().getErr().println("rnnsweep: the automaton is drawn in " + file);
      spec.commandLine().getErr().flush();
    }
    out.printf(
        Locale.ROOT,
        "%s: %s%nminimal automaton: %s (states: %d)%nlabels in the benchmark: %s%n%n",
        language.name(),
        language.definition(),
        dfa,
        dfa.states(),
        language.labels().label());
    out.printf(Locale.ROOT, "%6s  %s%n", "length", "members");
    MemberCounts counts = MemberCounts.upTo(dfa, lengths);
    for (int length = 0; length <= lengths; length++) {
      out.printf(Locale.ROOT, "%6d  %d%n", length, counts.members(length));
    }
  }

  private Path draw(Language language) {
    Path file = svg != null ? svg : Path.of(name.replaceAll("[^A-Za-z0-9.-]+", "_") + ".svg");
    try {
      Files.writeString(
          file, AutomatonSvg.render(language.name(), language.definition(), language.dfa()));
    } catch (IllegalArgumentException e) {
      throw new WrongInputException("--svg: " + e.getMessage());
    } catch (IOException e) {
      throw new WrongInputException("--svg: " + file + " cannot be written: " + e);
    }
    return file.toAbsolutePath();
  }

  private void look(PrintWriter out, Language language, String string) {
    Dfa dfa = language.dfa();
    int[] path = dfa.path(string);
    boolean member = dfa.accepts(path[string.length()]);
    if (json) {
      ObjectNode node = new ObjectMapper().createObjectNode();
      node.put("language", name).put("string", string).put("member", member);
      ArrayNode inLanguage = node.putArray("in_language");
      ArrayNode alive = node.putArray("alive");
      ArrayNode legalNext = node.putArray("legal_next");
      for (int state : path) {
        inLanguage.add(dfa.accepts(state));
        alive.add(dfa.alive(state));
        ArrayNode symbols = legalNext.addArray();
        dfa.legalNext(state).chars().forEach(c -> symbols.add(Character.toString(c)));
      }
      out.println(node);
      return;
    }
    out.printf(
        Locale.ROOT, "%s is %s %s%n", shown(string), member ? "a member of" : "not in", name);
    int width = Math.min(SHOWN, Math.max("(empty)".length(), string.length()));
    String row = "  %-" + width + "s  %-8s  %-5s  %s%n";
    out.printf(Locale.ROOT, row, "prefix", "member", "alive", "next");
    for (int i = 0; i <= string.length(); i++) {
      String legal = dfa.legalNext(path[i]);
      out.printf(
          Locale.ROOT,
          row,
          shown(string.substring(0, i)),
          dfa.accepts(path[i]) ? "yes" : "no",
          dfa.alive(path[i]) ? "yes" : "no",
          legal.isEmpty() ? "none" : String.join(" ", legal.split("")));
    }
  }

  private static String shown(String word) {
    if (word.isEmpty()) {
      return "(empty)";
    }
    return word.length() <= SHOWN ? word : ".." + word.substring(word.length() - SHOWN + 2);
  }
}
