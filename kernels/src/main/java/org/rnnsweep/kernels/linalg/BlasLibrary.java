package org.rnnsweep.kernels.linalg;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;

/**
 * The native BLAS of this process: OpenBLAS from the class path, on one thread, for our own calls
 * and for Breeze's.
 *
 * <p>It picks its kernels once, when it is loaded, from the processor or from the environment.
 * Whatever uses Breeze calls {@link #load} first: Breeze decides for good at its own first use.
 * Every method is safe for use by several threads.
 */
public final class BlasLibrary {
  /** Names the kernel; absent, the library asks the processor. */
  static final String CORETYPE = "OPENBLAS_CORETYPE";

  /** The one kernel of {@code native-portable}: AVX2 and FMA, in every x86 server since 2013. */
  static final String PORTABLE_CORETYPE = "Haswell";

  /** These change the blocking of a product, and with it the bits. */
  private static final List<String> BLOCKING = List.of("OPENBLAS_L2_SIZE", "OPENBLAS_BLOCK_FACTOR");

  /** Held, since a logger that nobody holds forgets its level. */
  private static final List<Logger> BREEZE_LAYERS =
      List.of(
          Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder"),
          Logger.getLogger("dev.ludovic.netlib.lapack.InstanceBuilder"));

  private static boolean loaded;
  private static String fingerprint;

  private BlasLibrary() {}

  /**
   * Loads OpenBLAS (once), gives it to Breeze, sets one thread and checks that it is so. Does
   * nothing for the profile {@code java}.
   *
   * @throws IllegalStateException if the environment makes the library pick another kernel than the
   *     profile promises, or it cannot be loaded; the message says what to do
   */
  public static synchronized void load(NumericsProfile profile) {
    if (profile.library() == Library.JAVA) {
      return;
    }
    List<String> problems = environmentProblems(profile);
    if (!problems.isEmpty()) {
      throw new IllegalStateException(String.join("\n", problems));
    }
    if (!loaded) {
      loadNative();
      loaded = true;
    }
    int threads = NativeThreads.count();
    if (threads != 1) {
      throw new IllegalStateException(
          "OpenBLAS must run on 1 thread (its bits change with their number), but says " + threads);
    }
  }

  /**
   * What in this process's environment keeps a profile from meaning what it says; empty if nothing
   * does. Loads nothing.
   */
  public static List<String> environmentProblems(NumericsProfile profile) {
    return environmentProblems(profile, System.getenv(), System.getProperty("os.arch"));
  }

  /**
   * What must be added to this process's environment, before Java starts, for the profile to mean
   * what it says; empty if nothing is missing or no variable would help.
   */
  public static Map<String, String> missingEnvironment(NumericsProfile profile) {
    return missingEnvironment(profile, System.getenv(), System.getProperty("os.arch"));
  }

  static Map<String, String> missingEnvironment(
      NumericsProfile profile, Map<String, String> environment, String architecture) {
    if (profile.library() != Library.NATIVE_PORTABLE
        || PORTABLE_CORETYPE.equalsIgnoreCase(environment.get(CORETYPE))) {
      return Map.of();
    }
    Map<String, String> completed = new HashMap<>(environment);
    completed.put(CORETYPE, PORTABLE_CORETYPE);
    return environmentProblems(profile, completed, architecture).isEmpty()
        ? Map.of(CORETYPE, PORTABLE_CORETYPE)
        : Map.of();
  }

  static List<String> environmentProblems(
      NumericsProfile profile, Map<String, String> environment, String architecture) {
    List<String> problems = new ArrayList<>();
    if (profile.library() == Library.JAVA) {
      return problems;
    }
    String coretype = environment.get(CORETYPE);
    String name = profile.library().label();
    if (profile.library() == Library.NATIVE && coretype != null) {
      // Empty is not unset: the library then looks for a core called "" and falls back.
      problems.add(
          "the profile '"
              + name
              + "' runs the kernel that OpenBLAS picks for this processor, but the environment sets "
              + CORETYPE
              + "="
              + coretype
              + "; unset it before Java starts (set empty, it still changes the kernel; on a"
              + " cluster, in the environment of the workers), or use 'native-portable'");
    }
    if (profile.library() == Library.NATIVE_PORTABLE) {
      if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
        problems.add(
            "the profile '"
                + name
                + "' exists on x86-64 hosts only, found "
                + architecture
                + "; use 'native' or 'java'");
      } else if (!PORTABLE_CORETYPE.equalsIgnoreCase(coretype)) {
        problems.add(
            "the profile '"
                + name
                + "' needs "
                + CORETYPE
                + "="
                + PORTABLE_CORETYPE
                + " in the environment before Java starts, found "
                + (coretype == null ? "it unset" : CORETYPE + "=" + coretype)
                + "; on a cluster: --conf spark.executorEnv."
                + CORETYPE
                + "="
                + PORTABLE_CORETYPE
                + ", and the same for the driver");
      }
    }
    for (String variable : BLOCKING) {
      String value = environment.getOrDefault(variable, "");
      if (!value.isEmpty()) {
        problems.add(
            "the environment sets "
                + variable
                + "="
                + value
                + ", which changes the bits of every product; unset it before Java starts");
      }
    }
    return problems;
  }

  /**
   * Version of the loaded library, for example {@code 0.3.31}.
   *
   * @throws IllegalStateException if it is not loaded
   */
  public static synchronized String version() {
    requireLoaded();
    return openblas_nolapack.OPENBLAS_VERSION.replace("OpenBLAS", "").trim();
  }

  /**
   * Which kernels this host really runs: 16 hexadecimal digits of a hash over the bits of fixed
   * products in both precisions. Equal fingerprints promise equal bits of a trial. Computed once (a
   * few tens of milliseconds).
   *
   * @throws IllegalStateException if the library is not loaded
   */
  public static synchronized String fingerprint() {
    requireLoaded();
    if (fingerprint == null) {
      fingerprint = fingerprintOf(new OpenBlas());
    }
    return fingerprint;
  }

  private static void requireLoaded() {
    if (!loaded) {
      throw new IllegalStateException("the native BLAS is not loaded: call load first");
    }
  }

  private static void loadNative() {
    JavaCpp.configure();
    PrintStream out = System.out;
    try {
      // The binding without LAPACK: that with it loads a second copy of the library beside this
      // one.
      // The loader must come first: it finds Fortran's runtime beside the library, so that the
      // path below loads on a machine that has none.
      Path library = openBlasBeside(Loader.load(openblas_nolapack.class));
      // Breeze's layer tells its choice to the standard output, which belongs to our results, and
      // warns that it lacks the Vector API, which we do not want.
      System.setOut(new PrintStream(OutputStream.nullOutputStream()));
      for (Logger layer : BREEZE_LAYERS) {
        layer.setLevel(Level.SEVERE);
      }
      System.setProperty("dev.ludovic.netlib.blas.nativeLibPath", library.toString());
      System.setProperty("dev.ludovic.netlib.lapack.nativeLibPath", library.toString());
      dev.ludovic.netlib.blas.NativeBLAS.getInstance();
      dev.ludovic.netlib.lapack.NativeLAPACK.getInstance();
    } catch (LinkageError | RuntimeException | IOException e) {
      throw new IllegalStateException(
          "OpenBLAS did not load on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + " ("
              + e.getMessage()
              + "); the profile 'java' runs without it, 10 to 50 times slower",
          e);
    } finally {
      System.setOut(out);
    }
    openblas_nolapack.blas_set_num_threads(1);
    String version = openblas_nolapack.OPENBLAS_VERSION;
    if (!version.contains(NumericsProfile.OPENBLAS_VERSION)) {
      throw new IllegalStateException(
          "the class path has"
              + version
              + "where OpenBLAS "
              + NumericsProfile.OPENBLAS_VERSION
              + " was promised");
    }
  }

  private static Path openBlasBeside(String binding) throws IOException {
    Path folder = Path.of(binding).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("libopenblas_nolapack\\..*"))
          .sorted()
          .findFirst()
          .orElseThrow(() -> new IOException("no libopenblas_nolapack in " + folder));
    }
  }

  static String fingerprintOf(Blas blas) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    // Kernels add in the same order inside one block of the summed index: only a length beyond
    // every block tells their blockings apart. The small and the thin ones have kernels of their
    // own.
    int[][] products = {{129, 67, 1103}, {203, 211, 197}, {7, 5, 3}, {131, 1, 257}, {65, 4, 129}};
    for (Precision precision : Precision.values()) {
      try (Arena arena = Arena.ofBytes(1 << 26)) {
        for (int[] shape : products) {
          OffHeapMatrix a = inputs(arena, shape[0], shape[2], precision);
          OffHeapMatrix b = inputs(arena, shape[2], shape[1], precision);
          OffHeapMatrix bTransposed = inputs(arena, shape[1], shape[2], precision);
          OffHeapMatrix c = arena.matrix(shape[0], shape[1], precision);
          blas.gemm(Transpose.NO, Transpose.NO, 1, a, b, 0, c);
          update(digest, c);
          blas.gemm(Transpose.NO, Transpose.YES, 1, a, bTransposed, 1, c);
          update(digest, c);
        }
        OffHeapMatrix factor = inputs(arena, 1103, 207, precision);
        OffHeapMatrix gram = arena.matrix(207, 207, precision);
        blas.syrk(Transpose.YES, 1, factor, 0, gram);
        update(digest, gram);
        OffHeapMatrix solution = inputs(arena, 13, 207, precision);
        if (!blas.cholesky(gram)) {
          throw new IllegalStateException("OpenBLAS cannot factorise a well-conditioned matrix");
        }
        update(digest, gram);
        blas.choleskySolve(gram, solution);
        update(digest, solution);
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** Fractions with no pattern that a product could cancel; the same on every host. */
  private static OffHeapMatrix inputs(Arena arena, int rows, int columns, Precision precision) {
    OffHeapMatrix matrix = arena.matrix(rows, columns, precision);
    long state = 1;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        state = state * 48271 % 2147483647;
        matrix.set(i, j, state / 2147483647.0 - 0.5);
      }
    }
    return matrix;
  }

  private static void update(MessageDigest digest, OffHeapMatrix matrix) {
    double[] row = new double[(int) matrix.columns()];
    ByteBuffer bytes = ByteBuffer.allocate(row.length * Double.BYTES);
    for (long i = 0; i < matrix.rows(); i++) {
      matrix.getRow(i, row);
      bytes.asDoubleBuffer().put(row);
      digest.update(bytes.array());
    }
  }
}
