package org.rnnsweep.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * {@link FaultyJob} as a third party's jar. Made by the tests that need it: were it on the class
 * path of all, every test would have one job more.
 */
public final class FaultyJobJar {
  private FaultyJobJar() {}

  /** Writes the jar into that folder. */
  public static Path in(Path folder) throws IOException {
    Path jar = folder.resolve("faulty-job.jar");
    String name = FaultyJob.class.getName();
    String entry = name.replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        var code = FaultyJob.class.getClassLoader().getResourceAsStream(entry)) {
      out.putNextEntry(new JarEntry(entry));
      code.transferTo(out);
      out.putNextEntry(new JarEntry("META-INF/services/org.rnnsweep.jobs.Job"));
      out.write(name.getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    }
    return jar;
  }
}
