package org.rnnsweep.driver.execute;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rnnsweep.driver.execute.RunSummary.TrialError;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;

/**
 * What a task says of a bundle whose records are stored: counts, one example of each error, and
 * what may run again, so that what crosses to the driver stays small whatever the trials returned.
 */
final class BundleReport {
  private static final int MESSAGE = 2000;

  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private final Map<String, TrialError> errors = new LinkedHashMap<>();

  /** Trials that another run, alone and with more memory, may complete; by id. */
  private final Map<String, TrialError> repeatable = new LinkedHashMap<>();

  /** What the trials took, summed. */
  private double seconds;

  /** Of the BLAS that the bundle ran with, or would have; empty while unknown. */
  private String fingerprint = "";

  private String host = "";

  /** Why nothing can be stored from there, or nothing run; empty otherwise. */
  private String broken = "";

  /** The report of a host that runs another kernel than the run is held to: it did nothing. */
  static BundleReport refused(String host, String fingerprint) {
    BundleReport report = new BundleReport();
    report.host = host;
    report.fingerprint = fingerprint;
    return report;
  }

  /**
   * The report of a bundle that ends the run: its results cannot be stored. No exception, since a
   * cluster would run the same task again, as often as it is allowed to.
   */
  static BundleReport broken(String message) {
    BundleReport report = new BundleReport();
    report.broken = message.length() <= MESSAGE ? message : message.substring(0, MESSAGE);
    return report;
  }

  String broken() {
    return broken;
  }

  String fingerprint() {
    return fingerprint;
  }

  String host() {
    return host;
  }

  /** Whether the engine runs trials that ended so once more. */
  static boolean repeatable(Outcome outcome) {
    return outcome == Outcome.LOST || outcome == Outcome.OUT_OF_MEMORY;
  }

  void add(TrialRecord record) {
    if (record.outcome().settled()) {
      fingerprint = record.provenance().fingerprint();
      host = record.provenance().host();
    }
    counts.merge(record.outcome(), 1, Integer::sum);
    seconds += record.provenance().seconds();
    if (record.outcome() != Outcome.COMPLETED) {
      String line = record.message().lines().findFirst().orElse("");
      TrialError error =
          new TrialError(
              record.outcome(),
              line.length() <= MESSAGE ? line : line.substring(0, MESSAGE),
              record.trialId(),
              1);
      add(error);
      if (repeatable(record.outcome())) {
        repeatable.put(record.trialId(), error);
      }
    }
  }

  void add(BundleReport other) {
    other.counts.forEach((outcome, count) -> counts.merge(outcome, count, Integer::sum));
    other.errors.values().forEach(this::add);
    repeatable.putAll(other.repeatable);
    seconds += other.seconds;
    if (!other.fingerprint.isEmpty()) {
      fingerprint = other.fingerprint;
      host = other.host;
    }
  }

  private static String key(TrialError error) {
    return error.outcome() + " " + ErrorText.normalised(error.message());
  }

  private void add(TrialError error) {
    errors.merge(
        key(error),
        error,
        (a, b) -> new TrialError(a.outcome(), a.message(), a.trialId(), a.trials() + b.trials()));
  }

  /** Takes back a trial that is run again: how it ended is not known yet. */
  void withdraw(String trialId) {
    TrialError error = repeatable.remove(trialId);
    counts.computeIfPresent(error.outcome(), (o, count) -> count == 1 ? null : count - 1);
    errors.computeIfPresent(
        key(error),
        (k, e) ->
            e.trials() == 1
                ? null
                : new TrialError(e.outcome(), e.message(), e.trialId(), e.trials() - 1));
  }

  double seconds() {
    return seconds;
  }

  Map<Outcome, Integer> counts() {
    return counts;
  }

  Collection<TrialError> errors() {
    return errors.values();
  }

  /** Ids of trials that were lost or ran out of memory. */
  Collection<String> repeatable() {
    return repeatable.keySet();
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

  /** As bytes, outcomes by name: their order may change. */
  void write(DataOutputStream out) throws IOException {
    out.writeUTF(host);
    out.writeUTF(fingerprint);
    out.writeUTF(broken);
    out.writeDouble(seconds);
    out.writeInt(counts.size());
    for (Map.Entry<Outcome, Integer> entry : counts.entrySet()) {
      out.writeUTF(entry.getKey().name());
      out.writeInt(entry.getValue());
    }
    write(out, errors.values());
    write(out, repeatable.values());
  }

  private static void write(DataOutputStream out, Collection<TrialError> errors)
      throws IOException {
    out.writeInt(errors.size());
    for (TrialError error : errors) {
      out.writeUTF(error.outcome().name());
      out.writeUTF(error.message());
      out.writeUTF(error.trialId());
      out.writeInt(error.trials());
    }
  }

  /** What {@link #write} wrote. */
  static BundleReport read(DataInputStream in) throws IOException {
    BundleReport report = new BundleReport();
    report.host = in.readUTF();
    report.fingerprint = in.readUTF();
    report.broken = in.readUTF();
    report.seconds = in.readDouble();
    for (int left = in.readInt(); left > 0; left--) {
      report.counts.put(Outcome.valueOf(in.readUTF()), in.readInt());
    }
    for (int left = in.readInt(); left > 0; left--) {
      report.add(readError(in));
    }
    for (int left = in.readInt(); left > 0; left--) {
      TrialError error = readError(in);
      report.repeatable.put(error.trialId(), error);
    }
    return report;
  }

  private static TrialError readError(DataInputStream in) throws IOException {
    return new TrialError(Outcome.valueOf(in.readUTF()), in.readUTF(), in.readUTF(), in.readInt());
  }

  /** The report as Kryo sees it. */
  static final class KryoForm extends Serializer<BundleReport> {
    @Override
    public void write(Kryo kryo, Output output, BundleReport report) {
      try {
        DataOutputStream out = new DataOutputStream(output);
        report.write(out);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public BundleReport read(Kryo kryo, Input input, Class<BundleReport> type) {
      try {
        return BundleReport.read(new DataInputStream(input)); // reads no byte ahead
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
