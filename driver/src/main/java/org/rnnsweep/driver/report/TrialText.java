package org.rnnsweep.driver.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.rnnsweep.driver.store.Provenance;
import org.rnnsweep.driver.store.StoreColumns;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Trial;

/**
 * Trials as text, a line each, for programs that read no Parquet.
 *
 * <p>Columns are the store's, in its order, with {@code job} after {@code trial_id}. Numbers are
 * the shortest decimals that read back as the same {@code double}; {@code started} is an instant of
 * ISO 8601. A series is a JSON array. NaN and the infinities are {@code NaN}, {@code Infinity} and
 * {@code -Infinity}; in JSON, which has no such numbers, they are strings. What a trial does not
 * have is an empty field, and no key at all in JSON.
 */
public final class TrialText {
  private static final JsonFactory JSON = new JsonFactory();

  private TrialText() {}

  /** The first line of a CSV file (RFC 4180 but for the bare line feed), with its end. */
  public static String csvHeader(StoreColumns columns) {
    return line(new ArrayList<>(names(columns)));
  }

  /** A trial's line of a CSV file with these columns, with its end. */
  public static String csvLine(StoreColumns columns, TrialRecord record) {
    Map<String, Object> values = values(record);
    List<String> fields = new ArrayList<>();
    for (String name : names(columns)) {
      Object value = values.get(name);
      fields.add(
          value == null
              ? ""
              : value instanceof Double x
                  ? Numbers.shortest(x)
                  : value instanceof double[] series ? json(series) : value.toString());
    }
    return line(fields);
  }

  /** A trial as one JSON object, with the line's end. */
  public static String jsonLine(TrialRecord record) {
    return json(
            json -> {
              json.writeStartObject();
              for (Map.Entry<String, Object> entry : values(record).entrySet()) {
                json.writeFieldName(entry.getKey());
                write(json, entry.getValue());
              }
              json.writeEndObject();
            })
        + "\n";
  }

  private static final List<String> IDENTITY =
      List.of(
          "trial_id",
          "job",
          "job_version",
          "numerics",
          "root_seed",
          "seed_index",
          "outcome",
          "message");
  private static final List<String> PROVENANCE =
      List.of(
          "experiment",
          "spec_hash",
          "commit",
          "host",
          "cpu",
          "blas",
          "fingerprint",
          "java",
          "spark",
          "executor",
          "attempt",
          "started",
          "seconds",
          "peak_bytes");

  /** Without repetition: what is a parameter of one job may be a metric of another. */
  private static Set<String> names(StoreColumns columns) {
    Set<String> names = new LinkedHashSet<>(IDENTITY);
    names.addAll(columns.parameters());
    names.addAll(columns.metrics());
    names.addAll(columns.series());
    names.addAll(PROVENANCE);
    return names;
  }

  private static Map<String, Object> values(TrialRecord record) {
    Trial trial = record.trial();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("trial_id", record.trialId());
    values.put("job", trial.job());
    values.put("job_version", trial.jobVersion());
    values.put("numerics", trial.numerics().canonical());
    values.put("root_seed", trial.rootSeed());
    values.put("seed_index", trial.seedIndex());
    values.put("outcome", record.outcome().name());
    values.put("message", record.message());
    values.putAll(trial.configuration().asMap());
    values.putAll(record.metrics());
    values.putAll(record.series());
    Provenance provenance = record.provenance();
    values.put("experiment", provenance.experiment());
    values.put("spec_hash", provenance.specHash());
    values.put("commit", provenance.commit());
    values.put("host", provenance.host());
    values.put("cpu", provenance.cpu());
    values.put("blas", provenance.blas());
    values.put("fingerprint", provenance.fingerprint());
    values.put("java", provenance.java());
    values.put("spark", provenance.spark());
    values.put("executor", provenance.executor());
    values.put("attempt", provenance.attempt());
    values.put("started", Instant.ofEpochMilli(provenance.startedEpochMillis()).toString());
    values.put("seconds", provenance.seconds());
    values.put("peak_bytes", provenance.peakBytes());
    return values;
  }

  private static String line(List<String> fields) {
    return fields.stream().map(SummaryCsv::quoted).collect(Collectors.joining(",", "", "\n"));
  }

  private static String json(double[] series) {
    return json(json -> write(json, series));
  }

  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static String json(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      content.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a string is always written", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof double[] series) {
      json.writeStartArray();
      for (double x : series) {
        write(json, x);
      }
      json.writeEndArray();
    } else if (value instanceof Double x) {
      if (Double.isFinite(x)) {
        json.writeNumber(Numbers.shortest(x));
      } else {
        json.writeString(x.toString());
      }
    } else if (value instanceof Number n) {
      json.writeNumber(n.longValue());
    } else {
      json.writeString(value.toString());
    }
  }
}
