package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.plan.Plan;

class SparkSettingsTest {
  private static final long MIB = 1L << 20;

  @Test
  void embeddedSparkStaysOnLoopback() {
    SparkConf conf = SparkSettings.embedded(3);
    assertThat(conf.get("spark.master")).isEqualTo("local[3]");
    assertThat(conf.get("spark.driver.host")).isEqualTo("127.0.0.1");
    assertThat(conf.get("spark.driver.bindAddress")).isEqualTo("127.0.0.1");
    // Surefire sets the variable by which Spark binds its page; without it there is none.
    assertThat(System.getenv("SPARK_LOCAL_IP")).isEqualTo("127.0.0.1");
    assertThat(conf.getBoolean("spark.ui.enabled", false)).isTrue();
  }

  @Test
  void aSubmittedProgramNeedsAMasterAndSetsNone() {
    assertThatThrownBy(SparkSettings::submitted)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spark-submit --master");
    assertThat(SparkSettings.problems(new SparkConf(false).setMaster("spark://host:7077")))
        .isEmpty();
    assertThat(
            SparkSettings.problems(
                new SparkConf(false)
                    .setMaster("spark://host:7077")
                    .set("spark.executor.userClassPathFirst", "true")))
        .singleElement()
        .asString()
        .contains("userClassPathFirst");
  }

  @Test
  void memoryIsWhatIsSetOrWhatTheContainerHasBesideTheHeap() {
    SparkConf set = new SparkConf(false).set(SparkSettings.MEMORY, "12g");
    assertThat(SparkSettings.capacityBytes(set)).isEqualTo(12L << 30);
    SparkConf yarn =
        new SparkConf(false)
            .setMaster("yarn")
            .set("spark.executor.memory", "2g")
            .set("spark.executor.memoryOverhead", "6g");
    assertThat(SparkSettings.capacityBytes(yarn)).isEqualTo((6 * 1024 - 512) * MIB);
    SparkConf factor =
        new SparkConf(false)
            .setMaster("k8s://https://host")
            .set("spark.executor.memory", "10g")
            .set("spark.executor.memoryOverheadFactor", "0.4");
    assertThat(SparkSettings.capacityBytes(factor)).isEqualTo((4 * 1024 - 512) * MIB);
    SparkConf none =
        new SparkConf(false).setMaster("yarn").set("spark.executor.memoryOverhead", "384m");
    assertThat(SparkSettings.problems(none))
        .singleElement()
        .asString()
        .isEqualTo(
            "no memory is left for trials: a memory overhead of 384 MiB, of which the JVM needs"
                + " 512, with spark.rnnsweep.memory unset");
    SparkConf zero = new SparkConf(false).setMaster("local[1]").set(SparkSettings.MEMORY, "0");
    assertThat(SparkSettings.problems(zero)).hasSize(1);
  }

  /** Widths of 2 GiB, 0.5 GiB and 8 bytes a trial. */
  private static final Plan PLAN =
      Plans.of(
          Plans.trials(1 << 14, "well", 0, 1),
          Plans.trials(1 << 13, "well", 0, 2),
          Plans.trials(1, "well", 0, 1));

  @Test
  void containersAreAskedForWhatTheLargestTrialsAtOnceDeclare() {
    SparkConf yarn = new SparkConf(false).setMaster("yarn").set("spark.executor.cores", "2");
    assertThat(SparkSettings.problems(yarn)).isEmpty();
    SparkSettings.sized(yarn, List.of(PLAN));
    assertThat(yarn.get("spark.executor.memoryOverhead"))
        .isEqualTo((2048 + 512 + 512) + "m"); // the two largest, and the JVM
    assertThat(SparkSettings.capacityBytes(yarn)).isEqualTo(2560 * MIB);
    SparkConf given = new SparkConf(false).setMaster("k8s://x").set(SparkSettings.MEMORY, "9g");
    SparkSettings.sized(given, List.of(PLAN));
    assertThat(given.get("spark.executor.memoryOverhead")).isEqualTo((9 * 1024 + 512) + "m");
    SparkConf set =
        new SparkConf(false).setMaster("yarn").set("spark.executor.memoryOverhead", "1g");
    assertThat(SparkSettings.sized(set, List.of(PLAN)).get("spark.executor.memoryOverhead"))
        .isEqualTo("1g");
    SparkConf standalone = new SparkConf(false).setMaster("spark://host:7077");
    assertThat(
            SparkSettings.sized(standalone, List.of(PLAN))
                .contains("spark.executor.memoryOverhead"))
        .isFalse();
  }

  @Test
  void aTaskTakesTheSlotsWhoseMemoryItNeeds() {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("spark://host:7077")
            .set("spark.executor.cores", "4")
            .set(SparkSettings.MEMORY, "8g");
    assertThat(SparkSettings.cpus(conf, 0)).isEqualTo(1);
    assertThat(SparkSettings.cpus(conf, 2L << 30)).isEqualTo(1);
    assertThat(SparkSettings.cpus(conf, (2L << 30) + 1)).isEqualTo(2);
    assertThat(SparkSettings.cpus(conf, 8L << 30)).isEqualTo(4);
    assertThat(SparkSettings.cpus(conf, 80L << 30)).isEqualTo(4);
    assertThat(SparkSettings.cpus(conf.clone().setMaster("local[4]"), 8L << 30)).isEqualTo(1);
    assertThat(
            SparkSettings.cpus(
                conf.clone().set("spark.dynamicAllocation.enabled", "true"), 8L << 30))
        .isEqualTo(1);
    assertThat(SparkSettings.cpus(conf.clone().remove("spark.executor.cores"), 8L << 30))
        .isEqualTo(1);
  }

  @Test
  void aTrialThatFitsIntoNoExecutorIsNamedBeforeAnythingRuns() {
    SparkConf conf = new SparkConf(false).setMaster("local[2]").set(SparkSettings.MEMORY, "1g");
    assertThat(SparkSettings.memoryProblems(conf, PLAN))
        .containsExactly(
            "sample: 1 of 4 trials need more memory than an executor gives its trials:"
                + " manner=well, scale=0.5, width=16384 declares 2048 MiB off the heap, allowed are"
                + " 1024 (spark.rnnsweep.memory); raise that, take a larger machine, or narrow the"
                + " axes");
    assertThat(SparkSettings.memoryProblems(conf.clone().set(SparkSettings.MEMORY, "2g"), PLAN))
        .isEmpty();
    assertThat(
            SparkSettings.memoryProblems(new SparkConf(false).setMaster("spark://host:7077"), PLAN))
        .as("each executor's machine decides")
        .isEmpty();
  }

  @Test
  void otherSparksAndScalasAreRefusedByTheirVersions() {
    assertThat(SparkVersion.problems()).isEmpty();
    assertThat(SparkVersion.problems("4.0.1", "2.13.16")).isEmpty();
    assertThat(SparkVersion.problems("3.5.6", "2.12.18"))
        .containsExactly(
            "found Spark 3.5.6, supported is 4.x", "found Scala 2.12.18, supported is 2.13.x");
    assertThat(SparkVersion.problems("40.0", "2.130.1")).hasSize(2);
  }
}
