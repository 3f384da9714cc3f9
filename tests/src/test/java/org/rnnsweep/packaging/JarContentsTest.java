package org.rnnsweep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * The shipped jar holds what the list says: no library slips in or out unseen. When a change is
 * meant, replace the list by what the failure prints. Folders of native libraries are listed in
 * full: a platform a line.
 */
class JarContentsTest {
  private static final int FOLDERS_SHOWN = 3;
  private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dylib|dll)[^/]*");

  @Test
  void theJarHoldsWhatTheListSays() throws IOException {
    Path list = Checkout.root().resolve("conf/checks/jar-contents.txt");
    assertThat(String.join("\n", packages(Checkout.jar())))
        .as("packages in the shaded jar against %s", list)
        .isEqualTo(Files.readString(list).strip());
  }

  @Test
  void whatTheClusterProvidesIsNotInTheJar() throws IOException {
    assertThat(packages(Checkout.jar()))
        .noneMatch(name -> name.startsWith("org/apache/spark"))
        .noneMatch(name -> name.startsWith("org/apache/hadoop"))
        .noneMatch(name -> name.startsWith("org/apache/parquet"))
        .noneMatch(name -> name.startsWith("scala/collection/immutable"))
        .noneMatch(name -> name.startsWith("org/junit") || name.startsWith("org/assertj"));
  }

  private static List<String> packages(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream()
          .filter(entry -> !entry.isDirectory())
          .map(entry -> folder(entry.getName()))
          .collect(Collectors.toCollection(TreeSet::new))
          .stream()
          .toList();
    }
  }

  private static String folder(String entry) {
    String[] parts = entry.split("/");
    int depth = NATIVE.matcher(entry).matches() ? parts.length : FOLDERS_SHOWN;
    int shown = Math.min(parts.length - 1, depth);
    return shown == 0 ? entry : String.join("/", List.of(parts).subList(0, shown));
  }
}
