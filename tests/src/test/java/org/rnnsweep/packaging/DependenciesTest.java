package org.rnnsweep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * What was resolved is what the checked-in list says, to the byte: libraries inside the jar by its
 * own bill of materials, and those that Spark's class path adds where there is no cluster. When a
 * change is meant, let the list be written anew and read the difference:
 *
 * <pre>
 * mvn -pl tests -am verify -Dtest=DependenciesTest -Dsurefire.failIfNoSpecifiedTests=false \
 *   -Drnnsweep.checks=write
 * </pre>
 */
class DependenciesTest {
  private static final String BILL = "META-INF/sbom/application.cdx.json";
  private static final String OURS = "org.rnnsweep";

  private static JsonNode bill() throws IOException {
    try (ZipFile jar = new ZipFile(Checkout.jar().toFile())) {
      assertThat(jar.getEntry(BILL)).as(BILL + " in the jar").isNotNull();
      return new ObjectMapper().readTree(jar.getInputStream(jar.getEntry(BILL)));
    }
  }

  @Test
  void theJarCarriesItsBillOfMaterials() throws IOException {
    JsonNode bill = bill();
    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bill.path("metadata").path("component").path("name").asText())
        .isEqualTo("rnnsweep-driver");
    List<String> names = new ArrayList<>();
    bill.path("components").forEach(component -> names.add(component.path("name").asText()));
    assertThat(names)
        .contains("rnnsweep-kernels", "rnnsweep-jobs", "openblas", "picocli", "config")
        .doesNotContain("spark-core_2.13", "hadoop-client-api", "junit-jupiter");
  }

  @Test
  void whatWasResolvedIsOnTheList() throws Exception {
    List<String> found = new ArrayList<>();
    for (JsonNode component : bill().path("components")) {
      if (!component.path("group").asText().equals(OURS)) {
        found.add("shipped  " + purl(component) + " " + hash(component));
      }
    }
    Path classPath = Checkout.root().resolve("driver/target/spark.classpath");
    for (String jar : Files.readString(classPath).strip().split(java.io.File.pathSeparator)) {
      found.add("provided " + Path.of(jar).getFileName() + " " + hash(Path.of(jar)));
    }
    Collections.sort(found);
    Path list = Checkout.root().resolve("conf/checks/dependencies.txt");
    String text = String.join("\n", found) + "\n";
    if ("write".equals(System.getProperty("rnnsweep.checks"))) {
      Files.writeString(list, text);
    }
    assertThat(text)
        .as("resolved libraries with SHA-256 against %s", list)
        .isEqualTo(Files.readString(list));
  }

  private static String purl(JsonNode component) {
    return component.path("purl").asText().replaceFirst("^pkg:maven/", "");
  }

  private static String hash(JsonNode component) {
    for (JsonNode hash : component.path("hashes")) {
      if (hash.path("alg").asText().equals("SHA-256")) {
        return hash.path("content").asText();
      }
    }
    throw new AssertionError("no SHA-256 of " + component);
  }

  private static String hash(Path jar) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
    return HexFormat.of().formatHex(digest);
  }
}
