package org.rnnsweep.driver.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is: written into the jar when it was made. */
public final class Build {
  private static final String FILE = "/org/rnnsweep/driver/build.properties";

  private Build() {}

  /** The commit, followed by {@code -dirty} where it had local changes; "unknown" outside git. */
  public static String commit() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream(FILE)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String commit = properties.getProperty("git.commit.id.full", "");
    if (commit.isEmpty()) {
      return "unknown";
    }
    return commit + (Boolean.parseBoolean(properties.getProperty("git.dirty")) ? "-dirty" : "");
  }
}
