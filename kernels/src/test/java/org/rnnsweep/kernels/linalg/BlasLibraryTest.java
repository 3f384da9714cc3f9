package org.rnnsweep.kernels.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;

class BlasLibraryTest {

  /** Loads the library in a JVM of its own and says what it got. */
  static final class Loading {
    public static void main(String[] arguments) throws Exception {
      BlasLibrary.load(profile(Library.valueOf(arguments[0])));
      System.out.println("fingerprint " + BlasLibrary.fingerprint());
      System.out.println("version " + BlasLibrary.version());
      System.out.println("breeze " + dev.ludovic.netlib.blas.BLAS.getInstance().getClass());
      Path maps = Path.of("/proc/self/maps");
      if (Files.exists(maps)) {
        Files.readAllLines(maps).stream()
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .filter(path -> path.matches(".*/libopenblas[^/]*"))
            .distinct()
            .forEach(path -> System.out.println("mapped " + path));
      }
    }
  }

  @TempDir Path temporary;

  @Test
  void loadsTheVersionItPromisesOnOneThread() {
    BlasLibrary.load(profile(Library.NATIVE));
    assertThat(BlasLibrary.version()).isEqualTo(NumericsProfile.OPENBLAS_VERSION);
    assertThat(NativeThreads.count()).isEqualTo(1);
    assertThat(BlasLibrary.fingerprint()).matches("[0-9a-f]{16}");
    assertThat(BlasLibrary.fingerprint())
        .isEqualTo(BlasLibrary.fingerprintOf(new OpenBlas()))
        .isNotEqualTo(BlasLibrary.fingerprintOf(new JavaBlas()));
  }

  @Test
  void whatIsMissingFromTheEnvironmentIsWhatWouldHelp() {
    NumericsProfile portable = profile(Library.NATIVE_PORTABLE);
    Map<String, String> haswell = Map.of("OPENBLAS_CORETYPE", "Haswell");
    Map<String, String> blocking = Map.of("OPENBLAS_L2_SIZE", "1");
    assertThat(BlasLibrary.missingEnvironment(portable, Map.of(), "amd64")).isEqualTo(haswell);
    assertThat(BlasLibrary.environmentProblems(portable, haswell, "amd64")).isEmpty();
    assertThat(BlasLibrary.missingEnvironment(portable, haswell, "amd64")).isEmpty();
    assertThat(BlasLibrary.missingEnvironment(portable, blocking, "amd64")).isEmpty();
    assertThat(BlasLibrary.missingEnvironment(portable, Map.of(), "aarch64")).isEmpty();
    for (Library other : List.of(Library.NATIVE, Library.JAVA)) {
      assertThat(BlasLibrary.missingEnvironment(profile(other), Map.of(), "amd64")).isEmpty();
    }
  }

  @Test
  void anotherNumberOfThreadsIsRefused() {
    BlasLibrary.load(profile(Library.NATIVE));
    try {
      org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads(2);
      assertThatThrownBy(() -> BlasLibrary.load(profile(Library.NATIVE)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("1 thread")
          .hasMessageEndingWith("2");
    } finally {
      org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads(1);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void loadsIntoAFreshFolderOfItsOwnAndOnce() throws Exception {
    List<String> first = inOtherJvm(Library.NATIVE, Map.of());
    assertThat(first)
        .contains("version " + NumericsProfile.OPENBLAS_VERSION)
        .contains("breeze class dev.ludovic.netlib.blas.JNIBLAS")
        .anyMatch(line -> line.startsWith("fingerprint "));
    List<String> mapped = first.stream().filter(line -> line.startsWith("mapped ")).toList();
    assertThat(mapped).hasSize(1);
    assertThat(mapped.get(0)).contains(temporary + "/rnnsweep-native-");
    // Nothing else reaches the standard output, which belongs to results.
    assertThat(first).hasSize(4);
    // A second process finds what the first unpacked.
    assertThat(inOtherJvm(Library.NATIVE, Map.of())).isEqualTo(first);
    try (Stream<Path> folders = Files.list(temporary)) {
      assertThat(folders.filter(path -> path.toString().contains("rnnsweep-native-"))).hasSize(1);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void codeIsNotLoadedFromAFolderThatOthersMayWrite() throws Exception {
    inOtherJvm(Library.NATIVE, Map.of());
    Path folder;
    try (Stream<Path> folders = Files.list(temporary)) {
      folder =
          folders.filter(path -> path.toString().contains("rnnsweep-native-")).findFirst().get();
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(inOtherJvm(Library.NATIVE, Map.of()))
        .filteredOn(line -> line.startsWith("mapped "))
        .hasSize(1)
        .noneMatch(line -> line.contains(folder.toString()));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void thePortableKernelIsAnotherOne() throws Exception {
    List<String> own = inOtherJvm(Library.NATIVE, Map.of());
    List<String> portable =
        inOtherJvm(Library.NATIVE_PORTABLE, Map.of("OPENBLAS_CORETYPE", "Haswell"));
    List<String> old = inOtherJvm(Library.NATIVE_PORTABLE, Map.of("OPENBLAS_CORETYPE", "HASWELL"));
    assertThat(portable.get(0)).startsWith("fingerprint ").isEqualTo(old.get(0));
    if (Files.readString(Path.of("/proc/cpuinfo")).contains("avx512f")) {
      assertThat(portable.get(0)).isNotEqualTo(own.get(0));
    }
  }

  @Test
  void environmentThatChangesTheKernelIsNamed() {
    NumericsProfile own = profile(Library.NATIVE);
    NumericsProfile portable = profile(Library.NATIVE_PORTABLE);
    Map<String, String> haswell = Map.of("OPENBLAS_CORETYPE", "Haswell");
    assertThat(BlasLibrary.environmentProblems(own, Map.of(), "amd64")).isEmpty();
    assertThat(BlasLibrary.environmentProblems(own, haswell, "amd64"))
        .singleElement()
        .asString()
        .contains("OPENBLAS_CORETYPE=Haswell")
        .contains("unset it before Java starts");
    assertThat(BlasLibrary.environmentProblems(own, Map.of("OPENBLAS_CORETYPE", ""), "amd64"))
        .as("empty is not unset")
        .hasSize(1);
    assertThat(BlasLibrary.environmentProblems(portable, haswell, "amd64")).isEmpty();
    assertThat(BlasLibrary.environmentProblems(portable, Map.of(), "amd64"))
        .singleElement()
        .asString()
        .contains("needs OPENBLAS_CORETYPE=Haswell")
        .contains("found it unset");
    assertThat(BlasLibrary.environmentProblems(portable, haswell, "aarch64"))
        .singleElement()
        .asString()
        .contains("x86-64 hosts only, found aarch64");
    assertThat(BlasLibrary.environmentProblems(own, Map.of("OPENBLAS_L2_SIZE", "1"), "amd64"))
        .hasSize(1);
    Map<String, String> worst = Map.of("OPENBLAS_CORETYPE", "Zen", "OPENBLAS_BLOCK_FACTOR", "2");
    assertThat(BlasLibrary.environmentProblems(own, worst, "amd64")).hasSize(2);
    assertThat(BlasLibrary.environmentProblems(profile(Library.JAVA), worst, "amd64")).isEmpty();
  }

  private List<String> inOtherJvm(Library library, Map<String, String> environment)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-Djava.library.path=");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Loading.class.getName(), library.name()));
    Path out = Files.createTempFile(temporary, "out", null);
    Path err = Files.createTempFile(temporary, "err", null);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_"));
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }

  private static NumericsProfile profile(Library library) {
    return new NumericsProfile(library, Precision.DOUBLE);
  }
}
