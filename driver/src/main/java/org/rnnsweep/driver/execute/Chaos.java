package org.rnnsweep.driver.execute;

import java.io.Serializable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Deaths by chance: every process that runs trials ends itself with some probability, again and
 * again. To show, on a user's own machines, that a sweep survives it.
 */
public final class Chaos implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The exit code of a process that ended so. */
  public static final int DEAD = 87;

  private static final Pattern FORM = Pattern.compile("kill=([0-9.eE+-]+)/(.+)");
  private static final Set<String> REIGNS = new HashSet<>();

  /** Whether there is a thread that ends this process; guarded by {@link #REIGNS}. */
  private static boolean reigns;

  private final double probability;
  private final Duration period;

  private Chaos(double probability, Duration period) {
    this.probability = probability;
    this.period = period;
  }

  /**
   * Reads {@code kill=P/PERIOD}, for example {@code kill=0.2/10s}.
   *
   * @throws IllegalArgumentException if it is anything else, P is not in [0, 1], or the period is
   *     not positive
   */
  public static Chaos parse(String text) {
    Matcher form = FORM.matcher(text);
    try {
      if (form.matches()) {
        double probability = Double.parseDouble(form.group(1));
        Duration period = RunOptions.duration(form.group(2));
        if (probability >= 0 && probability <= 1) {
          return new Chaos(probability, period);
        }
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "found " + text + ", allowed is kill=P/PERIOD with 0 <= P <= 1, for example kill=0.2/10s");
  }

  /**
   * Begins in this process, until {@link #end} of every run that has begun it: runs beside each
   * other make deaths no more likely.
   */
  void begin(String runId) {
    synchronized (REIGNS) {
      if (REIGNS.add(runId) && !reigns) {
        reigns = true;
        SparkExecutor.daemon(this::reign, "rnnsweep-chaos").start();
      }
    }
  }

  private void reign() {
    try {
      while (true) {
        Thread.sleep(period.toMillis());
        synchronized (REIGNS) {
          if (REIGNS.isEmpty()) {
            reigns = false;
            return;
          }
        }
        if (ThreadLocalRandom.current().nextDouble() < probability) {
          Runtime.getRuntime().halt(DEAD);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it in this process, as far as that run goes. */
  static void end(String runId) {
    synchronized (REIGNS) {
      REIGNS.remove(runId);
    }
  }
}
