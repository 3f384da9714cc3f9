package org.rnnsweep.driver.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.jobs.inversion.InversionJob;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.concepts.TokenLaw;
import org.rnnsweep.kernels.inversion.BlockPlan;
import org.rnnsweep.kernels.languages.DataPlan;
import org.rnnsweep.kernels.languages.Language;
import org.rnnsweep.kernels.languages.LanguageCatalog;
import org.rnnsweep.kernels.languages.LanguageData;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;
import org.rnnsweep.kernels.linalg.Transpose;
import org.rnnsweep.kernels.ntk.FiniteNetwork;
import org.rnnsweep.kernels.ntk.TangentGram;
import org.rnnsweep.kernels.ntk.Trained;
import org.rnnsweep.kernels.operator.DenseGaussian;
import org.rnnsweep.kernels.random.GaussianMatrix;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.ForwardPass;
import org.rnnsweep.kernels.rnn.Initialization;
import org.rnnsweep.kernels.training.Activation;
import org.rnnsweep.kernels.training.ElmanShape;
import org.rnnsweep.kernels.training.InitialWeights;
import org.rnnsweep.kernels.training.LanguageTraining;
import org.rnnsweep.kernels.training.Loss;
import org.rnnsweep.kernels.training.Optimiser;
import org.rnnsweep.kernels.training.TrainingPlan;

/**
 * The computations that are measured: d = 2, L = 6 (the tangent kernel's aside), forward passes in
 * single, all else in double, blocks as wide as in a trial. Each call runs on the caller's thread,
 * takes memory of its own and gives it back; several may run at once.
 *
 * @param library who multiplies
 * @param reduction below this width, n = 8m as in the experiments; from it on n = m, for a whole
 *     trial takes ten minutes at m = 10000
 * @param log told what begins
 */
public record Bench(Library library, long reduction, Consumer<String> log) {
  private static final int DIMENSION = 2;
  private static final int LENGTH = 6;
  private static final int OUTPUTS = DIMENSION * LENGTH;
  private static final int TRAIN_FACTOR = 8;
  private static final long TEST_SEQUENCES = 1000;
  private static final double MEASURED_FLOPS = 2e11; // a second or two
  private static final int MOST_REPEATS = 200; // small networks are slower by the operation
  private static final int WARM_UP_WIDTH = 64; // the compiler is done before the clock starts

  private static final int TANGENT_SEQUENCES = 200;
  private static final int TANGENT_LENGTH = 16;

  static final int CONSTRUCTIVE_LENGTH = 8;
  private static final int TRAINING_EPOCHS = 77; // 2.6e7 symbols, what is asked for 4 s
  private static final Job JOB = new InversionJob();
  private static final StreamKey KEY = StreamKey.of(20210521);

  /** What a drawn W shows, beside a trial that uses it. */
  public record Normals(long width, long normals, Elapsed draw, Elapsed constructiveTrial) {

    /** Normals a second, into memory that is touched for the first time. */
    public double perSecond() {
      return normals / draw.wallSeconds();
    }

    /** What drawing takes of the whole trial. */
    public double share() {
      return draw.wallSeconds() / constructiveTrial.wallSeconds();
    }
  }

  /** Passes of whole blocks to step L, single. */
  public Measurement forward(long width) throws InterruptedException {
    int batch = blocks(width).width();
    double flops = ForwardPass.flops(width, DIMENSION, LENGTH, batch);
    int repeats = repeats(flops);
    String ran = String.format(Locale.ROOT, "%d x %d sequences", repeats, batch);
    say("forward passes", width, ran);
    Precision precision = Precision.SINGLE;
    long bytes =
        ElmanNetwork.memoryBytes(width, DIMENSION, precision)
            + ForwardPass.memoryBytes(width, batch, precision)
            + (long) batch * DIMENSION * precision.bytes();
    try (Arena arena = Arena.ofBytes(bytes)) {
      ElmanNetwork network =
          ElmanNetwork.draw(arena, precision, width, DIMENSION, Initialization.HE, KEY.seed(0));
      OffHeapMatrix x = arena.matrix(batch, DIMENSION, precision);
      GaussianMatrix.fill(x, KEY.name("x"), 1);
      ForwardPass pass = new ForwardPass(blas(precision), arena, network, batch);
      pass(pass, x, 1);
      Elapsed took = Elapsed.of(() -> pass(pass, x, repeats));
      return new Measurement(
          "forward", width, ran, new Work(repeats * flops, 0), took, arena.peak());
    }
  }

  private static void pass(ForwardPass pass, OffHeapMatrix x, int repeats) {
    for (int i = 0; i < repeats; i++) {
      pass.reset();
      for (int step = 0; step < LENGTH; step++) {
        pass.step(x);
      }
    }
  }

  /**
   * Widening, H^T H, H^T X, Cholesky and the solve, double, from states in single; each time in
   * memory of its own, as in a trial.
   */
  public Measurement normalEquations(long width) throws InterruptedException {
    BlockPlan blocks = blocks(width);
    int repeats = repeats(Work.normalEquationsFlops(width, OUTPUTS, blocks.sequences()));
    String ran = String.format(Locale.ROOT, "%d x %s", repeats, sequences(width));
    say("normal equations", width, ran);
    equations(WARM_UP_WIDTH, blocks(WARM_UP_WIDTH), 1, ran);
    return equations(width, blocks, repeats, ran);
  }

  private Measurement equations(long width, BlockPlan blocks, int repeats, String ran)
      throws InterruptedException {
    int batch = blocks.width();
    long bytes =
        (long) batch * width * (Float.BYTES + Double.BYTES)
            + Double.BYTES * (width * width + width * OUTPUTS + (long) OUTPUTS * batch);
    Blas blas = blas(Precision.DOUBLE);
    try (Arena arena = Arena.ofBytes(bytes)) {
      OffHeapMatrix single = arena.matrix(batch, width, Precision.SINGLE);
      GaussianMatrix.fill(single, KEY.name("h"), 1);
      OffHeapMatrix states = arena.matrix(batch, width, Precision.DOUBLE);
      OffHeapMatrix inputs = arena.matrix(OUTPUTS, batch, Precision.DOUBLE);
      GaussianMatrix.fill(inputs, KEY.name("x"), 1);
      Elapsed took =
          Elapsed.of(
              () -> {
                for (int repeat = 0; repeat < repeats; repeat++) {
                  OffHeapMatrix gram = arena.matrix(width, width, Precision.DOUBLE);
                  OffHeapMatrix weights = arena.matrix(OUTPUTS, width, Precision.DOUBLE);
                  for (long block = 0; block < blocks.count(); block++) {
                    states.copyFrom(single);
                    blas.syrk(Transpose.YES, 1, states, 1, gram);
                    blas.gemm(Transpose.NO, Transpose.NO, 1, inputs, states, 1, weights);
                  }
                  for (long i = 0; i < width; i++) {
                    gram.set(i, i, gram.get(i, i) + blocks.sequences());
                  }
                  if (!blas.cholesky(gram)) {
                    throw new IllegalStateException("H^T H + n I is not positive definite");
                  }
                  blas.choleskySolve(gram, weights);
                  arena.release(gram);
                  arena.release(weights);
                }
              });
      double flops = repeats * Work.normalEquationsFlops(width, OUTPUTS, blocks.sequences());
      Work work = new Work(0, flops);
      return new Measurement("normal equations", width, ran, work, took, arena.peak());
    }
  }

  /** A least-squares trial of the main job, everything included. */
  public Measurement trial(long width) throws InterruptedException {
    say("least-squares trial", width, sequences(width));
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("estimator", "least-squares");
    parameters.put("dimension", DIMENSION);
    parameters.put("length", LENGTH);
    parameters.put("test_sequences", TEST_SEQUENCES);
    run(trial(parameters, WARM_UP_WIDTH, trainFactor(WARM_UP_WIDTH)));
    Ran ran = run(trial(parameters, width, trainFactor(width)));
    return new Measurement(
        "trial",
        width,
        sequences(width),
        Work.leastSquares(width, DIMENSION, LENGTH, trainFactor(width) * width, TEST_SEQUENCES),
        ran.took(),
        ran.arenaBytes());
  }

  /**
   * The tangent kernel's Gram matrix of a formed W, double: passes forward and back, all inner
   * products and their sum; not the draw.
   */
  public Measurement tangentGram(long width) throws InterruptedException {
    String ran = String.format(Locale.ROOT, "n = %d, L = %d", TANGENT_SEQUENCES, TANGENT_LENGTH);
    say("tangent kernel", width, ran);
    tangentGram(WARM_UP_WIDTH, ran);
    return tangentGram(width, ran);
  }

  private Measurement tangentGram(long width, String ran) throws InterruptedException {
    TokenLaw tokens = TokenLaw.unit(DIMENSION);
    List<double[][]> sequences = new ArrayList<>();
    for (int i = 0; i < TANGENT_SEQUENCES; i++) {
      sequences.add(tokens.sequence(KEY.name("x"), i, TANGENT_LENGTH));
    }
    Precision precision = Precision.DOUBLE;
    Blas blas = blas(precision);
    long bytes =
        DenseGaussian.memoryBytes(width, width, precision)
            + FiniteNetwork.memoryBytes(
                width, DIMENSION, TANGENT_SEQUENCES, TANGENT_LENGTH, precision);
    try (Arena arena = Arena.ofBytes(bytes);
        DenseGaussian w =
            DenseGaussian.draw(
                blas, arena, precision, width, width, Math.sqrt(2.0 / width), KEY.name("W"));
        FiniteNetwork network =
            new FiniteNetwork(
                blas, arena, w, 2 * Math.pow(TANGENT_LENGTH, -3), 1, sequences, KEY.seed(0))) {
      TangentGram gram = new TangentGram(Trained.RECURRENT, sequences);
      Elapsed took =
          Elapsed.of(
              () -> {
                for (int step = 0; step < FiniteNetwork.steps(TANGENT_LENGTH); step++) {
                  network.advance();
                }
                for (int l = 1; l <= TANGENT_LENGTH; l++) {
                  gram.add(l, network.backProducts(l), network.stateProducts(l - 1));
                }
              });
      Work work = Work.tangentGram(width, DIMENSION, TANGENT_LENGTH, TANGENT_SEQUENCES);
      return new Measurement("tangent kernel", width, ran, work, took, arena.peak());
    }
  }

  /** Draws W and A off the heap, and runs a constructive trial (L = 8), which draws them too. */
  public Normals normals(long width) throws InterruptedException {
    say("normals, constructive trial", width, "L = " + CONSTRUCTIVE_LENGTH);
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("estimator", "constructive");
    parameters.put("inputs", "normalized");
    parameters.put("dimension", 4);
    parameters.put("length", CONSTRUCTIVE_LENGTH);
    run(trial(parameters, WARM_UP_WIDTH, TRAIN_FACTOR));
    draw(1024);
    Elapsed draw = draw(width);
    return new Normals(
        width, width * (width + 4), draw, run(trial(parameters, width, TRAIN_FACTOR)).took());
  }

  /**
   * Training on words of 2 to 50 symbols by the benchmark's protocol, single, without scoring; the
   * words are drawn before the clock starts.
   */
  public Measurement training(Activation activation, int width) throws InterruptedException {
    say("training on words, " + activation.label(), width, TRAINING_EPOCHS + " epochs");
    Language language = LanguageCatalog.of("tomita-5");
    DataPlan plan = language.plan().withStrings(language.plan().trainStrings(), 1);
    LanguageData data = LanguageData.draw(language, plan, KEY);
    long symbols = data.train().stream().mapToLong(String::length).sum();
    for (Activation each : Activation.values()) { // as in a sweep, whose JVM has seen both
      train(each, width, 4, plan, data);
    }
    long[] arenaBytes = new long[1];
    Elapsed took =
        Elapsed.of(() -> arenaBytes[0] = train(activation, width, TRAINING_EPOCHS, plan, data));
    symbols *= TRAINING_EPOCHS;
    ElmanShape shape =
        new ElmanShape(
            width, language.dfa().alphabet().length(), language.labels().bits(language.dfa()));
    return new Measurement(
        activation.label() + " on words",
        width,
        String.format(Locale.ROOT, "%.2f M symbols/s", symbols / took.wallSeconds() / 1e6),
        new Work(shape.trainingFlops() * symbols, 0),
        took,
        arenaBytes[0]);
  }

  private long train(Activation activation, int width, int epochs, DataPlan plan, LanguageData data)
      throws InterruptedException {
    Language language = data.language();
    TrainingPlan training =
        new TrainingPlan(
            width,
            activation,
            InitialWeights.UNIFORM,
            Loss.SQUARED,
            Optimiser.RmsProp.of(1e-3),
            Double.POSITIVE_INFINITY,
            32,
            epochs,
            2); // never stops early
    long bytes =
        LanguageTraining.memoryBytes(
            training, plan, language.dfa(), language.labels(), Precision.SINGLE);
    try (Arena arena = Arena.ofBytes(bytes)) {
      LanguageTraining.run(
          blas(Precision.SINGLE),
          arena,
          Precision.SINGLE,
          data,
          language.labels(),
          training,
          data.bins().size(),
          KEY.name("weights"),
          Checkpoint.NONE);
      return arena.peak();
    }
  }

  private static Elapsed draw(long width) throws InterruptedException {
    try (Arena arena = Arena.ofBytes(ElmanNetwork.memoryBytes(width, 4, Precision.DOUBLE))) {
      return Elapsed.of(
          () ->
              ElmanNetwork.draw(arena, Precision.DOUBLE, width, 4, Initialization.HE, KEY.seed(0)));
    }
  }

  private record Ran(Elapsed took, long arenaBytes) {}

  private static Ran run(Trial trial) throws InterruptedException {
    TrialGroup group = TrialGroup.of(trial);
    Cost cost = JOB.cost(group);
    try (Arena arena = Arena.ofBytes(cost.memoryBytes())) {
      JobContext context =
          new JobContext() {
            @Override
            public Arena arena() {
              return arena;
            }

            @Override
            public void progress(double fraction) {}

            @Override
            public void checkCancelled() throws InterruptedException {
              if (Thread.interrupted()) {
                throw new InterruptedException();
              }
            }
          };
      Elapsed took =
          Elapsed.of(
              () -> {
                for (TrialResult result : JOB.run(group, context)) {
                  if (result.outcome() != Outcome.COMPLETED) {
                    throw new IllegalStateException("the trial did not complete: " + result);
                  }
                }
              });
      return new Ran(took, arena.peak());
    }
  }

  private Trial trial(Map<String, Object> parameters, long width, long trainFactor) {
    Map<String, Object> content = new HashMap<>(parameters);
    content.put("width", width);
    content.put("train_factor", trainFactor);
    for (Parameter parameter : JOB.parameters()) {
      if (parameter.defaultValue() != null) {
        content.putIfAbsent(parameter.name(), parameter.defaultValue());
      }
    }
    return new Trial(
        JOB.id(),
        JOB.version(),
        new NumericsProfile(library, Precision.SINGLE),
        20210521,
        0,
        Configuration.of(content));
  }

  private static int repeats(double flops) {
    return (int) Math.min(MOST_REPEATS, Math.ceil(MEASURED_FLOPS / flops));
  }

  private long trainFactor(long width) {
    return width < reduction ? TRAIN_FACTOR : 1;
  }

  private BlockPlan blocks(long width) {
    return BlockPlan.balanced(trainFactor(width) * width, InversionJob.WIDEST_BLOCK);
  }

  /** How many training sequences there are. */
  private String sequences(long width) {
    long factor = trainFactor(width);
    return factor == TRAIN_FACTOR
        ? String.format(Locale.ROOT, "n = 8m = %d", factor * width)
        : String.format(Locale.ROOT, "n = m = %d, 1/8", width);
  }

  private Blas blas(Precision precision) {
    return Blas.of(new NumericsProfile(library, precision));
  }

  private void say(String what, long width, String ran) {
    log.accept(String.format(Locale.ROOT, "%s, m = %d, %s", what, width, ran));
  }
}
