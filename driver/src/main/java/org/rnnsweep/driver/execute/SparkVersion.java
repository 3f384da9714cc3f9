package org.rnnsweep.driver.execute;

import java.util.ArrayList;
import java.util.List;

/** The Spark and Scala on the class path, which the cluster brings. */
public final class SparkVersion {
  private SparkVersion() {}

  /** Spark's version, for example {@code 4.2.0}. */
  public static String spark() {
    return org.apache.spark.package$.MODULE$.SPARK_VERSION();
  }

  /** Scala's version, for example {@code 2.13.18}. */
  public static String scala() {
    return scala.util.Properties.versionNumberString();
  }

  /** Why this program cannot run on them; empty if it can. */
  public static List<String> problems() {
    return problems(spark(), scala());
  }

  static List<String> problems(String spark, String scala) {
    List<String> problems = new ArrayList<>();
    if (!spark.startsWith("4.")) {
      problems.add("found Spark " + spark + ", supported is 4.x");
    }
    if (!scala.startsWith("2.13.")) {
      problems.add("found Scala " + scala + ", supported is 2.13.x");
    }
    return problems;
  }
}
