package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class RnnsweepKryoRegistratorTest {
  private static final SparkConf CONF = SparkSettings.embedded(1);

  private static BundleReport report() {
    BundleReport report = new BundleReport();
    for (Outcome outcome : Outcome.values()) {
      Trial trial = FakeJob.trial(2, "well", outcome.ordinal());
      Provenance provenance = new Provenance("", "", "", "", "", "", "", "", "", "", "", 0, 0, 0);
      report.add(
          new TrialRecord(
              trial.id(),
              trial,
              outcome,
              outcome == Outcome.COMPLETED ? "" : "why \u03b5\nwhere",
              Map.of(),
              Map.of(),
              provenance));
    }
    return report;
  }

  private static <T> T roundTrip(T value, Class<T> type) {
    SerializerInstance kryo = new KryoSerializer(CONF).newInstance();
    ClassTag<T> tag = ClassTag$.MODULE$.apply(type);
    return kryo.deserialize(kryo.serialize(value, tag), tag);
  }

  @Test
  void everyRegisteredClassMakesARoundTrip() {
    List<Class<?>> tried = new ArrayList<>();

    BundleReport report = report();
    BundleReport back = roundTrip(report, BundleReport.class);
    assertThat(back.counts()).isEqualTo(report.counts()).hasSize(Outcome.values().length);
    assertThat(back.errors()).containsExactlyElementsOf(report.errors());
    assertThat(back.repeatable()).containsExactlyElementsOf(report.repeatable()).hasSize(2);
    assertThat(roundTrip(BundleReport.broken("full"), BundleReport.class).broken())
        .isEqualTo("full");
    assertThat(back.errors()).allMatch(error -> error.message().equals("why \u03b5"));
    tried.add(BundleReport.class);

    byte[][] bytes = {{1, 2}, {}, {-1}};
    assertThat(roundTrip(bytes, byte[][].class)).isDeepEqualTo(bytes);
    tried.add(byte[][].class);

    Kryo kryo = new Kryo();
    int first = kryo.getNextRegistrationId();
    new RnnsweepKryoRegistrator().registerClasses(kryo);
    assertThat(tried)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(first, kryo.getNextRegistrationId())
                .<Class<?>>mapToObj(id -> kryo.getRegistration(id).getType())
                .toList());
  }

  /** The twin: were registration not required, this would pass, and so would any class. */
  @Test
  void whatIsNotRegisteredDoesNotCross() {
    assertThatThrownBy(() -> roundTrip(FakeJob.trial(2, "well", 0), Trial.class))
        .hasMessageContaining("is not registered");
  }
}
