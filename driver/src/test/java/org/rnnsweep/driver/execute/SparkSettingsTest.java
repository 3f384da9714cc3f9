package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

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
    SparkConf none = new SparkConf(false).setMaster("yarn");
    assertThat(SparkSettings.problems(none))
        .singleElement()
        .asString()
        .isEqualTo(
            "no memory is left for trials: a memory overhead of 384 MiB, of which the JVM needs"
                + " 512, with spark.rnnsweep.memory unset");
    SparkConf zero = new SparkConf(false).setMaster("local[1]").set(SparkSettings.MEMORY, "0");
    assertThat(SparkSettings.problems(zero)).hasSize(1);
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
