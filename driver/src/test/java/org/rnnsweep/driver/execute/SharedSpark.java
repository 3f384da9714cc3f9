package org.rnnsweep.driver.execute;

import org.apache.spark.api.java.JavaSparkContext;

/**
 * One Spark for all tests of this process: it takes seconds to start and ends with the JVM, or
 * sooner where a test brings its own, of which a JVM can have but one.
 */
public final class SharedSpark {
  private static JavaSparkContext context;

  private SharedSpark() {}

  /** Starts it at the first call, and after {@link #stop}. */
  static synchronized JavaSparkContext context() {
    if (context == null) {
      context = new JavaSparkContext(SparkSettings.embedded(2).set(SparkSettings.MEMORY, "64m"));
    }
    return context;
  }

  /** For tests that start Spark themselves, or that show that none is started. */
  public static synchronized void stop() {
    if (context != null) {
      context.close();
      context = null;
    }
  }
}
