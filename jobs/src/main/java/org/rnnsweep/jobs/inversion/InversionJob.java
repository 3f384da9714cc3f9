package org.rnnsweep.jobs.inversion;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Cost;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.JobContext;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Progress;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.jobs.TrialGroup;
import org.rnnsweep.jobs.TrialResult;
import org.rnnsweep.kernels.Checkpoint;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.inversion.BlockPlan;
import org.rnnsweep.kernels.inversion.InputSequences;
import org.rnnsweep.kernels.inversion.InversionErrors;
import org.rnnsweep.kernels.inversion.LeastSquares;
import org.rnnsweep.kernels.inversion.OnlineSgd;
import org.rnnsweep.kernels.inversion.Readout;
import org.rnnsweep.kernels.inversion.SignReadout;
import org.rnnsweep.kernels.inversion.StatePanel;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.optim.SgdMomentum;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.rnn.ElmanNetwork;
import org.rnnsweep.kernels.rnn.ForwardPass;
import org.rnnsweep.kernels.rnn.Initialization;

/**
 * How well the last state of a random recurrent network inverts to its whole input sequence
 * (Panigrahi and Goyal: Theorem D.1 and Figure 4), by one of four estimators.
 *
 * <p>What a group of lengths shares: always the network. For gaussian inputs also the forward
 * passes of {@code least-squares} and {@code sgd}: a short sequence is a prefix of a longer one.
 * Not so for normalized inputs, whose last token and whose {@code eps_x = eps_scale / length}
 * depend on the length: there each length has passes of its own.
 *
 * <p>Precision: {@code least-squares} and {@code sgd} run the network in the profile's precision
 * and everything else in double; {@code constructive} and {@code naive} are double whatever the
 * profile says, since they measure small differences.
 */
public final class InversionJob implements Job {
  private static final String LEAST_SQUARES = "least-squares";
  private static final String SGD = "sgd";
  private static final String CONSTRUCTIVE = "constructive";
  private static final String NAIVE = "naive";
  private static final String GAUSSIAN = "gaussian";
  private static final String NORMALIZED = "normalized";
  private static final String PER_SEED = "per-seed";
  private static final String SHARED = "shared";

  /** Widest block of the least-squares passes: a 128-wide product reaches 68% of a wide one. */
  public static final int WIDEST_BLOCK = 1024;

  /**
   * What is done in double under a single profile is counted so often: it runs at half the rate.
   */
  private static final double DOUBLE_IN_SINGLES = 2;

  /** A state passes through memory for about 2 ns a step and again for each length's products. */
  private static final double FLOPS_OF_A_STATE = 125;

  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.integer("width", "m", 1, 131_072, "neurons"),
          Parameter.integer("length", "L", 1, 4_096, "tokens of a sequence"),
          Parameter.integer("dimension", "d", 1, 4_096, "coordinates of a token"),
          Parameter.choice(
              "estimator",
              "where the linear readout comes from: ridge normal equations (the optimum), online"
                  + " SGD with momentum (the paper's), Theorem D.1's matrices with the base"
                  + " sequence's sign patterns, or the same without sign patterns",
              LEAST_SQUARES,
              SGD,
              CONSTRUCTIVE,
              NAIVE),
          Parameter.choice(
                  "initialization",
                  "law of the entries of W and A: he is N(0, 2/m), unit is N(0, 1)",
                  Initialization.HE.label(),
                  Initialization.UNIT.label())
              .withDefault(Initialization.HE.label()),
          Parameter.choice(
                  "inputs",
                  "law of the sequences: independent N(0, I), or normalised (Definition 3.1)",
                  GAUSSIAN,
                  NORMALIZED)
              .withDefault(GAUSSIAN),
          Parameter.real(
                  "eps_scale",
                  "eps_x_L",
                  0,
                  4_096,
                  "eps_x times the length: middle tokens have norm eps_x = eps_scale / length, and"
                      + " the theorem needs eps_scale below 1")
              .withDefault(0.5)
              .withRelevance("inputs", NORMALIZED),
          Parameter.choice(
                  "draws",
                  "whether every seed draws sequences of its own or all seeds see the same ones",
                  PER_SEED,
                  SHARED)
              .withDefault(PER_SEED),
          Parameter.integer(
                  "train_factor", "train_factor", 1, 1_000_000, "training sequences over width")
              .withDefault(8)
              .withRelevance("estimator", LEAST_SQUARES),
          Parameter.real(
                  "ridge",
                  "ridge",
                  1e-10,
                  1,
                  "ridge over training sequences, for states scaled to unit rms")
              .withDefault(1e-6)
              .withRelevance("estimator", LEAST_SQUARES),
          Parameter.integer("steps", "steps", 1, 1_000_000_000, "updates of SGD")
              .withDefault(20_000)
              .withRelevance("estimator", SGD),
          Parameter.integer("batch", "batch", 1, 65_536, "fresh sequences an update of SGD")
              .withDefault(128)
              .withRelevance("estimator", SGD),
          Parameter.real("momentum", "momentum", 0, 0.9999, "v = momentum v + gradient")
              .withDefault(0.9)
              .withRelevance("estimator", SGD),
          Parameter.real("learning_rate", "learning_rate", 0, 1000, "readout -= learning_rate v")
              .withDefault(0.1)
              .withRelevance("estimator", SGD),
          Parameter.choice(
                  "loss",
                  "squared error of a sequence as a mean or as a sum over its outputs",
                  "mean",
                  "sum")
              .withDefault("mean")
              .withRelevance("estimator", SGD),
          Parameter.choice(
                  "features",
                  "states as they are, or over the rms of the first batch; the latter diverges at"
                      + " the paper's rate once m exceeds about 60 L d",
                  "raw",
                  "unit-rms")
              .withDefault("raw")
              .withRelevance("estimator", SGD),
          Parameter.integer("test_sequences", "test_sequences", 1, 10_000_000, "test sequences")
              .withDefault(1_000)
              .withRelevance("estimator", LEAST_SQUARES, SGD),
          Parameter.integer(
                  "sequences", "sequences", 1, 1_000_000, "fresh sequences under one network")
              .withDefault(4)
              .withRelevance("estimator", CONSTRUCTIVE, NAIVE));

  private static final List<Metric> METRICS =
      List.of(
          Metric.scalar(
              "relative_l2", "mean relative L2 error", "1", "E_x ||Wbar^T h - x|| / ||x||"),
          Metric.scalar("linf", "mean L-infinity error", "1", "E_x max_i |Wbar^T h - x|_i"),
          Metric.scalar(
              "rms", "rms error", "1", "root of the mean square over sequences and coordinates"),
          Metric.series(
              "position_rms", "rms error of a token", "1", "the same for each position l = 1..L"),
          Metric.scalar(
              "conc_linf",
              "concentration error (max)",
              "1",
              "linf of the same matrices with each sequence's own sign patterns"),
          Metric.scalar(
              "conc_rms",
              "concentration error (rms)",
              "1",
              "rms of the same matrices with each sequence's own sign patterns"),
          Metric.scalar(
              "eps_linf",
              "error by foreign sign patterns (max)",
              "1",
              "E_x max_i |r_(0) - r_D|_i: base patterns against own ones"),
          Metric.scalar(
              "eps_bias",
              "signed eps-term of one coordinate",
              "1",
              "E_x (r_(0) - r_D) at the last coordinate of token 2, the slot that the base sequence"
                  + " fills and normalised ones leave at 0; to be averaged over seeds"),
          Metric.series(
              "eps_term",
              "signed eps-term",
              "1",
              "E_x (r_(0) - r_D) at each of the L d coordinates, token by token"));

  /** For the service loader. */
  public InversionJob() {}

  @Override
  public String id() {
    return "inversion";
  }

  @Override
  public int version() {
    return 2; // 1: H^T X was m x L d, which changes last bits
  }

  @Override
  public String summary() {
    return "how well a random recurrent network's last state gives back its input sequence";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  @Override
  public Set<String> sharedAxes() {
    return Set.of("length");
  }

  @Override
  public List<String> check(Configuration configuration) {
    List<String> problems = new ArrayList<>();
    boolean normalized = configuration.choice("inputs").equals(NORMALIZED);
    if (configuration.choice("estimator").equals(CONSTRUCTIVE) && !normalized) {
      problems.add(
          "estimator constructive needs inputs = normalized, found gaussian: its base sequence is"
              + " defined for normalised sequences");
    }
    if (normalized && configuration.integer("dimension") < 3) {
      problems.add(
          "dimension must be at least 3 for normalized inputs, found "
              + configuration.integer("dimension"));
    }
    if (normalized && configuration.integer("length") < 3) {
      problems.add(
          "length must be at least 3 for normalized inputs (a token between first and last), found "
              + configuration.integer("length"));
    }
    return problems;
  }

  @Override
  public Cost cost(TrialGroup group) {
    Setting setting = Setting.of(group);
    // In operations of the profile's precision that take as long: plan knows the rate of those.
    double ofADouble =
        group.first().numerics().precision() == Precision.SINGLE ? DOUBLE_IN_SINGLES : 1;
    long bytes = setting.networkNormals() * setting.precision().bytes();
    if (setting.constructed()) {
      bytes += SignReadout.memoryBytes(setting.m(), setting.d(), setting.sequences());
    } else {
      long weights = 0;
      for (SortedSet<Integer> lengths : setting.passes()) {
        weights = Math.max(weights, setting.fitBytes(lengths));
      }
      bytes +=
          weights
              + StatePanel.memoryBytes(
                  setting.precision(),
                  setting.m(),
                  setting.d(),
                  setting.lengths().last(),
                  setting.blockWidth());
    }
    return new Cost(flops(setting, ofADouble) + ofADouble * setting.memoryFlops(), bytes);
  }

  /**
   * Everything a group computes; its kernels report as much.
   *
   * @param ofADouble what an operation in double counts; one of a forward pass of a fit counts 1
   */
  private static double flops(Setting setting, double ofADouble) {
    double doubles = Cost.FLOPS_OF_A_NORMAL * setting.networkNormals();
    double singles = 0;
    if (setting.constructed()) {
      for (int length : setting.lengths()) {
        doubles += setting.signFlops(length);
      }
    } else {
      for (SortedSet<Integer> lengths : setting.passes()) {
        doubles += setting.fitFlops(lengths);
        singles += setting.forwardFlops(lengths);
      }
    }
    return ofADouble * doubles + singles;
  }

  @Override
  public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
    Setting setting = Setting.of(group);
    Progress progress = new Progress(context, flops(setting, 1));
    context.checkCancelled();
    Arena arena = context.arena();
    Blas blas = Blas.of(group.first().numerics());
    ElmanNetwork network =
        ElmanNetwork.draw(
            arena,
            setting.precision(),
            setting.m(),
            setting.d(),
            setting.initialization(),
            group.first().key());
    progress.worked(Cost.FLOPS_OF_A_NORMAL * setting.networkNormals());
    Map<Integer, TrialResult> byLength =
        setting.constructed()
            ? construct(setting, blas, arena, network, progress)
            : fit(setting, blas, arena, network, progress);
    context.progress(1);
    return setting.trialLengths().stream().map(byLength::get).toList();
  }

  private static Map<Integer, TrialResult> construct(
      Setting setting, Blas blas, Arena arena, ElmanNetwork network, Checkpoint checkpoint)
      throws InterruptedException {
    SignReadout readout = new SignReadout(blas, arena, network, setting.sequences());
    Map<Integer, TrialResult> results = new HashMap<>();
    for (int length : setting.lengths()) {
      InputSequences inputs = setting.inputs("sequences", length);
      if (setting.estimator().equals(NAIVE)) {
        InversionErrors errors = readout.naive(inputs, length, checkpoint);
        results.put(
            length, TrialResult.of(metrics(errors), Map.of("position_rms", errors.positionRms())));
      } else {
        InputSequences base = InputSequences.base(setting.d(), length, setting.epsX(length));
        results.put(
            length, result(readout.constructive(base, inputs, length, checkpoint), setting.d()));
      }
    }
    return results;
  }

  private static TrialResult result(SignReadout.Constructive found, int dimension) {
    Map<String, Double> metrics = metrics(found.errors());
    metrics.put("conc_linf", found.concentration().linf());
    metrics.put("conc_rms", found.concentration().rms());
    metrics.put("eps_linf", found.epsLinf());
    metrics.put("eps_bias", found.epsTerm()[2 * dimension - 1]);
    return TrialResult.of(
        metrics, Map.of("position_rms", found.errors().positionRms(), "eps_term", found.epsTerm()));
  }

  private static Map<Integer, TrialResult> fit(
      Setting setting, Blas blas, Arena arena, ElmanNetwork network, Checkpoint checkpoint)
      throws InterruptedException {
    StatePanel panel =
        new StatePanel(blas, arena, network, setting.lengths().last(), setting.blockWidth());
    Map<Integer, TrialResult> results = new HashMap<>();
    for (SortedSet<Integer> lengths : setting.passes()) {
      InputSequences train = setting.inputs("train", lengths.last());
      InputSequences test = setting.inputs("test", lengths.last());
      List<Readout> readouts =
          setting.estimator().equals(LEAST_SQUARES)
              ? LeastSquares.fit(
                  panel,
                  arena,
                  train,
                  lengths,
                  setting.trainSequences(),
                  setting.configuration().real("ridge"),
                  checkpoint)
              : OnlineSgd.fit(
                  panel,
                  arena,
                  train,
                  lengths,
                  setting.configuration().integer("steps"),
                  setting.optimiser(),
                  setting.loss(),
                  setting.features(),
                  checkpoint);
      Map<Integer, InversionErrors> errors =
          panel.errors(test, readouts, setting.testSequences(), checkpoint);
      for (Readout readout : readouts) {
        InversionErrors found = errors.get(readout.length());
        results.put(
            readout.length(),
            found == null
                ? TrialResult.diverged(readout.problem())
                : TrialResult.of(metrics(found), Map.of("position_rms", found.positionRms())));
        arena.release(readout.weights());
      }
    }
    return results;
  }

  private static Map<String, Double> metrics(InversionErrors errors) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("relative_l2", errors.relativeL2());
    metrics.put("linf", errors.linf());
    metrics.put("rms", errors.rms());
    return metrics;
  }

  /** What a group's trials agree on, in numbers; and their lengths. */
  private record Setting(Trial trial, List<Integer> trialLengths) {

    static Setting of(TrialGroup group) {
      List<Integer> lengths = new ArrayList<>();
      for (Trial trial : group.trials()) {
        lengths.add(trial.configuration().smallInteger("length"));
      }
      return new Setting(group.first(), lengths);
    }

    Configuration configuration() {
      return trial.configuration();
    }

    String estimator() {
      return configuration().choice("estimator");
    }

    boolean constructed() {
      return estimator().equals(CONSTRUCTIVE) || estimator().equals(NAIVE);
    }

    long m() {
      return configuration().integer("width");
    }

    int d() {
      return configuration().smallInteger("dimension");
    }

    SortedSet<Integer> lengths() {
      return new TreeSet<>(trialLengths);
    }

    /** Lengths that go through the network together. */
    List<SortedSet<Integer>> passes() {
      if (configuration().choice("inputs").equals(GAUSSIAN)) {
        return List.of(lengths());
      }
      List<SortedSet<Integer>> passes = new ArrayList<>();
      for (int length : lengths()) {
        passes.add(new TreeSet<>(Set.of(length)));
      }
      return passes;
    }

    Precision precision() {
      return constructed() ? Precision.DOUBLE : trial.numerics().precision();
    }

    Initialization initialization() {
      return Initialization.ofLabel(configuration().choice("initialization"));
    }

    double epsX(int length) {
      return configuration().real("eps_scale") / length;
    }

    InputSequences inputs(String stream, int length) {
      StreamKey key = StreamKey.of(trial.rootSeed());
      if (configuration().choice("draws").equals(PER_SEED)) {
        key = key.seed(trial.seedIndex());
      }
      key = key.name(stream);
      return configuration().choice("inputs").equals(GAUSSIAN)
          ? InputSequences.gaussian(key, d())
          : InputSequences.normalized(key, d(), length, epsX(length));
    }

    long sequences() {
      return configuration().integer("sequences");
    }

    long trainSequences() {
      return configuration().integer("train_factor") * m();
    }

    long testSequences() {
      return configuration().integer("test_sequences");
    }

    int blockWidth() {
      return estimator().equals(SGD)
          ? configuration().smallInteger("batch")
          : BlockPlan.balanced(trainSequences(), WIDEST_BLOCK).width();
    }

    SgdMomentum optimiser() {
      return new SgdMomentum(
          configuration().real("learning_rate"), configuration().real("momentum"));
    }

    OnlineSgd.Loss loss() {
      return configuration().choice("loss").equals("mean")
          ? OnlineSgd.Loss.MEAN
          : OnlineSgd.Loss.SUM;
    }

    OnlineSgd.Features features() {
      return configuration().choice("features").equals("raw")
          ? OnlineSgd.Features.RAW
          : OnlineSgd.Features.UNIT_RMS;
    }

    long networkNormals() {
      return m() * (m() + d());
    }

    double signFlops(int length) {
      return estimator().equals(NAIVE)
          ? SignReadout.naiveFlops(m(), d(), length, sequences())
          : SignReadout.constructiveFlops(m(), d(), length, sequences());
    }

    /** Training and test of lengths that share a pass, normals included, forward passes not. */
    double fitFlops(Collection<Integer> lengths) {
      double outputs = 0;
      for (int length : lengths) {
        outputs += (double) length * d();
      }
      int longest = new TreeSet<>(lengths).last();
      double flops = Cost.FLOPS_OF_A_NORMAL * d() * longest * rows();
      flops += 2.0 * m() * outputs * testBlocks().count() * blockWidth();
      return estimator().equals(LEAST_SQUARES)
          ? flops + LeastSquares.flops(m(), d(), lengths, trainBlocks())
          : flops + OnlineSgd.flops(m(), d(), lengths, trainBlocks().count(), blockWidth());
    }

    double forwardFlops(Collection<Integer> lengths) {
      return ForwardPass.flops(m(), d(), new TreeSet<>(lengths).last(), rows());
    }

    /** What matters at small widths: the time of passing over states, as if it were operations. */
    double memoryFlops() {
      double passes = 0;
      if (!constructed()) {
        for (SortedSet<Integer> lengths : passes()) {
          passes += lengths.last() + lengths.size();
        }
      }
      return passes == 0 ? 0 : FLOPS_OF_A_STATE * m() * rows() * passes;
    }

    BlockPlan trainBlocks() {
      long sequences =
          estimator().equals(LEAST_SQUARES)
              ? trainSequences()
              : configuration().integer("steps") * blockWidth();
      return new BlockPlan(sequences, blockWidth());
    }

    BlockPlan testBlocks() {
      return new BlockPlan(testSequences(), blockWidth());
    }

    /** Sequences that go through the network, padding included. */
    long rows() {
      return (trainBlocks().count() + testBlocks().count()) * blockWidth();
    }

    long fitBytes(Collection<Integer> lengths) {
      return estimator().equals(LEAST_SQUARES)
          ? LeastSquares.memoryBytes(m(), d(), lengths)
          : OnlineSgd.memoryBytes(m(), d(), lengths);
    }
  }
}
