package org.rnnsweep.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.packaging.Checkout;

/** What a run does while it is under way: where it listens, and how it ends before its end. */
@EnabledOnOs(OS.LINUX)
class LiveRunTest {
  private static final Path SCRIPT = Checkout.root().resolve("bin/rnnsweep");

  /** 10 s are promised; the JVM's own end and a busy machine get three more. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(13);

  /** 300 trials, 1e13 operations: a minute and more on two cores. */
  private static final String LONG =
      """
      experiment = long
      job = inversion
      seeds { root = 7, count = 300 }
      parameters { estimator = least-squares, dimension = 2, length = 4 }
      axes { width = [700] }
      """;

  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void experiment() throws IOException {
    Files.writeString(folder.resolve("long.conf"), LONG);
    store = folder.resolve("store");
  }

  @Test
  void ctrlCStoresWhatIsCompleteAndSaysHowToGoOn() throws Exception {
    try (Launched run = start("long.conf")) {
      awaitParts(run, 3);
      Duration took = stop(run, "INT", 130);
      assertThat(took).isLessThan(STOPS_WITHIN);
      assertSaysWhatIsStored(run);
    }
    Launched rest =
        Launched.run(folder, Map.of(), "run", "long.conf", "--seeds", 4, "--store", store);
    assertThat(rest.exitCode()).as(rest.err()).isZero();
    assertThat(rest.err()).containsPattern("long: 4 trials, [1-4] of them stored already");
    assertThat(rest.out()).contains("4/4");
  }

  @Test
  void aProfileWithItsOwnEnvironmentStopsTheSame() throws Exception {
    Files.writeString(
        folder.resolve("long.conf"), "numerics { library = native-portable }\n" + LONG);
    try (Launched run = start("long.conf")) {
      awaitParts(run, 2);
      stop(run, "INT", 130); // to the parent alone; from a terminal both get it
      assertSaysWhatIsStored(run);
    }
  }

  @Test
  void listensOnLoopbackAloneAndEndsWhenTold() throws Exception {
    try (Launched run = start("long.conf")) {
      awaitParts(run, 1);
      Set<String> listening = new TreeSet<>();
      for (ProcessHandle each : run.processes()) {
        listening.addAll(listening(each));
      }
      assertThat(listening).isNotEmpty().allMatch(LiveRunTest::isLoopback, "is on loopback");
      Matcher page = Pattern.compile("page: http://127\\.0\\.0\\.1:(\\d+)").matcher(run.err());
      assertThat(page.find()).as(run.err()).isTrue();
      assertThat(listening)
          .anyMatch(socket -> port(socket) == Integer.parseInt(page.group(1)), "is Spark's page");

      stop(run, "TERM", 143);
      assertSaysWhatIsStored(run);
    }
  }

  /** Longer than Spark waits for an executor's word: two minutes, where nobody says otherwise. */
  @Test
  @Tag("full")
  void aMachineThatSleptGoesOn() throws Exception {
    try (Launched run = start("long.conf")) {
      awaitParts(run, 1);
      List<ProcessHandle> all = run.processes();
      for (String signal : List.of("STOP", "CONT")) {
        for (ProcessHandle each : all) {
          new ProcessBuilder("kill", "-" + signal, Long.toString(each.pid())).start().waitFor();
        }
        Thread.sleep(signal.equals("STOP") ? 150_000 : 30_000);
      }
      awaitParts(run, parts().size() + 1);
      stop(run, "TERM", 143);
      assertSaysWhatIsStored(run);
    }
  }

  private Launched start(String file) throws Exception {
    return Launched.start(SCRIPT, folder, Map.of(), "run", file, "--store", store);
  }

  private void awaitParts(Launched run, int count) throws Exception {
    while (parts().size() < count) {
      assertThat(run.isAlive()).as(run.err()).isTrue();
      Thread.sleep(50);
    }
  }

  private static Duration stop(Launched run, String signal, int code) throws Exception {
    long start = System.nanoTime();
    run.signal(signal);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(code);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The count is the store's, nothing is torn, and no log line hides it. */
  private void assertSaysWhatIsStored(Launched run) throws Exception {
    Matcher stopped =
        Pattern.compile("stopped: (\\d+) of 300 trials are stored in (\\S+); the same command goes")
            .matcher(run.err());
    assertThat(stopped.find()).as(run.err()).isTrue();
    assertThat(Integer.parseInt(stopped.group(1))).isBetween(1, 299);
    assertThat(stopped.group(2)).isEqualTo("file://" + store);
    assertThat(run.ownErr()).doesNotContain("WARN", "ERROR", "Exception");
    assertThat(run.out()).isEmpty();
    assertThat(parts()).allMatch(name -> name.startsWith("part-"));
    Launched status = Launched.run(folder, Map.of(), "status", store);
    assertThat(status.out())
        .contains("experiment long: " + stopped.group(1) + " of 300 trials stored")
        .doesNotContain("problem");
  }

  private Set<String> parts() throws IOException {
    Path trials = store.resolve("trials/job=inversion");
    if (!Files.exists(trials)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(trials)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .collect(Collectors.toSet());
    }
  }

  /**
   * Local addresses of the process's listening TCP sockets, as {@code /proc} writes them; none for
   * a process that has ended, as the short-lived helpers of a run may at any moment.
   */
  private static Set<String> listening(ProcessHandle process) throws IOException {
    try {
      return listening(Path.of("/proc", Long.toString(process.pid())));
    } catch (IOException | UncheckedIOException e) {
      if (process.isAlive()) {
        throw e;
      }
      return Set.of();
    }
  }

  private static Set<String> listening(Path process) throws IOException {
    Set<String> inodes = new TreeSet<>();
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      for (Path file : open.toList()) {
        Matcher socket = Pattern.compile("socket:\\[(\\d+)]").matcher(target(file));
        if (socket.matches()) {
          inodes.add(socket.group(1));
        }
      }
    }
    Set<String> listening = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = process.resolve("net").resolve(table);
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        String[] fields = line.strip().split("\\s+");
        if (fields[3].equals("0A") && inodes.contains(fields[9])) {
          listening.add(fields[1]);
        }
      }
    }
    return listening;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  /** 127.0.0.0/8 with its bytes reversed, the same mapped into IPv6, or ::1. */
  private static boolean isLoopback(String address) {
    return address.matches("[0-9A-F]{6}7F:.*")
        || address.matches("0{16}FFFF0000[0-9A-F]{6}7F:.*")
        || address.matches("0{24}01000000:.*");
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }
}
