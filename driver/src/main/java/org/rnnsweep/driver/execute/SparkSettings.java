package org.rnnsweep.driver.execute;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.rnnsweep.driver.plan.Bundle;
import org.rnnsweep.driver.plan.Plan;
import org.rnnsweep.jobs.TrialGroup;

/** Every setting of Spark that this program makes, and why. */
public final class SparkSettings {
  /** Off-heap memory that the trials of one executor may hold together, for example {@code 12g}. */
  public static final String MEMORY = "spark.rnnsweep.memory";

  /** The variable by which Spark's processes hand on the secret: its SecurityManager's. */
  private static final String AUTHENTICATION_SECRET = "_SPARK_AUTH_SECRET";

  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;

  /** Code, threads, compiler and buffers of a JVM: what it takes beside its heap. */
  private static final long JVM_BYTES = 3 * GIB / 2;

  /** The same where a container is sized for nothing else. */
  private static final long JVM_BYTES_IN_CONTAINER = GIB / 2;

  private SparkSettings() {}

  /**
   * Spark inside this process, every port on the loopback interface. Spark binds its web page by
   * the environment alone, so without {@code SPARK_LOCAL_IP} on loopback there is none.
   *
   * @param cores bundles run at once
   */
  public static SparkConf embedded(int cores) {
    String localIp = System.getenv().getOrDefault("SPARK_LOCAL_IP", "");
    SparkConf conf =
        common(new SparkConf(false))
            .setMaster("local[" + cores + "]")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            // A laptop that slept is not a lost executor: Spark gives up on one after two minutes.
            .set("spark.network.timeout", "30d")
            .set("spark.ui.enabled", Boolean.toString(localIp.startsWith("127.")));
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("spark.rnnsweep."))
        .forEach(name -> conf.set(name, System.getProperty(name)));
    return conf;
  }

  /**
   * What spark-submit handed over, and ours. Never sets a master.
   *
   * @throws IllegalArgumentException if spark-submit set what this program cannot work with
   */
  public static SparkConf submitted() {
    return submitted(List.of());
  }

  /**
   * The same for these plans: containers are asked to be large enough for what their trials
   * declare, where nothing says how large they are to be.
   *
   * @throws IllegalArgumentException if spark-submit set what this program cannot work with
   */
  static SparkConf submitted(List<Plan> plans) {
    SparkConf conf = sized(common(new SparkConf()), plans);
    // With the default of 4, a trial that ends its executor four times would end the run; here an
    // attempt hands back what it finds started, so that each costs a bundle at least one trial.
    conf.setIfMissing("spark.task.maxFailures", "100");
    if (inContainers(conf)) {
      conf.setIfMissing("spark.executor.maxNumFailures", "1000");
    }
    // A standalone worker hands the secret to a driver that it starts in the environment alone, and
    // takes it out of the properties, where Spark's own check then misses it.
    String secret = System.getenv(AUTHENTICATION_SECRET);
    if (secret != null) {
      conf.setIfMissing("spark.authenticate.secret", secret);
    }
    List<String> problems = problems(conf);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return conf;
  }

  private static SparkConf common(SparkConf conf) {
    return conf.setIfMissing("spark.app.name", "rnnsweep")
        .set("spark.serializer", KryoSerializer.class.getName())
        .set("spark.kryo.registrationRequired", "true")
        .set("spark.kryo.registrator", RnnsweepKryoRegistrator.class.getName())
        .set("spark.ui.showConsoleProgress", "false") // we have a bar of our own
        .set("spark.speculation", "false") // a second attempt of a trial can only give the same
        // Other variables can only be set here, not unset, and set empty they still change the
        // kernel: where a worker has one, loading the library says so.
        .set("spark.executorEnv.OPENBLAS_NUM_THREADS", "1")
        .set("spark.executorEnv.OMP_NUM_THREADS", "1");
  }

  /**
   * Sets the memory overhead of a container, which is where matrices live, where it is not set: to
   * {@link #MEMORY}, or else to what the largest bundles declare that one executor runs at once.
   */
  static SparkConf sized(SparkConf conf, List<Plan> plans) {
    long declared =
        plans.stream()
            .mapToLong(plan -> atOnce(plan, conf.getInt("spark.executor.cores", 1)))
            .max()
            .orElse(0);
    long trials = conf.contains(MEMORY) ? conf.getSizeAsBytes(MEMORY) : declared;
    if (inContainers(conf) && trials > 0) {
      long mib = (trials + JVM_BYTES_IN_CONTAINER + MIB - 1) / MIB;
      conf.setIfMissing("spark.executor.memoryOverhead", mib + "m");
    }
    return conf;
  }

  private static long atOnce(Plan plan, int slots) {
    return plan.bundles().stream()
        .map(Bundle::memoryBytes)
        .sorted(Comparator.reverseOrder())
        .limit(slots)
        .mapToLong(bytes -> bytes)
        .sum();
  }

  /**
   * Slots of an executor that a task takes which needs so much memory, so that tasks that wait for
   * memory hold no slot: cpus = ceil(memory / memory per core), at most all of them. 1 where Spark
   * takes no such request: in one process, or where executors come and go.
   */
  static int cpus(SparkConf conf, long memoryBytes) {
    String master = conf.get("spark.master", "");
    boolean takesRequests =
        (master.startsWith("spark://") || inContainers(conf))
            && !conf.getBoolean("spark.dynamicAllocation.enabled", false);
    if (!takesRequests || !conf.contains("spark.executor.cores") || !isSized(conf)) {
      return 1;
    }
    int cores = conf.getInt("spark.executor.cores", 1);
    double share = (double) memoryBytes * cores / capacityBytes(conf);
    return (int) Math.max(1, Math.min(cores, Math.ceil(share)));
  }

  /** Whether the settings alone say what an executor gives its trials. */
  private static boolean isSized(SparkConf conf) {
    return conf.contains(MEMORY)
        || inContainers(conf) && conf.contains("spark.executor.memoryOverhead");
  }

  /**
   * Why a plan's trials do not fit into an executor; empty if they do, or where each executor's
   * machine decides.
   */
  static List<String> memoryProblems(SparkConf conf, Plan plan) {
    boolean here = conf.get("spark.master", "").startsWith("local");
    if (!here && !isSized(conf)) {
      return List.of();
    }
    long capacity = capacityBytes(conf);
    int tooLarge = 0;
    TrialGroup example = null;
    long largest = 0;
    for (Bundle bundle : plan.bundles()) {
      if (bundle.repeat() > 0 || bundle.memoryBytes() <= capacity) {
        continue; // again alone it takes what there is
      }
      // A pass of several seeds that does not fit is taken apart by who runs it.
      for (TrialGroup group :
          bundle.groups().stream().flatMap(pass -> pass.bySeed().stream()).toList()) {
        long bytes = plan.experiment().job().cost(group).memoryBytes();
        if (bytes > capacity) {
          tooLarge += group.trials().size();
          if (bytes > largest) {
            largest = bytes;
            example = group;
          }
        }
      }
    }
    return tooLarge == 0
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "%s: %,d of %,d trials need more memory than an executor gives its trials:"
                    + " %s declares %d MiB off the heap, allowed are %d (%s); raise that, take a"
                    + " larger machine, or narrow the axes",
                plan.experiment().name(),
                tooLarge,
                plan.trials(),
                example.first().configuration(),
                (largest + MIB - 1) / MIB,
                capacity / MIB,
                conf.contains(MEMORY) ? MEMORY : here ? "this machine" : "the memory overhead"));
  }

  /** What in a submitted configuration cannot work, with what to do; empty if nothing. */
  static List<String> problems(SparkConf conf) {
    List<String> problems = new ArrayList<>();
    if (!conf.contains("spark.master")) {
      problems.add("no Spark master is set: start this program by spark-submit --master ...");
    }
    if (conf.getBoolean("spark.executor.userClassPathFirst", false)) {
      problems.add(
          "spark.executor.userClassPathFirst=true loads the native library twice; leave it false");
    }
    if (isSized(conf)) { // else the plan or each executor's machine decides
      try {
        capacityBytes(conf);
      } catch (IllegalArgumentException e) {
        problems.add(e.getMessage());
      }
    }
    return problems;
  }

  /**
   * How much off-heap memory the trials of this JVM may hold together: {@link #MEMORY} where it is
   * set; in a container that YARN or Kubernetes limits, the memory overhead; otherwise what the
   * machine has beside this heap.
   *
   * @throws IllegalArgumentException if there is none left
   */
  static long capacityBytes(SparkConf conf) {
    if (conf.contains(MEMORY)) {
      return positive(conf.getSizeAsBytes(MEMORY), MEMORY + "=" + conf.get(MEMORY));
    }
    if (inContainers(conf)) {
      long heap = conf.getSizeAsMb("spark.executor.memory", "1g") * MIB;
      long overhead =
          conf.contains("spark.executor.memoryOverhead")
              ? conf.getSizeAsMb("spark.executor.memoryOverhead") * MIB
              : Math.max(
                  (long) (conf.getDouble("spark.executor.memoryOverheadFactor", 0.1) * heap),
                  384 * MIB);
      return positive(
          overhead - JVM_BYTES_IN_CONTAINER,
          String.format(
              Locale.ROOT,
              "a memory overhead of %d MiB, of which the JVM needs %d, with %s unset",
              overhead / MIB,
              JVM_BYTES_IN_CONTAINER / MIB,
              MEMORY));
    }
    long heap = Runtime.getRuntime().maxMemory();
    long physical =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize();
    return positive(
        physical - heap - JVM_BYTES,
        String.format(
            Locale.ROOT,
            "a machine of %d MiB with a heap of %d MiB, %s unset",
            physical / MIB,
            heap / MIB,
            MEMORY));
  }

  private static boolean inContainers(SparkConf conf) {
    String master = conf.get("spark.master", "");
    return master.startsWith("yarn") || master.startsWith("k8s");
  }

  private static long positive(long bytes, String source) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("no memory is left for trials: " + source);
    }
    return bytes;
  }
}
