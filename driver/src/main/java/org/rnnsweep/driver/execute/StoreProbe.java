package org.rnnsweep.driver.execute;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;
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

/**
 * Tries, before hours of work, that driver and executors mean the same folder: each side writes a
 * file into the store and reads the other's. Executors that join later are told apart by the
 * store's own marker, which every task looks for.
 */
public final class StoreProbe {
  private static final long HOLD_MILLIS = 300;

  private StoreProbe() {}

  /**
   * Probes every executor that is there.
   *
   * @param location absolute URI of the store
   * @throws StoreException naming the hosts that do not see the driver's folder, or cannot write
   */
  public static void check(JavaSparkContext spark, String location) throws IOException {
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
              .map(new Answer(folder.toString(), token))
              .collect();
      Set<String> problems = new TreeSet<>();
      for (byte[] answer : answers) {
        String problem = problem(files, folder, text(answer));
        if (problem != null) {
          problems.add(problem);
        }
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

  /** What is wrong with an answer, or null: {@code name-of-its-file host} or {@code !problem}. */
  private static String problem(FileSystem files, Path folder, String answer) throws IOException {
    if (answer.startsWith("!")) {
      return answer.substring(1);
    }
    String name = answer.substring(0, answer.indexOf(' '));
    String host = answer.substring(answer.indexOf(' ') + 1);
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

    Answer(String folder, String token) {
      this.folder = folder;
      this.token = token;
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
        return bytes(name + " " + host);
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
