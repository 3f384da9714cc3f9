package org.rnnsweep.driver.execute;

import java.util.regex.Pattern;

/** What is kept of an error: enough to find it, little enough for a million rows. */
final class ErrorText {
  private static final int TRACE_LINES = 12;
  private static final int CAUSES = 8;
  private static final int CHARACTERS = 4000;

  /** Numbers and hexadecimal names: what makes one mistake look like a thousand. */
  private static final Pattern PARTICULARS =
      Pattern.compile(
          "\\b(?=[0-9a-fA-F]*\\d)[0-9a-fA-F]{8,}\\b|@[0-9a-f]+\\b"
              + "|(?<![A-Za-z_$])[-+]?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

  private ErrorText() {}

  /**
   * What was thrown and where, causes included, without the depths of the engine.
   *
   * @param engine the class that called the job: frames from it on are left out
   */
  static String of(Throwable thrown, Class<?> engine) {
    StringBuilder text = new StringBuilder(line(thrown));
    Throwable t = thrown;
    for (int depth = 0; t != null && depth < CAUSES; depth++) { // causes may go round in a circle
      if (depth > 0) {
        text.append("\ncaused by ").append(line(t));
      }
      StackTraceElement[] trace = t.getStackTrace();
      for (int i = 0; i < Math.min(trace.length, TRACE_LINES); i++) {
        if (trace[i].getClassName().startsWith(engine.getName())) {
          break;
        }
        text.append("\n  at ").append(trace[i]);
      }
      t = t.getCause();
    }
    return text.length() <= CHARACTERS ? text.toString() : text.substring(0, CHARACTERS) + "...";
  }

  /** Class and message; the class alone where the message cannot be had. */
  private static String line(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (RuntimeException e) {
      return thrown.getClass().getName();
    }
  }

  /** Two messages that are equal in this form tell of the same error. */
  static String normalised(String message) {
    return PARTICULARS.matcher(message).replaceAll("#");
  }
}
