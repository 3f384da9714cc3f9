package org.rnnsweep.driver.execute;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * Tries, before hours of work, that driver and executors mean the same folder: each side writes a
 * file into the store and reads the other's. Asks, too, that all executors multiply with one BLAS
 * kernel, so that a mixed cluster stops before anything is stored. Executors that join later are
 * told apart by the store's own marker, which every task looks for.
 */
public final class StoreProbe {
  private static final long HOLD_MILLIS = 300;

  /** In place of a fingerprint: nobody asked, or the library does not load there. */
  private static final String NONE = "none";

  private StoreProbe() {}

  /**
   * Probes every executor that is there.
   *
   * @param location absolute URI of the store
   * @param numerics what trials will ask for
   * @throws StoreException naming the hosts that do not see the driver's folder, cannot write, or
   *     would compute other bits than each other
   */
  public static void check(
      JavaSparkContext spark, String location, Collection<NumericsProfile> numerics)
      throws IOException {
    Configuration hadoop = spark.hadoopConfiguration();
    String token = UUID.randomUUID().toString();
    Path folder = new Path(location, "_probe-" + token);
    FileSystem files = folder.getFileSystem(hadoop);
    boolean made = !files.exists(folder.getParent());
    write(files, new Path(folder, "driver"), token);
    try {
      int tasks = 2 * Math.max(spark.defaultParallelism(), executors(spark));
      List<byte[]> answers =
          spark
              .parallelize(Collections.nCopies(tasks, new byte[0]), tasks)
              .map(new Answer(folder.toString(), token, OneKernel.held(numerics)))
              .collect();
      Set<String> problems = new TreeSet<>();
      for (byte[] answer : answers) {
        String problem = problem(files, folder, text(answer));
        if (problem != null) {
          problems.add(problem);
        }
      }
      SortedMap<String, String> kernels = kernels(answers);
      if (kernels.size() > 1) {
        problems.add(OneKernel.mixed(kernels, "the executors have").getMessage());
      }
      if (!problems.isEmpty()) {
        throw new StoreException(String.join("\n", problems));
      }
    } finally {
      files.delete(folder, true);
      if (made) {
        discardIfEmpty(files, folder.getParent()); // who is refused finds nothing written
      }
    }
  }

  /** Of each fingerprint among the answers one host that has it. */
  static SortedMap<String, String> kernels(List<byte[]> answers) {
    SortedMap<String, String> kernels = new TreeMap<>();
    for (byte[] answer : answers) {
      String[] parts = text(answer).split(" ");
      if (!parts[0].startsWith("!") && !parts[2].equals(NONE)) {
        kernels.putIfAbsent(parts[2], parts[1]);
      }
    }
    return kernels;
  }

  /**
   * What is wrong with an answer, or null. It is {@code name-of-its-file host fingerprint} or
   * {@code !problem}.
   */
  private static String problem(FileSystem files, Path folder, String answer) throws IOException {
    if (answer.startsWith("!")) {
      return answer.substring(1);
    }
    String name = answer.split(" ")[0];
    String host = answer.split(" ")[1];
    try {
      return read(files, new Path(folder, name)).equals(host)
          ? null
          : "host " + host + " wrote into the store, but the driver reads something else there";
    } catch (FileNotFoundException e) {
      return "host "
          + host
          + " wrote "
          + new Path(folder, name)
          + ", but the driver does not see it: the store must be on a file system they share";
    }
  }

  private static void discardIfEmpty(FileSystem files, Path store) {
    try {
      files.delete(store, false);
    } catch (IOException e) {
      // Another run has begun to fill it.
    }
  }

  private static int executors(JavaSparkContext spark) {
    return spark.sc().getExecutorMemoryStatus().size(); // the driver is counted, too
  }

  /** The executors' side. */
  private static final class Answer implements Function<byte[], byte[]> {
    private static final long serialVersionUID = 1L;

    private final String folder;
    private final String token;
    private final String numerics;

    /**
     * @param numerics whose fingerprint to tell; empty for none
     */
    Answer(String folder, String token, String numerics) {
      this.folder = folder;
      this.token = token;
      this.numerics = numerics;
    }

    @Override
    public byte[] call(byte[] ignored) throws InterruptedException {
      Thread.sleep(HOLD_MILLIS); // keeps this slot busy, so that other executors get their share
      String host = Host.ofThisProcess().name();
      try {
        Path path = new Path(folder);
        FileSystem files =
            path.getFileSystem(SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf()));
        if (!read(files, new Path(path, "driver")).equals(token)) {
          return bytes("!host " + host + " reads another file than the driver wrote in " + folder);
        }
        String name = "executor-" + UUID.randomUUID();
        write(files, new Path(path, name), host);
        return bytes(name + " " + host + " " + fingerprint());
      } catch (FileNotFoundException e) {
        return bytes(
            "!host "
                + host
                + " does not see the driver's file in "
                + folder
                + ": the store must be on a file system they share");
      } catch (IOException e) {
        return bytes("!host " + host + " cannot use the store: " + e.getMessage());
      }
    }

    private String fingerprint() {
      String here =
          numerics.isEmpty() ? "" : RunIdentity.fingerprintHere(NumericsProfile.parse(numerics));
      return here.isEmpty() ? NONE : here;
    }
  }

  private static void write(FileSystem files, Path path, String content) throws IOException {
    try (OutputStream out = files.create(path, false)) {
      out.write(bytes(content));
    }
  }

  private static String read(FileSystem files, Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return text(in.readAllBytes());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
