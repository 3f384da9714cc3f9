package org.rnnsweep.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A master and two workers, each a JVM of its own on the loopback interface, from the Spark jars of
 * this module's class path: what a user's cluster is, on one machine. It asks for a secret and
 * encrypts what crosses. Programs are submitted as a user submits them. Ends the processes that it
 * started, and no others.
 *
 * <p>A worker offers 2 cores and 2 GiB, so that in cluster mode the driver finds room beside the
 * executors; {@link #submit} asks for one executor of one core on each. The second worker and its
 * executors see an empty folder in the place of {@link #hidden}, where the system lets us.
 */
public final class StandaloneCluster implements AutoCloseable {
  static final int WORKERS = 2;

  private static final Duration START = Duration.ofSeconds(240);
  private static final Duration SUBMISSION = Duration.ofMinutes(5);

  /** Beginnings of the names of jars that are ours or the tests', which no cluster has. */
  private static final List<String> NOT_SPARKS =
      List.of(
          "rnnsweep-",
          "hidden-norm",
          "junit-",
          "assertj-",
          "archunit",
          "opentest4j-",
          "apiguardian-",
          "byte-buddy-",
          "breeze",
          "spire",
          "algebra_",
          "cats-kernel_",
          "openblas-",
          "javacpp-",
          "blas-",
          "lapack-",
          "arpack",
          "commons-rng-",
          "commons-statistics-",
          "commons-numbers-",
          "config-",
          "picocli-",
          "EvalEx-",
          "jsvg-",
          "surefire-");

  private final Path folder;
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private final String master;
  private final String secret = UUID.randomUUID().toString();
  private final boolean hides;

  /** What a submitted program left. */
  public record Submission(int exitCode, String out, String err) {}

  private StandaloneCluster(Path folder, int port) throws InterruptedException {
    this.folder = folder;
    this.master = "spark://127.0.0.1:" + port;
    this.hides = mountsMayBeHidden();
  }

  /**
   * Starts a cluster and waits until both workers are registered.
   *
   * @param folder an empty folder for its jars, logs and work
   * @throws IOException if a process ends, or is not ready in time; the message has its log
   */
  public static StandaloneCluster start(Path folder) throws IOException, InterruptedException {
    linkJars(folder);
    int port = freePort();
    int webPort = freePort();
    StandaloneCluster cluster = new StandaloneCluster(folder, port);
    Files.createDirectory(cluster.hidden());
    Files.writeString(
        folder.resolve("conf/spark-defaults.conf"),
        "spark.authenticate true\nspark.authenticate.secret "
            + cluster.secret
            + "\nspark.network.crypto.enabled true\n");
    boolean ready = false;
    try {
      cluster.launch(
          "master",
          List.of(),
          "org.apache.spark.deploy.master.Master",
          "--host",
          "127.0.0.1",
          "--port",
          Integer.toString(port),
          "--webui-port",
          Integer.toString(webPort));
      cluster.awaitWorkers(webPort, 0);
      for (int i = 0; i < WORKERS; i++) {
        cluster.launch(
            "worker" + i,
            i == 1 && cluster.hides ? cluster.inFrontOfHidden() : List.of(),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            "2",
            "--memory",
            "2g",
            "--work-dir",
            folder.resolve("work" + i).toString(),
            cluster.master);
      }
      cluster.awaitWorkers(webPort, WORKERS);
      ready = true;
      return cluster;
    } finally {
      if (!ready) {
        cluster.close();
      }
    }
  }

  /** The master's URL. */
  public String master() {
    return master;
  }

  /** A folder that the driver and the first worker share, but the second worker does not. */
  public Path hidden() {
    return folder.resolve("hidden");
  }

  /** Whether {@link #hidden} is hidden: it takes unprivileged namespaces. */
  public boolean hides() {
    return hides;
  }

  private List<String> inFrontOfHidden() {
    return List.of(
        "unshare", "-rm", "sh", "-c", "mount -t tmpfs none \"$0\" && exec \"$@\"", hidden() + "");
  }

  private static boolean mountsMayBeHidden() throws InterruptedException {
    try {
      return new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  /** Everything that Spark's processes wrote, executors included: for a failed test's message. */
  public String logs() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files
              .filter(f -> f.toString().endsWith(".log") || f.endsWith("stderr"))
              .sorted()
              .toList()) {
        text.append("== ").append(folder.relativize(file)).append('\n');
        text.append(Files.readString(file)).append('\n');
      }
    }
    return text.toString();
  }

  /**
   * Submits a program with one executor on each worker, both there before the first task, and waits
   * for its end. In cluster mode Spark answers 0 however the driver ended: look at what the program
   * left.
   *
   * @param deployMode {@code client} or {@code cluster}; in the latter what the program prints goes
   *     to its worker's folder, see {@link #logs}
   * @param options further options of spark-submit
   * @param jar the program
   * @param arguments the program's own
   */
  public Submission submit(
      String deployMode, List<String> options, String mainClass, Path jar, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = java("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", master, "--deploy-mode", deployMode, "--class", mainClass));
    command.addAll(List.of("--driver-memory", "512m", "--executor-memory", "512m"));
    conf(command, "spark.executor.cores", "1");
    conf(command, "spark.cores.max", Integer.toString(WORKERS));
    conf(command, "spark.standalone.submit.waitAppCompletion", "true");
    conf(command, "spark.scheduler.minRegisteredResourcesRatio", "1");
    conf(command, "spark.authenticate.secret", secret);
    conf(command, "spark.driver.host", "127.0.0.1");
    command.addAll(options);
    command.add(jar.toString());
    command.addAll(Arrays.asList(arguments));
    Path out = Files.createTempFile(folder, "submit", ".out");
    Path err = Files.createTempFile(folder, "submit", ".log");
    ProcessBuilder builder = builder(command);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    try {
      if (!process.waitFor(SUBMISSION.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(
            mainClass + " did not end within " + SUBMISSION + "\n" + Files.readString(err));
      }
    } finally {
      end(List.of(process));
    }
    return new Submission(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static void conf(List<String> command, String key, String value) {
    command.add("--conf");
    command.add(key + "=" + value);
  }

  private static void linkJars(Path folder) throws IOException {
    Path jars = Files.createDirectories(folder.resolve("jars"));
    Files.createDirectories(folder.resolve("conf"));
    int linked = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry).toAbsolutePath();
      String name = jar.getFileName().toString();
      if (name.endsWith(".jar") && NOT_SPARKS.stream().noneMatch(name::startsWith)) {
        Files.createSymbolicLink(jars.resolve(name), jar);
        linked++;
      }
    }
    if (linked < 50) {
      throw new IOException("found only " + linked + " of Spark's jars on the class path");
    }
  }

  private void launch(String name, List<String> before, String mainClass, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(java(mainClass));
    command.addAll(Arrays.asList(arguments));
    File log = folder.resolve(name + ".log").toFile();
    processes.put(name, builder(command).redirectErrorStream(true).redirectOutput(log).start());
  }

  private List<String> java(String mainClass) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
    command.add("-Xmx512m");
    command.add("-Dspark.master.rest.enabled=false"); // it would listen on a fixed port
    command.add("-cp");
    command.add(folder.resolve("conf") + File.pathSeparator + folder.resolve("jars") + "/*");
    command.add(mainClass);
    return command;
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(
            name ->
                name.startsWith("SPARK_")
                    || name.startsWith("OPENBLAS_")
                    || name.startsWith("OMP_"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", folder.toString());
    environment.put("SPARK_CONF_DIR", folder.resolve("conf").toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    return builder;
  }

  /** Asks the master's page, which is up as soon as it can answer. */
  private void awaitWorkers(int webPort, int workers) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webPort + "/json/"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      for (Map.Entry<String, Process> process : processes.entrySet()) {
        if (!process.getValue().isAlive()) {
          throw new IOException(process.getKey() + " ended\n" + logs());
        }
      }
      try {
        String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        JsonNode state = new ObjectMapper().readTree(body);
        if (state.path("status").asText().equals("ALIVE")
            && state.path("aliveworkers").asInt() == workers) {
          return;
        }
      } catch (IOException e) {
        // Not up yet.
      }
      Thread.sleep(100);
    }
    throw new IOException(
        String.format(
            Locale.ROOT, "the master had no %d workers within %s%n%s", workers, START, logs()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Ends workers and master with all that they started, and takes the links to the jars away. */
  @Override
  public void close() throws IOException {
    end(processes.values());
    try (Stream<Path> links = Files.list(folder.resolve("jars"))) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    }
  }

  private static void end(Collection<Process> ended) {
    List<ProcessHandle> all = new ArrayList<>();
    for (Process process : ended) {
      process.descendants().forEach(all::add); // executors are a worker's children
      all.add(process.toHandle());
    }
    all.forEach(ProcessHandle::destroy);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    for (ProcessHandle handle : all) {
      try {
        handle.onExit().get(Math.max(end - System.nanoTime(), 1), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        handle.destroyForcibly();
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        handle.destroyForcibly();
      }
    }
  }
}
