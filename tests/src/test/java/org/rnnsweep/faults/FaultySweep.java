package org.rnnsweep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.packaging.Checkout;

/** A sweep of {@link FaultyJob} in a folder: its files, its processes, and what it left. */
final class FaultySweep {
  private static final String HEAD =
      """
      experiment = faulty
      job = faulty
      numerics { library = java }
      seeds { root = 5, count = 1 }
      """;

  private final Path folder;
  private final Path file;
  private final Path jar;
  private final Path store;

  /** What a finished command left. */
  record Ended(int code, String text) {}

  FaultySweep(Path folder, String axes) throws IOException {
    this(
        folder,
        Files.writeString(folder.resolve("faulty.conf"), HEAD + axes),
        FaultyJobJar.in(folder),
        folder.resolve("store"));
  }

  /** A suite of two experiments, {@code a} and {@code b}. */
  static FaultySweep suite(Path folder, String axesOfA, String axesOfB) throws IOException {
    Path suite = Files.createDirectory(folder.resolve("suite"));
    Files.writeString(suite.resolve("suite.conf"), "suite = faults, title = Faults\n");
    Files.writeString(suite.resolve("a.conf"), HEAD.replace("faulty\njob", "a\njob") + axesOfA);
    Files.writeString(suite.resolve("b.conf"), HEAD.replace("faulty\njob", "b\njob") + axesOfB);
    return new FaultySweep(folder, suite, FaultyJobJar.in(folder), folder.resolve("store"));
  }

  private FaultySweep(Path folder, Path file, Path jar, Path store) {
    this.folder = folder;
    this.file = file;
    this.jar = jar;
    this.store = store;
  }

  Path file() {
    return file;
  }

  Path jar() {
    return jar;
  }

  Path store() {
    return store;
  }

  private Path log() {
    return folder.resolve("started.log");
  }

  /** Ids of the trials that were started, once a start. */
  List<String> starts() throws IOException {
    return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
  }

  /** Starts {@code run} by the launcher; both outputs go to {@link #text}. */
  Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Checkout.root().resolve("bin/rnnsweep").toString());
    command.addAll(List.of("run", file.toString(), "--store", store().toString(), "--cores", "2"));
    command.addAll(List.of(options));
    return start(command);
  }

  Process start(List<String> command) throws IOException {
    Checkout.jar(); // else the launcher would build inside the build
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("(OPENBLAS|OMP|RNNSWEEP)_.*"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("RNNSWEEP_HEAP", "512m");
    environment.put("RNNSWEEP_JARS", jar.toString());
    environment.put("RNNSWEEP_JAVA_OPTS", "-D" + FaultyJob.LOG + "=" + log());
    return builder.start();
  }

  /** Runs to the end. */
  Ended run(String... options) throws Exception {
    return await(start(options));
  }

  Ended await(Process process) throws Exception {
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("ended in time: %s", text()).isTrue();
    } finally {
      kill(process);
    }
    return new Ended(process.exitValue(), text());
  }

  String text() throws IOException {
    return Files.readString(folder.resolve("out.txt"), StandardCharsets.UTF_8);
  }

  /** Ends a process and all that it started, as the system does: none may say a last word. */
  static void kill(Process process) throws InterruptedException {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(0, process.toHandle()); // the one that would start others first
    all.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
    for (ProcessHandle handle : all) {
      while (handle.isAlive()) {
        Thread.sleep(5);
      }
    }
  }

  FolderTrialStore opened() throws IOException {
    return FolderTrialStore.open(store().toUri().toString(), new Configuration());
  }

  /** The same of a copy elsewhere. */
  FaultySweep at(Path copy) {
    return new FaultySweep(folder, file, jar, copy);
  }

  /** How every trial ended, by its parameter {@code number}; numbers are those of the job. */
  Map<Long, TrialRecord> outcomes() throws IOException {
    Map<Long, TrialRecord> found = new TreeMap<>();
    assertThat(
            opened()
                .scan(
                    record -> {
                      found.put(record.trial().configuration().integer("number"), record);
                      if (record.outcome() == Outcome.COMPLETED) {
                        assertThat(record.metrics())
                            .isEqualTo(Map.of("value", FaultyJob.value(record.trial())));
                      }
                    }))
        .isEmpty();
    return found;
  }
}
