package org.rnnsweep.driver.config;

import java.util.Comparator;

/**
 * One thing that is wrong with an experiment file or with a value given on the command line.
 *
 * @param file the file as the user named it, an included one beside it, or {@code command line}
 * @param line line of the use, from 1; 0 where the whole file is meant
 * @param path where in the file, for example {@code axes.union[0].width}; may be empty
 * @param found what is wrong, with the value found
 * @param allowed what is allowed there; may be empty
 * @param nearest the right name that was most likely meant; may be empty
 */
public record ConfigProblem(
    String file, int line, String path, String found, String allowed, String nearest) {

  /** The place that stands for values given with the command. */
  public static final String COMMAND_LINE = "command line";

  private static final int MAX_CHARACTERS = 500;

  public ConfigProblem {
    found = shown(found);
    nearest = shown(nearest);
  }

  /** One line that a terminal shows as it is, whatever stood in the file. */
  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MAX_CHARACTERS ? line : line.substring(0, MAX_CHARACTERS) + "...";
  }

  /** By file, line, path and text: the order in which problems are shown. */
  static final Comparator<ConfigProblem> IN_ORDER =
      Comparator.comparing(ConfigProblem::file)
          .thenComparingInt(ConfigProblem::line)
          .thenComparing(ConfigProblem::path)
          .thenComparing(ConfigProblem::found);

  /** For example {@code x.conf:12: unknown key 'widht' in axes; did you mean 'width'?}. */
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line : "")
        + ": "
        + found
        + (nearest.isEmpty() ? "" : "; did you mean '" + nearest + "'?")
        + (allowed.isEmpty() ? "" : " (allowed: " + allowed + ")");
  }
}
