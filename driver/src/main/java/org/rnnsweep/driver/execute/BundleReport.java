package org.rnnsweep.driver.execute;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rnnsweep.driver.execute.RunSummary.TrialError;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;

/**
 * What a task says of a bundle whose records are stored: counts and one example of each error, so
 * that what crosses to the driver stays small whatever the trials returned.
 */
final class BundleReport {
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private final Map<String, TrialError> errors = new LinkedHashMap<>();

  /** Of the BLAS that the bundle ran with, or would have; empty while unknown. */
  private String fingerprint = "";

  private String host = "";

  /** The report of a host that runs another kernel than the run is held to: it did nothing. */
  static BundleReport refused(String host, String fingerprint) {
    BundleReport report = new BundleReport();
    report.host = host;
    report.fingerprint = fingerprint;
    return report;
  }

  String fingerprint() {
    return fingerprint;
  }

  String host() {
    return host;
  }

  void add(TrialRecord record) {
    if (record.outcome().settled()) {
      fingerprint = record.provenance().fingerprint();
      host = record.provenance().host();
    }
    counts.merge(record.outcome(), 1, Integer::sum);
    if (record.outcome() != Outcome.COMPLETED) {
      String firstLine = record.message().lines().findFirst().orElse("");
      add(new TrialError(record.outcome(), firstLine, record.trialId(), 1));
    }
  }

  void add(BundleReport other) {
    other.counts.forEach((outcome, count) -> counts.merge(outcome, count, Integer::sum));
    other.errors.values().forEach(this::add);
  }

  private void add(TrialError error) {
    errors.merge(
        error.outcome() + " " + error.message(),
        error,
        (a, b) -> new TrialError(a.outcome(), a.message(), a.trialId(), a.trials() + b.trials()));
  }

  Map<Outcome, Integer> counts() {
    return counts;
  }

  Collection<TrialError> errors() {
    return errors.values();
  }

  int trials() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  int unsettled() {
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().settled())
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** The report as Kryo sees it: outcomes by name, so that their order may change. */
  static final class KryoForm extends Serializer<BundleReport> {
    @Override
    public void write(Kryo kryo, Output output, BundleReport report) {
      output.writeString(report.host);
      output.writeString(report.fingerprint);
      output.writeInt(report.counts.size(), true);
      report.counts.forEach(
          (outcome, count) -> {
            output.writeString(outcome.name());
            output.writeInt(count, true);
          });
      List<TrialError> errors = new ArrayList<>(report.errors.values());
      output.writeInt(errors.size(), true);
      for (TrialError error : errors) {
        output.writeString(error.outcome().name());
        output.writeString(error.message());
        output.writeString(error.trialId());
        output.writeInt(error.trials(), true);
      }
    }

    @Override
    public BundleReport read(Kryo kryo, Input input, Class<BundleReport> type) {
      BundleReport report = new BundleReport();
      report.host = input.readString();
      report.fingerprint = input.readString();
      for (int left = input.readInt(true); left > 0; left--) {
        report.counts.put(Outcome.valueOf(input.readString()), input.readInt(true));
      }
      for (int left = input.readInt(true); left > 0; left--) {
        report.add(
            new TrialError(
                Outcome.valueOf(input.readString()),
                input.readString(),
                input.readString(),
                input.readInt(true)));
      }
      return report;
    }
  }
}
