package org.rnnsweep.driver.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Parameter;
import org.rnnsweep.jobs.Trial;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * The bytes of one part. A part is made in memory (a row is a few hundred bytes) so that it reaches
 * any file system in one go.
 */
final class PartFile {
  private PartFile() {}

  /**
   * The records as a Parquet file.
   *
   * @throws IllegalArgumentException if a record holds what the schema does not
   */
  static byte[] encode(StoreSchema schema, List<TrialRecord> records) throws IOException {
    requireFits(schema, records);
    InMemoryFile file = new InMemoryFile();
    try (ParquetWriter<TrialRecord> writer = new Builder(file, schema).build()) {
      for (TrialRecord record : records) {
        writer.write(record);
      }
    }
    return file.content.toByteArray();
  }

  /** Writes records of one schema to a file of any size, row by row; the caller closes it. */
  static ParquetWriter<TrialRecord> writer(OutputFile file, StoreSchema schema) throws IOException {
    return new Builder(file, schema).build();
  }

  /** The columns of a part, from its footer alone; errors as below. */
  static StoreSchema schema(InputFile file) throws IOException {
    try (ParquetFileReader reader = open(file)) {
      Footer footer = Footer.of(reader);
      return StoreSchema.of(
          footer.job, footer.schema, footer.parameters, footer.metrics, footer.series);
    }
  }

  /**
   * Hands over every row.
   *
   * @throws IOException if the file cannot be read, or is a Parquet file but no part of a store
   * @throws RuntimeException from Parquet's depths if the file is torn or altered
   */
  static void read(InputFile file, Consumer<TrialRecord> consumer) throws IOException {
    try (ParquetFileReader reader = open(file)) {
      Footer footer = Footer.of(reader);
      rows(reader, footer.schema, group -> consumer.accept(footer.record(group)));
    }
  }

  /** Hands over id and outcome of every row, reading no other column; errors as above. */
  static void readOutcomes(InputFile file, BiConsumer<String, Outcome> consumer)
      throws IOException {
    try (ParquetFileReader reader = open(file)) {
      Footer.of(reader);
      rows(
          reader,
          StoreSchema.SETTLED,
          group ->
              consumer.accept(
                  text(group, StoreSchema.TRIAL_ID),
                  Outcome.valueOf(text(group, StoreSchema.OUTCOME))));
    }
  }

  /** Hands over fingerprint and host of every settled row of a profile; errors as above. */
  static void readFingerprints(
      InputFile file, NumericsProfile numerics, BiConsumer<String, String> consumer)
      throws IOException {
    try (ParquetFileReader reader = open(file)) {
      Footer.of(reader);
      rows(
          reader,
          StoreSchema.KERNELS,
          group -> {
            if (Outcome.valueOf(text(group, StoreSchema.OUTCOME)).settled()
                && text(group, StoreSchema.NUMERICS).equals(numerics.canonical())) {
              consumer.accept(text(group, StoreSchema.FINGERPRINT), text(group, StoreSchema.HOST));
            }
          });
    }
  }

  private static ParquetFileReader open(InputFile file) throws IOException {
    return ParquetFileReader.open(
        file,
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .usePageChecksumVerification(true) // a flipped bit is an error, not another number
            .build());
  }

  private static void rows(ParquetFileReader reader, MessageType wanted, Consumer<Group> consumer)
      throws IOException {
    reader.setRequestedSchema(wanted);
    MessageColumnIO columns =
        new ColumnIOFactory().getColumnIO(wanted, reader.getFileMetaData().getSchema(), true);
    PageReadStore pages;
    while ((pages = reader.readNextRowGroup()) != null) {
      RecordReader<Group> rows = columns.getRecordReader(pages, new GroupRecordConverter(wanted));
      for (long row = 0; row < pages.getRowCount(); row++) {
        consumer.accept(rows.read());
      }
    }
  }

  private static String text(Group group, String column) {
    return group.getString(column, 0);
  }

  static void requireFits(StoreSchema schema, List<TrialRecord> records) {
    records.forEach(record -> requireFits(schema, record));
  }

  private static void requireFits(StoreSchema schema, TrialRecord record) {
    Trial trial = record.trial();
    if (!trial.job().equals(schema.job())) {
      throw new IllegalArgumentException(
          "a part of job " + schema.job() + " cannot hold a trial of job " + trial.job());
    }
    requireDeclared(
        schema, "parameter", schema.parameters().keySet(), trial.configuration().names());
    requireDeclared(schema, "scalar metric", schema.metrics(), record.metrics().keySet());
    requireDeclared(schema, "series metric", schema.series(), record.series().keySet());
    for (Map.Entry<String, Parameter.Type> parameter : schema.parameters().entrySet()) {
      Object value = trial.configuration().get(parameter.getKey());
      boolean fits =
          value == null
              || switch (parameter.getValue()) {
                case INTEGER -> value instanceof Long;
                case REAL -> value instanceof Double;
                case CHOICE -> value instanceof String;
              };
      if (!fits) {
        throw new IllegalArgumentException(
            "parameter "
                + parameter.getKey()
                + " of job "
                + schema.job()
                + " is "
                + parameter.getValue()
                + ", found "
                + value
                + " ("
                + value.getClass().getSimpleName()
                + ")");
      }
    }
  }

  private static void requireDeclared(
      StoreSchema schema, String kind, Collection<String> declared, Iterable<String> found) {
    for (String name : found) {
      if (!declared.contains(name)) {
        throw new IllegalArgumentException(
            "job "
                + schema.job()
                + " declares no "
                + kind
                + " "
                + name
                + "; it has "
                + String.join(", ", declared));
      }
    }
  }

  /** What the footer says of a part's columns. */
  private record Footer(
      MessageType schema,
      String job,
      List<String> parameters,
      List<String> metrics,
      List<String> series,
      Map<String, String> texts) {

    static Footer of(ParquetFileReader reader) throws StoreException {
      Map<String, String> keys = reader.getFileMetaData().getKeyValueMetaData();
      String format = keys.get(StoreSchema.KEY_FORMAT);
      if (format == null) {
        throw new StoreException("it was not written by rnnsweep");
      }
      if (!format.equals(Integer.toString(StoreSchema.FORMAT))) {
        throw new StoreException(
            "its format is " + format + ", this version reads " + StoreSchema.FORMAT);
      }
      String job = keys.getOrDefault(StoreSchema.KEY_JOB, "");
      if (!StoreSchema.JOB_ID.matcher(job).matches()) { // it names the folder of a merged part
        throw new StoreException("its job is '" + job + "', which is no job's id");
      }
      return new Footer(
          reader.getFileMetaData().getSchema(),
          job,
          list(keys.get(StoreSchema.KEY_PARAMETERS)),
          list(keys.get(StoreSchema.KEY_METRICS)),
          list(keys.get(StoreSchema.KEY_SERIES)),
          new HashMap<>());
    }

    private static List<String> list(String names) {
      return names.isEmpty() ? List.of() : List.of(names.split(","));
    }

    TrialRecord record(Group row) {
      String id = text(row, StoreSchema.TRIAL_ID);
      Trial trial = trial(row);
      if (!trial.id().equals(id)) {
        throw new IllegalStateException(
            "the row of trial " + id + " holds the inputs of trial " + trial.id());
      }
      return new TrialRecord(
          id,
          trial,
          Outcome.valueOf(text(row, StoreSchema.OUTCOME)),
          text(row, StoreSchema.MESSAGE),
          scalars(row),
          arrays(row),
          provenance(row));
    }

    private Trial trial(Group row) {
      Map<String, Object> configuration = new LinkedHashMap<>();
      for (String name : parameters) {
        if (row.getFieldRepetitionCount(name) > 0) {
          Object value =
              switch (schema.getType(name).asPrimitiveType().getPrimitiveTypeName()) {
                case INT64 -> row.getLong(name, 0);
                case DOUBLE -> row.getDouble(name, 0);
                default -> text(row, name);
              };
          configuration.put(name, value);
        }
      }
      return new Trial(
          job,
          row.getInteger(StoreSchema.JOB_VERSION, 0),
          NumericsProfile.parse(text(row, StoreSchema.NUMERICS)),
          row.getLong(StoreSchema.ROOT_SEED, 0),
          row.getInteger(StoreSchema.SEED_INDEX, 0),
          org.rnnsweep.jobs.Configuration.of(configuration));
    }

    private Map<String, Double> scalars(Group row) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (String name : metrics) {
        if (row.getFieldRepetitionCount(name) > 0) {
          values.put(name, row.getDouble(name, 0));
        }
      }
      return values;
    }

    private Map<String, double[]> arrays(Group row) {
      Map<String, double[]> values = new LinkedHashMap<>();
      for (String name : series) {
        if (row.getFieldRepetitionCount(name) > 0) {
          Group list = row.getGroup(name, 0);
          double[] array = new double[list.getFieldRepetitionCount(0)];
          for (int i = 0; i < array.length; i++) {
            array[i] = list.getGroup(0, i).getDouble(0, 0);
          }
          values.put(name, array);
        }
      }
      return values;
    }

    private Provenance provenance(Group row) {
      return new Provenance(
          origin(row, StoreSchema.EXPERIMENT),
          origin(row, StoreSchema.SPEC_HASH),
          origin(row, StoreSchema.COMMIT),
          origin(row, StoreSchema.HOST),
          origin(row, StoreSchema.CPU),
          origin(row, StoreSchema.BLAS),
          origin(row, StoreSchema.FINGERPRINT),
          origin(row, StoreSchema.JAVA),
          origin(row, StoreSchema.SPARK),
          origin(row, StoreSchema.EXECUTOR),
          origin(row, StoreSchema.ATTEMPT),
          row.getLong(StoreSchema.STARTED_MS, 0),
          row.getDouble(StoreSchema.SECONDS, 0),
          row.getLong(StoreSchema.PEAK_BYTES, 0));
    }

    /**
     * Text that no comparison reads: a part from before its column was added is still a part. Equal
     * texts are one, or provenance would take most of the memory of a million records.
     */
    private String origin(Group row, String column) {
      return schema.containsField(column)
          ? texts.computeIfAbsent(text(row, column), text -> text)
          : "unknown";
    }
  }

  private static final class Builder extends ParquetWriter.Builder<TrialRecord, Builder> {
    private final StoreSchema schema;

    Builder(OutputFile file, StoreSchema schema) {
      super(file);
      this.schema = schema;
      withConf(new PlainParquetConfiguration());
      withCompressionCodec(CompressionCodecName.ZSTD);
      withPageWriteChecksumEnabled(true);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // and abstract: both forms must be there
    protected WriteSupport<TrialRecord> getWriteSupport(Configuration configuration) {
      return new RowWriter(schema);
    }

    @Override
    protected WriteSupport<TrialRecord> getWriteSupport(ParquetConfiguration configuration) {
      return new RowWriter(schema);
    }
  }

  private static final class RowWriter extends WriteSupport<TrialRecord> {
    private final StoreSchema schema;
    private final MessageType message;
    private RecordConsumer out;

    RowWriter(StoreSchema schema) {
      this.schema = schema;
      this.message = schema.message();
    }

    @Override
    @SuppressWarnings("deprecation") // and abstract, as above
    public WriteContext init(Configuration configuration) {
      return new WriteContext(message, schema.footer());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(message, schema.footer());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(TrialRecord record) {
      Trial trial = record.trial();
      Provenance provenance = record.provenance();
      out.startMessage();
      text(StoreSchema.TRIAL_ID, record.trialId());
      integer(StoreSchema.JOB_VERSION, trial.jobVersion());
      text(StoreSchema.NUMERICS, trial.numerics().canonical());
      number(StoreSchema.ROOT_SEED, trial.rootSeed());
      integer(StoreSchema.SEED_INDEX, trial.seedIndex());
      text(StoreSchema.OUTCOME, record.outcome().name());
      text(StoreSchema.MESSAGE, record.message());
      for (String name : schema.parameters().keySet()) {
        Object value = trial.configuration().get(name);
        if (value instanceof Long v) {
          number(name, v);
        } else if (value instanceof Double v) {
          real(name, v);
        } else if (value instanceof String v) {
          text(name, v);
        }
      }
      for (String name : schema.metrics()) {
        Double value = record.metrics().get(name);
        if (value != null) {
          real(name, value);
        }
      }
      for (String name : schema.series()) {
        double[] values = record.series().get(name);
        if (values != null) {
          list(name, values);
        }
      }
      text(StoreSchema.EXPERIMENT, provenance.experiment());
      text(StoreSchema.SPEC_HASH, provenance.specHash());
      text(StoreSchema.COMMIT, provenance.commit());
      text(StoreSchema.HOST, provenance.host());
      text(StoreSchema.CPU, provenance.cpu());
      text(StoreSchema.BLAS, provenance.blas());
      text(StoreSchema.FINGERPRINT, provenance.fingerprint());
      text(StoreSchema.JAVA, provenance.java());
      text(StoreSchema.SPARK, provenance.spark());
      text(StoreSchema.EXECUTOR, provenance.executor());
      text(StoreSchema.ATTEMPT, provenance.attempt());
      number(StoreSchema.STARTED_MS, provenance.startedEpochMillis());
      real(StoreSchema.SECONDS, provenance.seconds());
      number(StoreSchema.PEAK_BYTES, provenance.peakBytes());
      out.endMessage();
    }

    private void text(String column, String value) {
      field(column, () -> out.addBinary(Binary.fromString(value)));
    }

    private void integer(String column, int value) {
      field(column, () -> out.addInteger(value));
    }

    private void number(String column, long value) {
      field(column, () -> out.addLong(value));
    }

    private void real(String column, double value) {
      field(column, () -> out.addDouble(value));
    }

    private void list(String column, double[] values) {
      field(
          column,
          () -> {
            out.startGroup();
            if (values.length > 0) { // Parquet has no empty field: an empty list has none
              out.startField("list", 0);
              for (double value : values) {
                out.startGroup();
                out.startField("element", 0);
                out.addDouble(value);
                out.endField("element", 0);
                out.endGroup();
              }
              out.endField("list", 0);
            }
            out.endGroup();
          });
    }

    private void field(String column, Runnable content) {
      int index = message.getFieldIndex(column);
      out.startField(column, index);
      content.run();
      out.endField(column, index);
    }
  }

  private static final class InMemoryFile implements OutputFile {
    final ByteArrayOutputStream content = new ByteArrayOutputStream();

    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return content.size();
        }

        @Override
        public void write(int b) {
          content.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
          content.write(bytes, offset, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
