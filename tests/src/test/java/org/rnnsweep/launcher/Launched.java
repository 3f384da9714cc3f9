package org.rnnsweep.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.rnnsweep.packaging.Checkout;

/** {@code bin/rnnsweep} in a process of its own, its two outputs kept apart. */
final class Launched implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final Path out;
  private final Path err;

  private Launched(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param script the launcher, or another name of it
   * @param folder where it is started and where its output goes
   * @param environment added to this process's
   */
  static Launched start(Path script, Path folder, Map<String, String> environment, Object... line)
      throws Exception {
    Checkout.jar(); // else the launcher would build inside the build
    Files.createDirectories(folder);
    Path out = Files.createTempFile(folder, "out-", ".txt");
    Path err = Files.createTempFile(folder, "err-", ".txt");
    List<String> command = new ArrayList<>();
    if (interruptsAreSettable()) { // a shell's background job would ignore Ctrl-C
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(script.toString());
    Arrays.stream(line).map(Object::toString).forEach(command::add);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(OPENBLAS|OMP|RNNSWEEP)_.*"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return new Launched(builder.start(), out, err);
  }

  /** The checkout's own launcher, run to its end. */
  static Launched run(Path folder, Map<String, String> environment, Object... line)
      throws Exception {
    Launched launched = start(Checkout.root().resolve("bin/rnnsweep"), folder, environment, line);
    launched.exitCode();
    return launched;
  }

  private static boolean interruptsAreSettable() throws Exception {
    try {
      return new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  long pid() {
    return process.pid(); // every step of the way is an exec
  }

  /** It, which only supervises, and the processes that it started and that are still there. */
  List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
  }

  int exitCode() throws Exception {
    return exitCode(PATIENCE_SECONDS);
  }

  int exitCode(long patienceSeconds) throws Exception {
    if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running:\n" + err());
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /**
   * Without what Java itself says once, of a process that computes: its Vector API is incubating.
   */
  String ownErr() throws IOException {
    return err().replace("WARNING: Using incubator modules: jdk.incubator.vector", "");
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
