package org.rnnsweep.driver.config;

import java.util.Arrays;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;

/** What is said where a job throws although it was only asked a question: its own mistake. */
public final class JobFault {
  private JobFault() {}

  /**
   * The problem as a line: job, question, what was thrown, where in its code, and for which
   * configuration.
   *
   * @param question the method of {@link Job} that threw
   */
  public static ConfigProblem of(
      Job job, String question, Configuration configuration, Throwable thrown) {
    String where =
        Arrays.stream(thrown.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith(job.getClass().getName()))
            .findFirst()
            .map(frame -> " at " + frame)
            .orElse(" in " + job.getClass().getName());
    String message;
    try {
      message = thrown.toString();
    } catch (RuntimeException e) {
      message = thrown.getClass().getName();
    }
    return new ConfigProblem(
        "job " + job.id(),
        0,
        "axes",
        question
            + " threw "
            + message
            + where
            + " for "
            + configuration
            + "; this is a fault of the job, not of the file",
        "",
        "");
  }
}
