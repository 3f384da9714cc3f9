package org.rnnsweep.driver.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rnnsweep.driver.config.ExperimentText.Place;

/**
 * Walks the text of a HOCON file for its keys: where each was written, and which were written
 * twice. The library cannot tell: its document tree is closed, and its parsed tree has already let
 * the later value win.
 *
 * <p>A value may be written once. {@code a.b = 1} and {@code a { b = 2 }} are the same key written
 * twice; {@code a { b = 1 }} and {@code a { c = 2 }} are two parts of one object. The keys of an
 * included file count as written where the include stands: an experiment cannot override what it
 * includes, because a reader of either file alone would be misled.
 *
 * <p>Expects text that the library's parser has accepted, but ends on any text.
 */
final class KeyScanner {
  /** Brackets inside each other, and parts of a key: far above need, far below the stack. */
  static final int MAX_DEPTH = 64;

  private static final char END = '\0'; // control characters were refused before

  /** Gives an included file; null if it is refused, with the problem noted. */
  interface Includes {
    Included of(String name, Place use, Set<String> open);
  }

  /** An included file: what to call it, and its text. */
  record Included(String shown, String text) {}

  private enum Kind {
    OBJECT,
    OTHER
  }

  /** What the scan of a file and of all it includes has found. */
  private record Found(
      Map<String, Place> places, Map<String, Kind> kinds, List<ConfigProblem> problems) {}

  private final String file;
  private final String text;
  private final Includes includes;
  private final Set<String> open; // included files that we are inside of
  private final Found found;
  private int at;
  private int line = 1;

  KeyScanner(String file, String text, Includes includes) {
    this(
        file,
        text,
        includes,
        Set.of(),
        new Found(new HashMap<>(), new HashMap<>(), new ArrayList<>()));
  }

  private KeyScanner(String file, String text, Includes includes, Set<String> open, Found found) {
    this.file = file;
    this.text = text;
    this.includes = includes;
    this.open = open;
    this.found = found;
  }

  /**
   * The first line where brackets or the parts of a key are nested too deeply, or 0. Asked before
   * anything recurses into the text.
   */
  static int firstLineTooDeep(String text) {
    KeyScanner scanner = new KeyScanner("", text, null);
    int brackets = 0;
    int dots = 0;
    while (scanner.peek() != END) {
      char c = scanner.peek();
      if (c == '{' || c == '[') {
        brackets++;
      } else if (c == '}' || c == ']') {
        brackets--;
      }
      dots = c == '.' ? dots + 1 : "{}[]=:,\n".indexOf(c) >= 0 ? 0 : dots;
      if (brackets > MAX_DEPTH || dots > MAX_DEPTH) {
        return scanner.line;
      }
      if (c == '#' || text.startsWith("//", scanner.at)) {
        scanner.skipBlank();
        dots = 0;
      } else {
        scanner.skipOne();
      }
    }
    return 0;
  }

  /** Scans the whole text. */
  void scan() {
    scan("");
  }

  private void scan(String path) {
    skipBlank();
    if (peek() == '{') {
      object(path);
    } else {
      fields(path);
    }
  }

  /** By path, see {@link #path(String, String)}; elements of arrays end in {@code [index]}. */
  Map<String, Place> places() {
    return found.places;
  }

  /** Repeated keys and refused includes. */
  List<ConfigProblem> problems() {
    return found.problems;
  }

  /** The path of a key inside the object at {@code path}; the top is empty. */
  static String path(String path, String key) {
    String element = ConfigUtil.joinPath(key);
    return path.isEmpty() ? element : path + "." + element;
  }

  private void object(String path) {
    advance();
    fields(path);
    advance();
  }

  private void fields(String path) {
    while (true) {
      skipBlank();
      if (peek() == END || peek() == '}') {
        return;
      }
      int start = at;
      if (text.startsWith("include", at) && isIncludeGap(at + "include".length())) {
        include(path);
      } else {
        field(path);
      }
      if (at == start) {
        advance();
      }
    }
  }

  private boolean isIncludeGap(int index) {
    return index < text.length()
        && (text.charAt(index) == '"' || Character.isWhitespace(text.charAt(index)));
  }

  private void include(String path) {
    Place use = new Place(file, line, 0);
    at += "include".length();
    skipBlank();
    int start = at;
    String name;
    if (peek() == '"') {
      skipString();
      name = text.substring(Math.min(start + 1, at), Math.max(start + 1, at - 1));
    } else {
      while (peek() != END && peek() != '\n') {
        advance();
      }
      name = text.substring(start, at).strip();
    }
    Included included = includes.of(name, use, open);
    if (included != null) {
      Set<String> inside = new HashSet<>(open);
      inside.add(name);
      new KeyScanner(included.shown(), included.text(), includes, inside, found).scan(path);
    }
  }

  private void field(String path) {
    int keyLine = line;
    int start = at;
    while (peek() != END && "=:{".indexOf(peek()) < 0 && !text.startsWith("+=", at)) {
      skipOne();
    }
    String key = text.substring(start, at).strip();
    List<String> elements;
    try {
      elements = ConfigUtil.splitPath(key);
    } catch (ConfigException e) {
      found.problems.add(
          new ConfigProblem(file, keyLine, path, "cannot read the key '" + key + "'", "", ""));
      elements = List.of("?" + found.problems.size()); // goes on with what is inside
    }
    if (peek() == '+') {
      advance();
    }
    if (peek() != '{') {
      advance();
      skipBlank();
    }
    String full = path;
    for (int i = 0; i < elements.size(); i++) {
      full = path(full, elements.get(i));
      boolean inner = i + 1 < elements.size();
      write(full, inner || peek() == '{' ? Kind.OBJECT : Kind.OTHER, keyLine);
    }
    value(full);
  }

  private void write(String path, Kind kind, int keyLine) {
    Place earlier = found.places.get(path);
    if (earlier == null) {
      found.places.put(path, new Place(file, keyLine, found.places.size()));
      found.kinds.put(path, kind);
    } else if (kind == Kind.OTHER || found.kinds.get(path) == Kind.OTHER) {
      String first =
          (earlier.file().equals(file) ? "line " : earlier.file() + ":") + earlier.line();
      found.problems.add(
          new ConfigProblem(
              file, keyLine, path, "repeated key '" + path + "', first at " + first, "", ""));
    }
  }

  /** Everything up to the end of the value: parts next to each other are one value in HOCON. */
  private void value(String path) {
    int index = 0;
    while (true) {
      switch (peek()) {
        case END, '\n', ',', '}', ']', '#' -> {
          return;
        }
        case '{' -> object(path);
        case '[' -> index = array(path, index);
        case '$' -> {
          index = Integer.MIN_VALUE; // may bring elements of its own: those after have no number
          while (peek() != END && peek() != '}' && peek() != '\n') {
            advance();
          }
          if (peek() == '}') {
            advance();
          }
        }
        default -> {
          if (text.startsWith("//", at)) {
            return;
          }
          skipOne();
        }
      }
    }
  }

  private int array(String path, int first) {
    int index = first;
    advance();
    while (true) {
      skipBlank();
      if (peek() == END) {
        return index;
      }
      if (peek() == ']') {
        advance();
        return index;
      }
      int start = at;
      String element = path + "[" + (index < 0 ? "?" + at : String.valueOf(index)) + "]";
      found.places.putIfAbsent(element, new Place(file, line, found.places.size()));
      value(element);
      index++;
      if (at == start) {
        advance();
      }
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private void advance() {
    if (peek() == '\n') {
      line++;
    }
    at = Math.min(at + 1, text.length());
  }

  /** A quoted string as a whole, or one character. */
  private void skipOne() {
    if (peek() == '"') {
      skipString();
    } else {
      advance();
    }
  }

  private void skipString() {
    if (text.startsWith("\"\"\"", at)) {
      int close = text.indexOf("\"\"\"", at + 3);
      int end = close < 0 ? text.length() : close + 3;
      while (end < text.length() && text.charAt(end) == '"') {
        end++; // further quotes belong to the string
      }
      while (at < end) {
        advance();
      }
      return;
    }
    advance();
    while (peek() != END && peek() != '"' && peek() != '\n') {
      if (peek() == '\\') {
        advance();
      }
      advance();
    }
    if (peek() == '"') {
      advance();
    }
  }

  /** White space, separators and comments. */
  private void skipBlank() {
    while (at < text.length()) {
      char c = peek();
      if (c == '#' || text.startsWith("//", at)) {
        while (peek() != END && peek() != '\n') {
          advance();
        }
      } else if (c == ','
          || Character.isWhitespace(c)
          || Character.isSpaceChar(c)
          || c == '\uFEFF') {
        advance();
      } else {
        return;
      }
    }
  }
}
