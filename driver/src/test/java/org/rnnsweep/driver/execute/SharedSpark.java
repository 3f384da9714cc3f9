package org.rnnsweep.driver.execute;

import org.apache.spark.api.java.JavaSparkContext;

/** One Spark for all tests of this process: it takes seconds to start and ends with the JVM. */
final class SharedSpark {
  static final JavaSparkContext CONTEXT =
      new JavaSparkContext(SparkSettings.embedded(2).set(SparkSettings.MEMORY, "64m"));

  private SharedSpark() {}
}
