package org.rnnsweep.packaging;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where things lie in the checkout under test. */
public final class Checkout {
  private Checkout() {}

  /** The repository's top folder: the nearest parent that holds {@code bin/rnnsweep}. */
  public static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("bin/rnnsweep"))) {
        return at;
      }
    }
    throw new IllegalStateException("not inside a checkout: " + Path.of("").toAbsolutePath());
  }

  /** The shaded jar that the driver's package phase built before these tests run. */
  public static Path jar() {
    Path jar = root().resolve("driver/target/rnnsweep.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: run mvn verify, not mvn test");
    }
    return jar;
  }

  /** What Spark provides at run time, as one class path. */
  public static String sparkClassPath() throws java.io.IOException {
    return Files.readString(root().resolve("driver/target/spark.classpath")).strip();
  }

  /** The {@code java} that runs these tests. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
