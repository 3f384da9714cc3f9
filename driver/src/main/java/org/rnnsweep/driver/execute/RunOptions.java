package org.rnnsweep.driver.execute;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.rnnsweep.driver.config.Experiment;

/**
 * What a run does about trials that do not end well.
 *
 * @param runId names the run; equal in all its processes
 * @param stopAfterSameError the run stops when its first so many trials have all failed with the
 *     same error; 0 for never
 * @param timeout how long a trial may run; zero for as long as it likes. A group of n trials that
 *     share one pass may take n times that
 * @param chaos how often processes that run trials are to die; null for never
 * @param aftermath what earlier processes of the run left; null where there were none
 */
public record RunOptions(
    String runId, int stopAfterSameError, Duration timeout, Chaos chaos, Aftermath aftermath) {

  /** The default of {@link #stopAfterSameError}: seldom are so many seeds unlucky in a row. */
  public static final int SAME_ERROR = 20;

  public RunOptions {
    if (stopAfterSameError < 0) {
      throw new IllegalArgumentException(
          "stopAfterSameError must be at least 0, found " + stopAfterSameError);
    }
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must not be negative, found " + timeout);
    }
  }

  /** A run of a name of its own, without a time limit. */
  public static RunOptions standard() {
    return new RunOptions(UUID.randomUUID().toString(), SAME_ERROR, Duration.ZERO, null, null);
  }

  /** Names an experiment's part of the run: its jobs, its meter and its marks. */
  String runId(Experiment experiment) {
    return "rnnsweep-" + experiment.name() + "-" + runId;
  }

  /**
   * Reads a time limit: {@code 90s}, {@code 10 min}, {@code 2h}.
   *
   * @throws IllegalArgumentException if it is no duration, or not positive
   */
  public static Duration duration(String text) {
    try {
      Duration duration = ConfigFactory.parseMap(Map.of("duration", text)).getDuration("duration");
      if (duration.toMillis() > 0) {
        return duration;
      }
    } catch (ConfigException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "found the duration " + text + ", allowed is for example 90s, 10min or 2h");
  }

  public RunOptions withStopAfterSameError(int trials) {
    return new RunOptions(runId, trials, timeout, chaos, aftermath);
  }

  public RunOptions withTimeout(Duration duration) {
    return new RunOptions(runId, stopAfterSameError, duration, chaos, aftermath);
  }

  public RunOptions withChaos(Chaos deaths) {
    return new RunOptions(runId, stopAfterSameError, timeout, deaths, aftermath);
  }

  public RunOptions withRunId(String id) {
    return new RunOptions(id, stopAfterSameError, timeout, chaos, aftermath);
  }

  public RunOptions withAftermath(Aftermath left) {
    return new RunOptions(runId, stopAfterSameError, timeout, chaos, left);
  }
}
