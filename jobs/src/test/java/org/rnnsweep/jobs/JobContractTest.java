package org.rnnsweep.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.ArenaExhaustedException;

/** The contract itself: a good job passes, and each way to break it is caught by its own test. */
class JobContractTest {
  private static final AtomicLong CALLS = new AtomicLong();

  private enum Fault {
    NONE,
    BAD_ID,
    NOT_LISTED,
    RESERVED_NAME,
    SYMBOL_TWICE,
    RELEVANCE_OF_NOTHING,
    UNDECLARED_METRIC,
    NEVER_RETURNED_METRIC,
    COUNTS_ITS_CALLS,
    DEPENDS_ON_ITS_GROUP,
    DEPENDS_ON_OTHER_SEEDS,
    TAKES_NO_SEED,
    TAKES_SEEDS_BY_THE_SHARED_AXIS,
    DEPENDS_ON_ITS_THREAD,
    TAKES_MORE_MEMORY,
    DECLARES_TOO_MUCH,
    SHARING_COSTS_MORE,
    PROGRESS_GOES_BACK,
    CANNOT_BE_CANCELLED,
    REFUSES_IN_SILENCE
  }

  /** Squares its {@code value}; and breaks one promise. */
  private static class Toy implements Job {
    private final Fault fault;

    Toy(Fault fault) {
      this.fault = fault;
    }

    @Override
    public String id() {
      return fault == Fault.BAD_ID ? "Toy Job" : "toy";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public String summary() {
      return "the square of a number";
    }

    @Override
    public List<Parameter> parameters() {
      String symbol = fault == Fault.SYMBOL_TWICE ? "kind" : "x";
      Parameter value = Parameter.integer("value", symbol, 0, 100, "a number");
      return List.of(
          fault == Fault.RELEVANCE_OF_NOTHING ? value.withRelevance("mood", "good") : value,
          Parameter.choice("kind", "plain or fancy", "plain", "fancy"));
    }

    @Override
    public List<Metric> metrics() {
      String name = fault == Fault.RESERVED_NAME ? "seconds" : "square";
      List<Metric> metrics = new ArrayList<>();
      metrics.add(Metric.scalar(name, "square", "1", "value^2"));
      if (fault == Fault.NEVER_RETURNED_METRIC) {
        metrics.add(Metric.scalar("cube", "cube", "1", "value^3"));
      }
      return metrics;
    }

    @Override
    public Set<String> sharedAxes() {
      return Set.of("value");
    }

    @Override
    public int seedsTogether(Configuration configuration) {
      return switch (fault) {
        case TAKES_NO_SEED -> 0;
        case TAKES_SEEDS_BY_THE_SHARED_AXIS -> configuration.smallInteger("value");
        default -> 2;
      };
    }

    @Override
    public List<String> check(Configuration configuration) {
      boolean wrong = configuration.integer("value") == 13;
      String problem = fault == Fault.REFUSES_IN_SILENCE ? " " : "13 is unlucky";
      return wrong ? List.of(problem) : List.of();
    }

    @Override
    public Cost cost(TrialGroup group) {
      int trials = group.trials().size();
      double flops = fault == Fault.SHARING_COSTS_MORE ? trials * trials : 1 + trials;
      long bytes = fault == Fault.DECLARES_TOO_MUCH ? 1 << 20 : 8000;
      return new Cost(flops, bytes);
    }

    @Override
    public List<TrialResult> run(TrialGroup group, JobContext context) throws InterruptedException {
      context.progress(fault == Fault.PROGRESS_GOES_BACK ? 0.5 : 0);
      if (fault != Fault.CANNOT_BE_CANCELLED) {
        context.checkCancelled();
      }
      context
          .arena()
          .matrix(1000, fault == Fault.TAKES_MORE_MEMORY ? 2 : 1, Precision.DOUBLE)
          .set(0, 0, 1);
      List<TrialResult> results = new ArrayList<>();
      for (Trial trial : group.trials()) {
        double value = trial.configuration().real("value");
        double noise =
            switch (fault) {
              case COUNTS_ITS_CALLS -> CALLS.incrementAndGet();
              case DEPENDS_ON_ITS_GROUP -> group.trials().size() * 1e-15;
              case DEPENDS_ON_OTHER_SEEDS -> (group.bySeed().size() - 1) * 1e-15;
              case DEPENDS_ON_ITS_THREAD -> Thread.currentThread().getId() * 1e-15;
              default -> 0;
            };
        String name = fault == Fault.UNDECLARED_METRIC ? "cube" : metrics().get(0).name();
        results.add(TrialResult.of(Map.of(name, value * value / 1e3 + noise), Map.of()));
      }
      context.progress(fault == Fault.PROGRESS_GOES_BACK ? 0.4 : 1);
      return results;
    }
  }

  /** What the service loader finds. */
  public static final class GoodToy extends Toy {
    public GoodToy() {
      super(Fault.NONE);
    }
  }

  private static class OfToy extends JobContract {
    private final Job job;

    OfToy(Job job) {
      this.job = job;
    }

    @Override
    protected Job job() {
      return job;
    }

    @Override
    protected List<Trial> samples() {
      List<Trial> samples = new ArrayList<>();
      for (String kind : new String[] {"plain", "fancy"}) {
        for (int value : new int[] {3, 7}) {
          for (int seed = 0; seed < seeds(); seed++) {
            samples.add(
                new Trial(
                    job.id(),
                    1,
                    new NumericsProfile(NumericsProfile.Library.JAVA, Precision.DOUBLE),
                    1,
                    seed,
                    Configuration.of(Map.of("value", value, "kind", kind))));
          }
        }
      }
      return samples;
    }

    int seeds() {
      return 3;
    }

    @Override
    protected List<Configuration> refused() {
      return List.of(Configuration.of(Map.of("value", 13, "kind", "plain")));
    }
  }

  @Test
  void aGoodJobPasses(@TempDir Path classes) throws IOException {
    // Listed for this test alone: this module's test-jar must not bring a toy to others'
    // catalogues.
    Path list = classes.resolve("META-INF/services/" + Job.class.getName());
    Files.createDirectories(list.getParent());
    Files.writeString(list, GoodToy.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader listed = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
      thread.setContextClassLoader(listed);
      OfToy contract = new OfToy(new GoodToy());
      int checks = 0;
      for (Method method : JobContract.class.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          assertThatCode(() -> method.invoke(contract))
              .as(method.getName())
              .doesNotThrowAnyException();
          checks++;
        }
      }
      assertThat(checks).isEqualTo(17);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void groupsAreOfAsManySeedsAsTheJobTakes() {
    OfToy contract = new OfToy(new GoodToy());
    assertThat(contract.groups())
        .extracting(
            group ->
                group.trials().stream()
                    .map(t -> t.seedIndex() + "/" + t.configuration().get("value"))
                    .toList())
        .containsExactly(
            List.of("0/3", "0/7", "1/3", "1/7"),
            List.of("2/3", "2/7"),
            List.of("0/3", "0/7", "1/3", "1/7"),
            List.of("2/3", "2/7"));
  }

  @Test
  void samplesOfOneSeedDoNotCoverAJobThatTakesTwo() {
    OfToy contract =
        new OfToy(new GoodToy()) {
          @Override
          int seeds() {
            return 1;
          }
        };
    assertThatThrownBy(contract::samplesCoverTheJob)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("groups of seeds");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyFaultIsCaught(Fault fault) {
    // A faulty toy is not listed; run twice also wants a public class, which the anonymous have
    // not.
    OfToy contract = new OfToy(new Toy(fault));
    Map<Fault, Executable> catchers = new EnumMap<>(Fault.class);
    catchers.put(Fault.BAD_ID, contract::identityIsWellFormed);
    catchers.put(Fault.NOT_LISTED, contract::isFoundByTheServiceLoader);
    catchers.put(Fault.RESERVED_NAME, contract::namesAreUniqueAndFree);
    catchers.put(Fault.SYMBOL_TWICE, contract::namesAreUniqueAndFree);
    catchers.put(Fault.RELEVANCE_OF_NOTHING, contract::parametersAreConsistent);
    catchers.put(Fault.UNDECLARED_METRIC, contract::resultsAreAsDeclared);
    catchers.put(Fault.NEVER_RETURNED_METRIC, contract::samplesCoverTheJob);
    catchers.put(Fault.COUNTS_ITS_CALLS, contract::runTwiceGivesTheSameBits);
    catchers.put(Fault.DEPENDS_ON_ITS_GROUP, contract::runAloneOrInAGroupGivesTheSameBits);
    catchers.put(Fault.DEPENDS_ON_OTHER_SEEDS, contract::runAloneOrInAGroupGivesTheSameBits);
    catchers.put(Fault.TAKES_NO_SEED, contract::seedsTogetherAreOfThePass);
    catchers.put(Fault.TAKES_SEEDS_BY_THE_SHARED_AXIS, contract::seedsTogetherAreOfThePass);
    catchers.put(Fault.DEPENDS_ON_ITS_THREAD, contract::runBesideOthersGivesTheSameBits);
    catchers.put(Fault.TAKES_MORE_MEMORY, contract::memoryIsDeclaredHonestly);
    catchers.put(Fault.DECLARES_TOO_MUCH, contract::memoryIsDeclaredHonestly);
    catchers.put(Fault.SHARING_COSTS_MORE, contract::costIsPositiveAndSharingDoesNotCostMore);
    catchers.put(Fault.PROGRESS_GOES_BACK, contract::reportsProgress);
    catchers.put(Fault.CANNOT_BE_CANCELLED, contract::stopsWhenCancelled);
    catchers.put(Fault.REFUSES_IN_SILENCE, contract::refusesInWords);
    assertThat(catchers).as("a test for every fault").hasSize(Fault.values().length - 1);
    assertThatThrownBy(() -> catchers.get(fault).execute())
        .as("%s", fault)
        .isInstanceOfAny(AssertionError.class, ArenaExhaustedException.class);
  }
}
