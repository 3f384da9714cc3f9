package org.rnnsweep.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;

/**
 * A job that takes its process along on request. Its number is a function of the trial alone, so
 * that a test knows it without running anything. Each start of a trial is a line in the file that
 * the property {@value #LOG} names.
 */
public final class FaultyJob implements Job {
  static final String LOG = "faulty.log";

  /** The planner takes this for a second of a core, and makes bundles of it. */
  private static final double FLOPS_OF_A_SECOND = 3e10;

  /** The number of a trial. */
  public static double value(Trial trial) {
    return new SplittableRandom(trial.canonical().hashCode()).nextDouble();
  }

  @Override
  public String id() {
    return "faulty";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String summary() {
    return "ends its process on request";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.integer("number", "n", 0, 1 << 20, "tells trials apart"),
        Parameter.integer("millis", "t", 0, 1 << 20, "how long it takes").withDefault(1),
        Parameter.integer("mebibytes", "b", 0, 1 << 20, "memory that it declares").withDefault(0),
        Parameter.choice("manner", "how it ends", "well", "halt", "loop", "native", "heap")
            .withDefault("well"));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.scalar("value", "a number", "1", "uniform on (0, 1)"));
  }

  @Override
  public Cost cost(TrialGroup group) {
    Configuration configuration = group.first().configuration();
    return new Cost(
        FLOPS_OF_A_SECOND * configuration.integer("millis") / 1000,
        64 + (configuration.integer("mebibytes") << 20));
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    Trial trial = group.first();
    Configuration configuration = trial.configuration();
    log(trial);
    switch (configuration.choice("manner")) {
      case "halt" -> Runtime.getRuntime().halt(0); // a code that says all is well
      case "loop" -> loop();
      case "native" -> read();
      case "heap" -> fill();
      default -> Thread.sleep(configuration.integer("millis"));
    }
    return List.of(TrialResult.of(Map.of("value", value(trial)), Map.of()));
  }

  private static void log(Trial trial) {
    String file = System.getProperty(LOG);
    if (file != null) {
      try { // one write of one line: other threads' and processes' do not mix with it
        Files.writeString(
            Path.of(file), trial.id() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Hears no interrupt. */
  private static void loop() {
    long x = System.nanoTime() | 1;
    while (x != 0) { // odd numbers stay odd
      x *= 6364136223846793005L;
    }
  }

  /** Waits in the system for what never comes. */
  private static void read() {
    while (true) {
      try {
        if (System.in.read() < 0) {
          loop(); // there is no standard input here
        }
      } catch (IOException e) {
        loop();
      }
    }
  }

  private static void fill() {
    List<long[]> all = new ArrayList<>();
    while (true) {
      all.add(new long[1 << 29]); // 4 GiB
    }
  }
}
