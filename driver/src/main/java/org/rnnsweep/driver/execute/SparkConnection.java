package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.linalg.BlasLibrary;

/** Spark for one command: inside this process, or as spark-submit set it up. */
public final class SparkConnection implements AutoCloseable {
  /** Exit code of a process that ended itself for a trial that did not stop in time. */
  public static final int HALTED_FOR_TIME = Watchdog.HALTED;

  /** Exit code of a process that ended itself by chance. */
  public static final int HALTED_BY_CHAOS = Chaos.DEAD;

  private final JavaSparkContext spark;
  private final SparkExecutor executor;

  private SparkConnection(JavaSparkContext spark) {
    this.spark = spark;
    this.executor = SparkExecutor.of(spark);
  }

  /** Whether spark-submit started this process: the master is then its business. */
  public static boolean submitted() {
    return System.getProperty("spark.master") != null;
  }

  /** Whether trials run in other processes than this one. */
  public static boolean hasExecutors() {
    return submitted() && !System.getProperty("spark.master").startsWith("local");
  }

  /**
   * Why a run cannot start here, all of it; empty if it can. Starts nothing.
   *
   * @param cores bundles at once in this process, or null for all cores
   */
  public static List<String> problems(NumericsProfile numerics, Integer cores) {
    List<String> problems = new ArrayList<>(SparkVersion.problems());
    if (cores != null && cores < 1) {
      problems.add("--cores: found " + cores + ", allowed is 1 or more");
    }
    if (!submitted()) {
      problems.addAll(BlasLibrary.environmentProblems(numerics));
      return problems;
    }
    if (cores != null) {
      problems.add("--cores is for runs in this process; under spark-submit use its own options");
    }
    problems.addAll(SparkSettings.problems(new SparkConf()));
    return problems;
  }

  /**
   * Which of a plan's trials fit into no executor; empty if all do, or where only the executors can
   * tell.
   */
  public static List<String> memoryProblems(Plan plan, Integer cores) {
    try {
      return SparkSettings.memoryProblems(conf(List.of(plan), cores), plan);
    } catch (IllegalArgumentException e) {
      return List.of(e.getMessage());
    }
  }

  private static SparkConf conf(List<Plan> plans, Integer cores) {
    int slots = cores == null ? Runtime.getRuntime().availableProcessors() : cores;
    return submitted() ? SparkSettings.submitted(plans) : SparkSettings.embedded(slots);
  }

  /** Starts Spark, or joins what spark-submit started. */
  public static SparkConnection open(String name, Integer cores) {
    return open(name, cores, List.of());
  }

  /** The same for these plans: they say how much memory executors need. */
  public static SparkConnection open(String experiment, Integer cores, List<Plan> plans) {
    SparkConf conf = conf(plans, cores);
    return new SparkConnection(new JavaSparkContext(conf.setAppName("rnnsweep " + experiment)));
  }

  /**
   * Where executors are other processes: driver and executors read each other's files there, and
   * executors compare their BLAS kernels.
   *
   * @param location absolute URI of the store
   * @param numerics what trials will ask for
   * @throws StoreException naming the hosts that do not see the driver's folder, cannot write, or
   *     would compute other bits than each other
   */
  public void probe(String location, Collection<NumericsProfile> numerics) throws IOException {
    if (!spark.isLocal()) {
      StoreProbe.check(spark, location, numerics);
    }
  }

  /** Runs plans on it. */
  public TrialExecutor executor() {
    return executor;
  }

  /** Runs plans on it with these options, also beside each other. */
  public TrialExecutor executor(RunOptions options) {
    return executor.withOptions(options);
  }

  /** Where its page is; empty if it has none. */
  public String uiAddress() {
    return spark.sc().uiWebUrl().getOrElse(() -> "");
  }

  /** Stops Spark. */
  @Override
  public void close() {
    spark.close();
  }
}
