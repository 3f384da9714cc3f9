package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rnnsweep.driver.store.Build;

/**
 * The machine and the program of this process, as provenance names them.
 *
 * @param name host name
 * @param cpu CPU model, or the architecture where the system does not tell
 * @param java JVM vendor and version
 * @param commit commit the program was built from, or {@code unknown}
 */
record Host(String name, String cpu, String java, String commit) {
  private static final class Holder {
    static final Host THIS =
        new Host(
            hostName(),
            cpuModel(),
            System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"),
            Build.commit());
  }

  /** Asked of the system once a process. */
  static Host ofThisProcess() {
    return Holder.THIS;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return System.getenv().getOrDefault("HOSTNAME", "unknown");
    }
  }

  private static String cpuModel() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException | RuntimeException e) {
      return System.getProperty("os.arch"); // no Linux
    }
  }
}
