package org.rnnsweep.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** A program to submit: writes into a file which executors, of which processes, ran its tasks. */
public final class WhereTasksRun {
  private WhereTasksRun() {}

  /** One argument: the file. */
  public static void main(String[] args) throws IOException {
    try (JavaSparkContext spark =
        new JavaSparkContext(new SparkConf().setAppName("where tasks run"))) {
      long end = System.nanoTime() + 60_000_000_000L;
      TreeSet<String> seen = new TreeSet<>();
      while (seen.size() < StandaloneCluster.WORKERS && System.nanoTime() < end) {
        List<String> places =
            spark.parallelize(Collections.nCopies(8, 0), 8).map(new Place()).collect();
        seen.addAll(places);
      }
      Files.writeString(
          Path.of(args[0]),
          "driver " + ProcessHandle.current().pid() + "\n" + String.join("\n", seen) + "\n");
    }
  }

  static final class Place implements Function<Integer, String>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public String call(Integer ignored) throws InterruptedException {
      Thread.sleep(100); // long enough for the other executor to take the next one
      return "executor " + SparkEnv.get().executorId() + " " + ProcessHandle.current().pid();
    }
  }
}
