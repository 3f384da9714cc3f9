package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.rnnsweep.driver.execute.Aftermath;
import org.rnnsweep.driver.execute.SparkConnection;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The process that the launcher starts, while the sweep runs in a child of it: Spark never ends a
 * JVM that is its own driver, and a trial that crashes, allocates or loops takes its JVM along.
 * When the child dies in the middle of a sweep another one goes on; {@link Supervised} is its side.
 * What the user types and sees is the child's.
 */
final class Supervisor {
  /** A child that has not moved for so long is ended, where trials have a time limit. */
  private static final Duration STILL = Duration.ofSeconds(60);

  private final CommandSpec spec;
  private final boolean timed;
  private final String runId = UUID.randomUUID().toString();
  private final long startedMillis = System.currentTimeMillis();
  private volatile boolean ending;
  private Process child;
  private boolean hung;

  private Supervisor(CommandSpec spec, boolean timed) {
    this.spec = spec;
    this.timed = timed;
  }

  /**
   * Runs the command line that {@code spec} is part of in supervised children.
   *
   * @param timed whether trials have a time limit
   * @return the exit code; empty where this process is such a child itself, or was started by
   *     something else than the launcher and so cannot be started again; nothing was run then
   */
  static OptionalInt run(CommandSpec spec, boolean timed) throws IOException {
    if (System.getProperty("rnnsweep.launcher") == null
        || SparkConnection.submitted()
        || Supervised.find().isPresent()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(new Supervisor(spec, timed).run());
  }

  private int run() throws IOException {
    Path notes = Files.createTempFile("rnnsweep-", ".run");
    // Ctrl-C reaches both; a signal to this process alone is passed on. Either way the child goes
    // first, since it has results to store.
    Thread passOn = new Thread(this::endChild);
    Runtime.getRuntime().addShutdownHook(passOn);
    try {
      String end = "";
      while (true) {
        int code = oneChild(notes, end);
        String note = Files.readString(notes);
        if (ending || !note.startsWith(Supervised.SWEEPING)) {
          return code;
        }
        end = hung ? Aftermath.HUNG : end(code);
        PrintWriter err = spec.commandLine().getErr();
        err.printf("%nrnnsweep: the sweep's process ended (%s); going on in a new one%n", end);
        err.flush();
      }
    } finally {
      Files.deleteIfExists(notes);
      if (!ending) {
        Runtime.getRuntime().removeShutdownHook(passOn);
      }
    }
  }

  /** How a process ended, in words. */
  static String end(int code) {
    return switch (code) {
      case SparkConnection.HALTED_FOR_TIME -> "a trial did not stop when its time was over";
      case SparkConnection.HALTED_BY_CHAOS -> "by --chaos";
      case 134, 139 -> String.format(Locale.ROOT, "exit code %d: it crashed", code);
      case 137 ->
          "exit code 137: killed; the system does that to the largest process when memory runs out";
      default -> String.format(Locale.ROOT, "exit code %d", code);
    };
  }

  private int oneChild(Path notes, String lastEnd) throws IOException {
    List<String> options = new ArrayList<>();
    options.add("--add-modules=jdk.incubator.vector"); // it is the child that computes
    options.add("-D" + Supervised.NOTES + "=" + notes);
    options.add("-D" + Supervised.RUN + "=" + runId);
    options.add("-D" + Supervised.STARTED + "=" + startedMillis);
    if (!lastEnd.isEmpty()) {
      options.add("-D" + Supervised.LAST_END + "=" + lastEnd);
    }
    synchronized (this) {
      if (ending) {
        return ExitCode.INTERRUPTED;
      }
      child = Relaunch.start(options, Map.of(), spec);
    }
    hung = false;
    FileTime seen = null;
    long still = 0;
    while (true) {
      try {
        if (child.waitFor(1, TimeUnit.SECONDS)) {
          return child.exitValue();
        }
      } catch (InterruptedException e) {
        endChild();
      }
      FileTime now = Files.getLastModifiedTime(notes);
      // Ticks of this loop, not the clock: a laptop that slept is no reason.
      still = now.equals(seen) ? still + 1 : 0;
      seen = now;
      if (timed
          && still >= STILL.toSeconds()
          && Files.readString(notes).startsWith(Supervised.SWEEPING)) {
        hung = true;
        child.descendants().forEach(ProcessHandle::destroyForcibly);
        child.destroyForcibly();
      }
    }
  }

  private void endChild() {
    ending = true;
    Process last;
    synchronized (this) {
      last = child;
    }
    if (last != null) {
      last.destroy();
      Relaunch.awaitEnd(last);
    }
  }
}
