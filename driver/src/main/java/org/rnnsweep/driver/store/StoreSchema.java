package org.rnnsweep.driver.store;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;

/**
 * The columns of a part: a trial's identity and outcome, then one column a parameter, a scalar
 * metric and a series metric of its job, then provenance. A parameter or metric that does not apply
 * is null. The footer lists which column is what, so that a reader needs no job.
 */
public final class StoreSchema {

  /** Ids of jobs: they name folders, so that a part of another's making must not choose freely. */
  static final Pattern JOB_ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** Version of the layout; a reader refuses a higher one. */
  static final int FORMAT = 1;

  static final String KEY_FORMAT = "rnnsweep.format";
  static final String KEY_JOB = "rnnsweep.job";
  static final String KEY_PARAMETERS = "rnnsweep.parameters";
  static final String KEY_METRICS = "rnnsweep.metrics";
  static final String KEY_SERIES = "rnnsweep.series";

  static final String TRIAL_ID = "trial_id";
  static final String JOB_VERSION = "job_version";
  static final String NUMERICS = "numerics";
  static final String ROOT_SEED = "root_seed";
  static final String SEED_INDEX = "seed_index";
  static final String OUTCOME = "outcome";
  static final String MESSAGE = "message";

  static final String EXPERIMENT = "experiment";
  static final String SPEC_HASH = "spec_hash";
  static final String COMMIT = "commit";
  static final String HOST = "host";
  static final String CPU = "cpu";
  static final String BLAS = "blas";
  static final String FINGERPRINT = "fingerprint";
  static final String JAVA = "java";
  static final String SPARK = "spark";
  static final String EXECUTOR = "executor";
  static final String ATTEMPT = "attempt";
  static final String STARTED_MS = "started_ms";
  static final String SECONDS = "seconds";
  static final String PEAK_BYTES = "peak_bytes";

  private static final List<Type> IDENTITY =
      List.of(
          text(TRIAL_ID),
          Types.required(INT32).named(JOB_VERSION),
          text(NUMERICS),
          Types.required(INT64).named(ROOT_SEED),
          Types.required(INT32).named(SEED_INDEX),
          text(OUTCOME),
          text(MESSAGE));

  private static final List<Type> PROVENANCE =
      List.of(
          text(EXPERIMENT),
          text(SPEC_HASH),
          text(COMMIT),
          text(HOST),
          text(CPU),
          text(BLAS),
          text(FINGERPRINT),
          text(JAVA),
          text(SPARK),
          text(EXECUTOR),
          text(ATTEMPT),
          Types.required(INT64).as(timestampType(true, TimeUnit.MILLIS)).named(STARTED_MS),
          Types.required(DOUBLE).named(SECONDS),
          Types.required(INT64).named(PEAK_BYTES));

  /** Just enough to know which trials are settled. */
  static final MessageType SETTLED = new MessageType("trial", text(TRIAL_ID), text(OUTCOME));

  /** Just enough to know which BLAS kernels were used, and where. */
  static final MessageType KERNELS =
      new MessageType("trial", text(NUMERICS), text(OUTCOME), text(HOST), text(FINGERPRINT));

  private final String job;
  private final Map<String, Parameter.Type> parameters; // in the order of columns
  private final List<String> metrics;
  private final List<String> series;

  private StoreSchema(
      String job,
      Map<String, Parameter.Type> parameters,
      List<String> metrics,
      List<String> series) {
    this.job = job;
    this.parameters = Collections.unmodifiableMap(parameters);
    this.metrics = List.copyOf(metrics);
    this.series = List.copyOf(series);
  }

  /**
   * The columns of a job's parts.
   *
   * @throws IllegalArgumentException if the job has {@link #problems}
   */
  static StoreSchema of(Job job) {
    List<String> problems = problems(job);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    Map<String, Parameter.Type> parameters = new LinkedHashMap<>();
    job.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter.type()));
    return new StoreSchema(
        job.id(), parameters, names(job, Metric.Shape.SCALAR), names(job, Metric.Shape.SERIES));
  }

  /** The columns of a part that was read; {@link #footer} says which is what. */
  static StoreSchema of(
      String job,
      MessageType message,
      List<String> parameters,
      List<String> metrics,
      List<String> series) {
    Map<String, Parameter.Type> types = new LinkedHashMap<>();
    for (String name : parameters) {
      types.put(
          name,
          switch (message.getType(name).asPrimitiveType().getPrimitiveTypeName()) {
            case INT64 -> Parameter.Type.INTEGER;
            case DOUBLE -> Parameter.Type.REAL;
            default -> Parameter.Type.CHOICE;
          });
    }
    return new StoreSchema(job, types, metrics, series);
  }

  /**
   * The columns of both, first this one's.
   *
   * @throws StoreException if a column is one thing here and another there
   */
  StoreSchema with(StoreSchema other) throws StoreException {
    Map<String, Parameter.Type> parameters = new LinkedHashMap<>(this.parameters);
    Set<String> metrics = new LinkedHashSet<>(this.metrics);
    Set<String> series = new LinkedHashSet<>(this.series);
    for (Map.Entry<String, Parameter.Type> entry : other.parameters.entrySet()) {
      Parameter.Type known = parameters.putIfAbsent(entry.getKey(), entry.getValue());
      if (known != null && known != entry.getValue()) {
        throw new StoreException(
            "parameter "
                + entry.getKey()
                + " is "
                + known
                + " in some parts of job "
                + job
                + " and "
                + entry.getValue()
                + " in others");
      }
    }
    metrics.addAll(other.metrics);
    series.addAll(other.series);
    Set<String> names = new HashSet<>(parameters.keySet());
    names.addAll(metrics);
    names.addAll(series);
    if (names.size() < parameters.size() + metrics.size() + series.size()) {
      throw new StoreException(
          "versions of job " + job + " use one name for a parameter and for a metric");
    }
    return new StoreSchema(job, parameters, List.copyOf(metrics), List.copyOf(series));
  }

  /** Why a job's results cannot be kept: names that two columns would share. Empty if they can. */
  public static List<String> problems(Job job) {
    Set<String> taken = new HashSet<>(Set.of("job")); // the name of the folders, read as a column
    IDENTITY.forEach(type -> taken.add(type.getName()));
    PROVENANCE.forEach(type -> taken.add(type.getName()));
    List<String> problems = new ArrayList<>();
    if (!JOB_ID.matcher(job.id()).matches()) {
      problems.add("job '" + job.id() + "': its id must be lower-case words joined by '-'");
    }
    job.parameters().stream()
        .map(Parameter::name)
        .filter(name -> !taken.add(name))
        .forEach(name -> problems.add(taken(job, "parameter", name)));
    job.metrics().stream()
        .map(Metric::name)
        .filter(name -> !taken.add(name))
        .forEach(name -> problems.add(taken(job, "metric", name)));
    return problems;
  }

  private static String taken(Job job, String kind, String name) {
    return "job " + job.id() + ": " + kind + " " + name + " has the name of another column";
  }

  String job() {
    return job;
  }

  /** In the order of columns. */
  Map<String, Parameter.Type> parameters() {
    return parameters;
  }

  List<String> metrics() {
    return metrics;
  }

  List<String> series() {
    return series;
  }

  MessageType message() {
    List<Type> columns = new ArrayList<>(IDENTITY);
    parameters.forEach(
        (name, type) ->
            columns.add(
                switch (type) {
                  case INTEGER -> optional(INT64, name);
                  case REAL -> optional(DOUBLE, name);
                  case CHOICE -> Types.optional(BINARY).as(stringType()).named(name);
                }));
    metrics.forEach(name -> columns.add(optional(DOUBLE, name)));
    series.forEach(name -> columns.add(Types.optionalList().requiredElement(DOUBLE).named(name)));
    columns.addAll(PROVENANCE);
    return new MessageType("trial", columns);
  }

  Map<String, String> footer() {
    return Map.of(
        KEY_FORMAT,
        Integer.toString(FORMAT),
        KEY_JOB,
        job,
        KEY_PARAMETERS,
        String.join(",", parameters.keySet()),
        KEY_METRICS,
        String.join(",", metrics),
        KEY_SERIES,
        String.join(",", series));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoreSchema that
        && job.equals(that.job)
        && List.copyOf(parameters.entrySet()).equals(List.copyOf(that.parameters.entrySet()))
        && metrics.equals(that.metrics)
        && series.equals(that.series);
  }

  @Override
  public int hashCode() {
    return Objects.hash(job, parameters, metrics, series);
  }

  private static List<String> names(Job job, Metric.Shape shape) {
    return job.metrics().stream()
        .filter(metric -> metric.shape() == shape)
        .map(Metric::name)
        .toList();
  }

  private static Type text(String name) {
    return Types.required(BINARY).as(stringType()).named(name);
  }

  private static Type optional(PrimitiveTypeName type, String name) {
    return Types.optional(type).named(name);
  }
}
