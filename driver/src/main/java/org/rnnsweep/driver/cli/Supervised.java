package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/**
 * This process as the child of a {@link Supervisor}: it keeps a note of whether it is in the middle
 * of a sweep, moves now and then to show that it lives, and does not outlive its parent.
 *
 * @param notes the file in which it says so
 * @param runId of the run, which may have had other processes
 * @param runStartedMillis when the first of them started
 * @param lastEnd how the last of them ended, in words; empty for the first
 */
record Supervised(Path notes, String runId, long runStartedMillis, String lastEnd) {
  static final String NOTES = "rnnsweep.supervised";
  static final String RUN = "rnnsweep.run";
  static final String STARTED = "rnnsweep.run.started";
  static final String LAST_END = "rnnsweep.run.last-end";

  /** The note of a process that is to be replaced should it die now. */
  static final String SWEEPING = "sweeping";

  /** Deaths in a row for which no trial can be blamed. */
  private static final int UNEXPLAINED = 3;

  private static final long MOVE_MILLIS = 1000;

  /** This process, where it is one. */
  static Optional<Supervised> find() {
    String notes = System.getProperty(NOTES);
    return notes == null
        ? Optional.empty()
        : Optional.of(
            new Supervised(
                Path.of(notes),
                System.getProperty(RUN),
                Long.getLong(STARTED),
                System.getProperty(LAST_END, "")));
  }

  /** Ends this process, as Ctrl-C would, when its parent is gone. */
  void followParent() {
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    Thread thread =
        new Thread(
            () -> {
              try {
                while (parent.isEmpty() || parent.get().isAlive()) {
                  Thread.sleep(MOVE_MILLIS);
                  Files.setLastModifiedTime(notes, FileTime.from(Instant.now()));
                }
              } catch (IOException e) {
                // The file is gone, and so is who made it.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              System.exit(ExitCode.INTERRUPTED);
            },
            "rnnsweep-parent");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Notes that a sweep begins.
   *
   * @param explained whether trials were found that may have ended the last process
   * @throws IOException if too many processes in a row ended for no trial's sake
   */
  void sweeping(boolean explained) throws IOException {
    String before = Files.readString(notes);
    int unexplained =
        explained || !before.startsWith(SWEEPING)
            ? 0
            : 1 + Integer.parseInt(before.substring(SWEEPING.length()).strip());
    if (unexplained >= UNEXPLAINED) {
      ended();
      throw new IOException(
          "the sweep's process ended "
              + unexplained
              + " times in a row before it started a trial, last: "
              + lastEnd);
    }
    Files.writeString(notes, SWEEPING + " " + unexplained);
  }

  /** Notes that from now on the end of this process is the end of the run. */
  void ended() {
    try {
      Files.writeString(notes, "ended");
    } catch (IOException e) {
      // The parent is gone, or its disk is full: then it starts a process that finds all done.
    }
  }
}
