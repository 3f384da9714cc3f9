package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.rnnsweep.driver.execute.SparkConnection;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.linalg.BlasLibrary;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The same command once more, in a child process: a profile may need variables of the environment
 * that a running Java cannot set. Only where the launcher started this process, and so knows it
 * whole; elsewhere the profile's problems say what to set.
 */
final class Relaunch {
  private Relaunch() {}

  /**
   * Runs the command line that {@code spec} is part of in a child with what the profile needs.
   *
   * @return the child's exit code; empty if this process will do, and nothing was run
   */
  static OptionalInt run(NumericsProfile numerics, CommandSpec spec) throws IOException {
    return run(List.of(numerics), spec);
  }

  /** The same for profiles of one library. */
  static OptionalInt run(List<NumericsProfile> numerics, CommandSpec spec) throws IOException {
    Map<String, String> missing = new HashMap<>();
    numerics.forEach(profile -> missing.putAll(BlasLibrary.missingEnvironment(profile)));
    if (missing.isEmpty()
        || System.getProperty("rnnsweep.launcher") == null
        || SparkConnection.submitted()) {
      return OptionalInt.empty();
    }
    Process child = start(List.of(), missing, spec);
    // Ctrl-C reaches both; a signal to this process alone is passed on. Either way the child goes
    // first, since it has results to store.
    Thread passOn =
        new Thread(
            () -> {
              child.destroy();
              awaitEnd(child);
            });
    Runtime.getRuntime().addShutdownHook(passOn);
    int code = awaitEnd(child);
    try {
      Runtime.getRuntime().removeShutdownHook(passOn);
    } catch (IllegalStateException e) {
      // This process is ending already, by the signal that ended the child.
    }
    return OptionalInt.of(code);
  }

  /** The same command line in a child with these options of Java and variables beside its own. */
  static Process start(List<String> options, Map<String, String> environment, CommandSpec spec)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(RnnsweepCommand.class.getName());
    command.addAll(spec.root().commandLine().getParseResult().originalArgs());
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment);
    // Their options are among the arguments already.
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.start();
  }

  /** Waits for its end, also on a thread that is interrupted; then the child is told to end. */
  static int awaitEnd(Process child) {
    while (true) {
      try {
        return child.waitFor();
      } catch (InterruptedException e) {
        child.destroy(); // and wait for its end
      }
    }
  }
}
