package org.rnnsweep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.BlasLibrary;

/** The BLAS comes from the jar alone, whatever the machine has or lacks. */
class NativeLibraryTest {
  private static final Pattern SYSTEM_LIBRARY =
      Pattern.compile("lib(blas|lapack|openblas|cblas|gfortran|quadmath|mkl)[^/]*\\.so");

  /** Runs in a JVM of its own: loads, computes, and prints which libraries are mapped. */
  static final class Loads {
    public static void main(String[] arguments) throws IOException {
      BlasLibrary.load(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
      System.out.println("fingerprint " + BlasLibrary.fingerprint());
      try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
        maps.filter(line -> line.contains(".so"))
            .map(line -> line.substring(line.indexOf('/')))
            .distinct()
            .forEach(line -> System.out.println("mapped " + line));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void loadsWithTheSystemsBlasAndFortranHidden(@TempDir Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    if (mountsMayBeHidden()) {
      // A private mount namespace in which every such library of the system is an empty file.
      command.addAll(
          List.of(
              "unshare",
              "-rm",
              "sh",
              "-c",
              "find /usr/lib /lib /usr/local/lib -type f 2>/dev/null"
                  + " | grep -E 'lib(blas|lapack|openblas|cblas|gfortran|quadmath)[^/]*\\.so'"
                  + " | while read -r f; do mount --bind /dev/null \"$f\"; done; exec \"$@\"",
              "sh"));
    }
    command.addAll(
        List.of(
            Checkout.java(),
            "-Djava.library.path=",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            Checkout.jar()
                + ":"
                + Path.of("target/test-classes").toAbsolutePath()
                + ":"
                + Checkout.sparkClassPath(),
            Loads.class.getName()));
    String output = run(command);

    assertThat(output).containsPattern("fingerprint [0-9a-f]{16}");
    assertThat(output.lines().filter(line -> line.startsWith("mapped ")))
        .as("libraries mapped")
        .anyMatch(line -> line.contains("libopenblas"))
        .filteredOn(line -> SYSTEM_LIBRARY.matcher(line).find())
        .as("every one of them was unpacked from the jar")
        .noneMatch(line -> line.startsWith("mapped /usr") || line.startsWith("mapped /lib"));
  }

  private static boolean mountsMayBeHidden() throws Exception {
    try {
      Process probe = new ProcessBuilder("unshare", "-rm", "true").start();
      return probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  private static String run(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("(OPENBLAS|OMP|LD)_.*"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
