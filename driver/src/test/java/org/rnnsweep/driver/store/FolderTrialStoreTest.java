package org.rnnsweep.driver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rnnsweep.driver.store.TrialStoreContract.JOB;
import static org.rnnsweep.driver.store.TrialStoreContract.bits;
import static org.rnnsweep.driver.store.TrialStoreContract.record;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

/** A store on the local file system byte by byte; what holds everywhere is in the contract. */
class FolderTrialStoreTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  private FolderTrialStore store() throws IOException {
    return FolderTrialStore.create(folder.resolve("store").toString(), HADOOP);
  }

  private Path marker() {
    return folder.resolve("store/rnnsweep-store.json");
  }

  private Path trials() {
    return folder.resolve("store/trials/job=fake");
  }

  private List<Path> visible() throws IOException {
    try (Stream<Path> files = Files.list(trials())) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .collect(Collectors.toList());
    }
  }

  private static List<TrialRecord> records(int count) {
    List<TrialRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          record(FakeJob.trial(2, "well", i), Outcome.COMPLETED, Map.of("drawn", 1.0 / (i + 3))));
    }
    return records;
  }

  /** One part and its only path; there is no checksum of Hadoop's beside it. */
  private Path barePart(TrialStore store) throws IOException {
    store.append(JOB, records(5));
    assertThat(trials()).isDirectoryNotContaining("glob:**.crc");
    return visible().get(0);
  }

  @Test
  void theLayoutIsTheOneThatIsDocumented() throws IOException {
    FolderTrialStore store = store();
    assertThat(Files.readString(marker()))
        .matches(
            "(?s)\\{\\s*\"format\" : 1,\\s*\"created\" : \"\\d{4}-\\d\\d-\\d\\dT[0-9:]+Z\"\\s*}\\s*");
    store.append(JOB, records(2));
    assertThat(visible()).hasSize(1);
    assertThat(visible().get(0).getFileName().toString())
        .matches("part-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.parquet");
    assertThat(store.location()).isEqualTo("file:" + folder.resolve("store"));
  }

  /** Other programs read these columns: they may not change within format 1. */
  @Test
  void theColumnsAreSealed() throws IOException {
    store().append(JOB, records(1));
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(visible().get(0).toUri()), HADOOP))) {
      assertThat(reader.getFileMetaData().getSchema().toString())
          .isEqualTo(
              """
              message trial {
                required binary trial_id (STRING);
                required int32 job_version;
                required binary numerics (STRING);
                required int64 root_seed;
                required int32 seed_index;
                required binary outcome (STRING);
                required binary message (STRING);
                optional int64 width;
                optional double scale;
                optional binary manner (STRING);
                optional double drawn;
                optional double rarely;
                optional group draws (LIST) {
                  repeated group list {
                    required double element;
                  }
                }
                required binary experiment (STRING);
                required binary spec_hash (STRING);
                required binary commit (STRING);
                required binary host (STRING);
                required binary cpu (STRING);
                required binary blas (STRING);
                required binary fingerprint (STRING);
                required binary java (STRING);
                required binary spark (STRING);
                required binary executor (STRING);
                required binary attempt (STRING);
                required int64 started_ms (TIMESTAMP(MILLIS,true));
                required double seconds;
                required int64 peak_bytes;
              }
              """);
      assertThat(reader.getFileMetaData().getKeyValueMetaData())
          .containsEntry("rnnsweep.format", "1")
          .containsEntry("rnnsweep.job", "fake")
          .containsEntry("rnnsweep.parameters", "width,scale,manner")
          .containsEntry("rnnsweep.metrics", "drawn,rarely")
          .containsEntry("rnnsweep.series", "draws");
    }
  }

  @Test
  void placesThatCannotBeAStoreAreRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertThatThrownBy(() -> FolderTrialStore.create(file.toString(), HADOOP))
        .isInstanceOf(StoreException.class)
        .hasMessage("a store is a folder, but file:" + file + " is a file");
    assertThatThrownBy(() -> FolderTrialStore.create(file.resolve("below").toString(), HADOOP))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("file:" + file.resolve("below"));
    Path thesis = Files.createDirectory(folder.resolve("thesis"));
    Files.writeString(thesis.resolve("chapter1"), "mine");
    assertThatThrownBy(() -> FolderTrialStore.create(thesis.toString(), HADOOP))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not empty and not a store (it has chapter1 but no");
    assertThat(thesis).isDirectoryContaining("glob:**/chapter1");
    try (Stream<Path> left = Files.list(thesis)) {
      assertThat(left).hasSize(1);
    }
    assertThatThrownBy(() -> FolderTrialStore.open(folder.resolve("none").toString(), HADOOP))
        .isInstanceOf(StoreException.class)
        .hasMessage("there is no store at file:" + folder.resolve("none"));
    assertThat(folder.resolve("none")).doesNotExist();
    assertThatThrownBy(() -> FolderTrialStore.create("nowhere://x/y", HADOOP))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot use nowhere://x/y as a store");
    assertThatThrownBy(() -> FolderTrialStore.create("", HADOOP))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void newerAndBrokenMarkersAreRefused() throws IOException {
    store();
    Files.writeString(marker(), "{\"format\": 2}");
    assertThatThrownBy(this::store)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has format 2, this version of rnnsweep reads up to 1");
    Files.writeString(marker(), "{}");
    assertThatThrownBy(this::store)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("names no format");
    Files.writeString(marker(), "\u0000random");
    assertThatThrownBy(this::store)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not JSON");
  }

  @Test
  void aTornPartIsNamedAndNeverRead() throws IOException {
    FolderTrialStore store = store();
    Path part = barePart(store);
    byte[] whole = Files.readAllBytes(part);
    for (int length = 0; length < whole.length; length += length < whole.length - 20 ? 61 : 1) {
      Files.write(part, Arrays.copyOf(whole, length));
      List<TrialRecord> read = new ArrayList<>();
      List<String> problems = store.scan(read::add);
      assertThat(read).isEmpty();
      assertThat(problems).hasSize(1);
      assertThat(problems.get(0)).contains(part.getFileName().toString(), "is skipped");
      assertThat(store.settledIds()).isEmpty();
    }
    Files.write(part, whole);
    assertThat(store.settledIds()).hasSize(5);
  }

  /** Parquet's own checksums and the trial ids must do. Seed 1, 400 flips. */
  @Test
  void aFlippedBitNeverChangesANumber() throws IOException {
    FolderTrialStore store = store();
    Path part = barePart(store);
    byte[] whole = Files.readAllBytes(part);
    Map<String, Map<String, List<Long>>> original =
        records(5).stream()
            .collect(Collectors.toMap(TrialRecord::trialId, TrialStoreContract::bits));
    SplittableRandom random = new SplittableRandom(1);
    int seen = 0;
    for (int i = 0; i < 400; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(part, flipped);
      List<TrialRecord> read = new ArrayList<>();
      List<String> problems = store.scan(read::add);
      seen += problems.size();
      for (TrialRecord record : read) {
        assertThat(bits(record)).isEqualTo(original.get(record.trialId()));
      }
      assertThat(read.size() + 5 * problems.size()).isEqualTo(5);
    }
    assertThat(seen).isGreaterThan(100); // the rest hit names and statistics that nobody reads
  }

  @Test
  void settledIdsReadNoMetric() throws IOException {
    FolderTrialStore store = store();
    TrialRecord record = records(1).get(0);
    double[] noise = new SplittableRandom(3).doubles(20_000).toArray(); // most of the file
    store.append(
        JOB,
        List.of(
            new TrialRecord(
                record.trialId(),
                record.trial(),
                Outcome.COMPLETED,
                "",
                Map.of(),
                Map.of("draws", noise),
                record.provenance())));
    Path part = visible().get(0);
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);
    assertThat(store.settledIds()).containsExactly(record.trialId());
    assertThat(store.scan(r -> {})).hasSize(1);
  }

  @Test
  void foreignFilesAreNamedAndSkipped() throws Exception {
    FolderTrialStore store = store();
    store.append(JOB, records(2));
    Files.writeString(trials().resolve("notes.txt"), "mine");
    Files.writeString(trials().resolve("part-x.parquet"), "not Parquet, and longer than a footer");
    Files.createDirectory(trials().resolve("part-y.parquet"));
    Files.writeString(folder.resolve("store/trials/stray"), "");
    Files.createDirectory(folder.resolve("store/trials/job=empty"));
    Files.writeString(trials().resolve("_half-written"), "");
    Files.writeString(trials().resolve(".hidden"), "");
    var schema = StoreSchema.of(JOB).message();
    try (ParquetWriter<org.apache.parquet.example.data.Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(trials().resolve("part-z.parquet")))
            .withType(StoreSchema.SETTLED)
            .build()) {
      writer.write(
          new SimpleGroupFactory(schema)
              .newGroup()
              .append("trial_id", "of another program")
              .append("outcome", "COMPLETED"));
    }
    List<TrialRecord> read = new ArrayList<>();
    List<String> problems = store.scan(read::add);
    assertThat(read).hasSize(2);
    assertThat(store.settledIds()).hasSize(2);
    assertThat(problems)
        .hasSize(5)
        .anyMatch(p -> p.contains("notes.txt does not belong in a store"))
        .anyMatch(p -> p.contains("part-x.parquet is skipped"))
        .anyMatch(p -> p.contains("part-y.parquet does not belong in a store"))
        .anyMatch(p -> p.contains("part-z.parquet is skipped: it was not written by rnnsweep"))
        .anyMatch(p -> p.contains("stray does not belong in a store"));
  }

  /** What a merge or a compaction writes goes to a folder of that name. */
  @Test
  void aPartWhoseJobNamesAnotherPlaceIsRefused() throws IOException {
    FolderTrialStore store = store();
    for (String job : new String[] {"../../escaped", "..", "a/b", "", "Fake"}) {
      Trial trial = FakeJob.trial(2, "well", 0);
      Trial foreign =
          new Trial(job, 1, trial.numerics(), trial.rootSeed(), 0, trial.configuration());
      StoreSchema schema =
          StoreSchema.of(
              job,
              StoreSchema.of(JOB).message(),
              List.of("width", "scale", "manner"),
              List.of("drawn", "rarely"),
              List.of("draws"));
      byte[] content =
          PartFile.encode(schema, List.of(record(foreign, Outcome.COMPLETED, Map.of())));
      Files.createDirectories(trials());
      Files.write(trials().resolve("part-x.parquet"), content);
      assertThat(store.scan(r -> {}))
          .singleElement()
          .asString()
          .endsWith("is skipped: its job is '" + job + "', which is no job's id");
      assertThat(store.schemas()).isEmpty();
      assertThat(Compaction.of(store).merged()).isZero();
    }
    assertThatThrownBy(() -> store.keepExperiment("../x", "5bec", new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRowWhoseInputsAreNotItsIdsIsRefused() throws IOException {
    FolderTrialStore store = store();
    TrialRecord good = records(1).get(0);
    store.append(
        JOB,
        List.of(
            new TrialRecord(
                "00000000000000000000000000000000",
                good.trial(),
                good.outcome(),
                "",
                good.metrics(),
                good.series(),
                good.provenance())));
    assertThat(store.scan(r -> {}))
        .singleElement()
        .asString()
        .contains("the row of trial 00000000000000000000000000000000 holds the inputs of trial");
  }

  /** A local folder whose renames of parts return false. */
  public static final class BrokenRename extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("broken:///");
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) {
      return from.getName().contains("part-") ? false : rawRename(from, to);
    }

    private boolean rawRename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) {
      return pathToFile(from).renameTo(pathToFile(to));
    }
  }

  private static Configuration with(String scheme, Class<?> type) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs." + scheme + ".impl", type.getName());
    hadoop.setBoolean("fs." + scheme + ".impl.disable.cache", true);
    return hadoop;
  }

  @Test
  void aRenameThatFailsIsAnErrorAndLeavesNothing() throws IOException {
    FolderTrialStore store =
        FolderTrialStore.create(
            "broken://" + folder.resolve("store"), with("broken", BrokenRename.class));
    assertThatThrownBy(() -> store.append(JOB, records(2)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot rename");
    assertThat(visible()).isEmpty();
    assertThat(store.settledIds()).isEmpty();
  }
}
