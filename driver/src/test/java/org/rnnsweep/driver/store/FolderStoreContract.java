package org.rnnsweep.driver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

/** What a store in a folder promises on every file system. Everything here goes through Hadoop. */
abstract class FolderStoreContract extends TrialStoreContract {
  /** The folder that holds the store and, in the end, nothing else. */
  private Path around;

  private FileSystem files;

  /** A folder that this test may fill, as a URI. */
  abstract String freshFolder() throws IOException;

  /** How to reach it. */
  abstract Configuration hadoop();

  /** Under which name the bytes of a part stand until the part is whole. */
  abstract Path whileWriting(Path part);

  @BeforeEach
  final void open() throws IOException {
    around = new Path(freshFolder());
    files = around.getFileSystem(hadoop());
    files.mkdirs(around);
  }

  private Path root() {
    return new Path(around, "store");
  }

  private Path trials() {
    return new Path(root(), "trials/job=fake");
  }

  @Override
  FolderTrialStore store() throws IOException {
    return FolderTrialStore.create(root().toString(), hadoop());
  }

  static List<TrialRecord> records(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                record(
                    FakeJob.trial(2, "well", i), Outcome.COMPLETED, Map.of("drawn", 1.0 / (i + 3))))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<Path> visible(Path folder) throws IOException {
    List<Path> visible = new ArrayList<>();
    for (FileStatus status : files.listStatus(folder)) {
      if (!status.getPath().getName().matches("[._].*")) {
        visible.add(status.getPath());
      }
    }
    return visible;
  }

  private byte[] content(Path path) throws IOException {
    try (var in = files.open(path)) {
      return in.readAllBytes();
    }
  }

  private void write(Path path, byte[] content) throws IOException {
    try (OutputStream out = files.create(path, true)) {
      out.write(content);
    }
  }

  @Test
  final void aPartHasARandomNameAndNothingElseIsLeft() throws Exception {
    FolderTrialStore store = store();
    store.append(JOB, records(0, 3));
    store.append(JOB, records(3, 5));
    store.keepExperiment("quick", "5bec", "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(files.listStatus(around)).hasSize(1); // it wrote inside its folder alone
    assertThat(visible(root()).stream().map(Path::getName))
        .containsExactlyInAnyOrder("rnnsweep-store.json", "trials", "experiments");
    assertThat(visible(trials()).stream().map(Path::getName))
        .hasSize(2)
        .allMatch(n -> n.matches("part-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.parquet"));
    assertThat(Arrays.stream(files.listStatus(trials())).map(s -> s.getPath().getName()))
        .noneMatch(name -> name.startsWith("_")); // what it was written under
  }

  @Test
  final void anotherProcessFindsWhatTheFirstStored() throws Exception {
    store().append(JOB, records(0, 3));
    assertThat(scanned(store())).hasSize(3);
    assertThat(scanned(FolderTrialStore.open(root().toString(), hadoop()))).hasSize(3);
    assertThat(FolderTrialStore.find(root().toString(), hadoop())).isPresent();
    assertThat(FolderTrialStore.find(around + "/none", hadoop())).isEmpty();
  }

  @Test
  final void placesThatCannotBeAStoreAreRefusedAndLeftAlone() throws IOException {
    Path file = new Path(around, "file");
    write(file, "mine".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> FolderTrialStore.create(file.toString(), hadoop()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is a file");
    Path thesis = new Path(around, "thesis");
    write(new Path(thesis, "chapter1"), "mine".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> FolderTrialStore.create(thesis.toString(), hadoop()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not empty and not a store (it has chapter1 but no");
    assertThat(visible(thesis)).hasSize(1);
    assertThatThrownBy(() -> FolderTrialStore.open(around + "/none", hadoop()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("there is no store at");
    assertThat(files.exists(new Path(around, "none"))).isFalse();
  }

  @Test
  final void aStoreOfANewerFormatIsRefused() throws IOException {
    store();
    write(new Path(root(), "rnnsweep-store.json"), "{\"format\": 2}".getBytes());
    assertThatThrownBy(this::store)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has format 2, this version of rnnsweep reads up to 1");
  }

  /** The writer dies: its stream is never closed. What it left is neither data nor a problem. */
  @Test
  final void aPartThatIsBeingWrittenIsNotSeen() throws Exception {
    FolderTrialStore store = store();
    store.append(JOB, records(0, 2));
    byte[] whole = content(visible(trials()).get(0));
    OutputStream dead =
        files.create(whileWriting(new Path(trials(), "part-" + UUID.randomUUID() + ".parquet")));
    dead.write(whole, 0, whole.length / 2);
    dead.flush();
    assertThat(scanned(store)).hasSize(2);
  }

  @Test
  final void aTornPartIsNamedAndAResumeMakesItGood() throws Exception {
    FolderTrialStore store = store();
    store.append(JOB, records(0, 5));
    Path torn = visible(trials()).get(0);
    store.append(JOB, records(5, 9));
    byte[] whole = content(torn);
    for (int length : new int[] {0, 1, 4, whole.length / 3, whole.length - 9, whole.length - 1}) {
      write(torn, Arrays.copyOf(whole, length));
      List<TrialRecord> read = new ArrayList<>();
      assertThat(store.scan(read::add))
          .singleElement()
          .asString()
          .contains(torn.getName(), "is skipped");
      assertThat(read).hasSize(4);
      assertThat(store.settledIds()).hasSize(4);
    }
    List<TrialRecord> missing = records(0, 9);
    missing.removeIf(record -> settled(store, record));
    assertThat(missing).hasSize(5);
    store.append(JOB, missing);
    assertThat(store.settledIds()).hasSize(9);
    assertThat(store.scan(record -> {})).singleElement().asString().contains("is skipped");
  }

  private static boolean settled(FolderTrialStore store, TrialRecord record) {
    try {
      return store.settledIds().contains(record.trialId());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  final void foreignFilesAreNamedAndSkipped() throws Exception {
    FolderTrialStore store = store();
    store.append(JOB, records(0, 2));
    byte[] text = "not Parquet, and longer than a footer".getBytes(StandardCharsets.UTF_8);
    write(new Path(trials(), "notes.txt"), text);
    write(new Path(trials(), "part-x.parquet"), text);
    write(new Path(root(), "trials/stray"), text);
    write(new Path(trials(), "_half-written"), text);
    List<TrialRecord> read = new ArrayList<>();
    List<String> problems = store.scan(read::add);
    assertThat(read).hasSize(2);
    assertThat(problems)
        .hasSize(3)
        .anyMatch(p -> p.contains("notes.txt does not belong in a store"))
        .anyMatch(p -> p.contains("part-x.parquet is skipped"))
        .anyMatch(p -> p.contains("stray does not belong in a store"));
  }

  @Test
  final void anExperimentIsKeptOnceAndTheLatestRunIsLast() throws Exception {
    FolderTrialStore store = store();
    byte[] first = "{\"experiment\": \"first\"}".getBytes(StandardCharsets.UTF_8);
    byte[] second = "{\"experiment\": \"second\"}".getBytes(StandardCharsets.UTF_8);
    store.keepExperiment("first", "1", first);
    tick();
    store.keepExperiment("second", "2", second);
    assertThat(store.experiments()).containsExactly(first, second);
    tick();
    store.keepExperiment("first", "1", first);
    assertThat(store.experiments()).containsExactly(second, first);
  }

  private static void tick() throws InterruptedException {
    Thread.sleep(20); // times of files are milliseconds
  }

  /**
   * Several drivers make the same store, keep the same experiment and append, all at once, while
   * another process reads: it sees whole parts and no problem at any time.
   */
  @Test
  final void driversThatBeginTogetherDoNoHarm() throws Exception {
    int drivers = 4;
    int parts = 8;
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService pool = Executors.newFixedThreadPool(drivers + 1);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int driver = 0; driver < drivers; driver++) {
        int first = driver * parts;
        writers.add(
            pool.submit(
                () -> {
                  FolderTrialStore store = store();
                  store.keepExperiment("quick", "5bec", "{}".getBytes(StandardCharsets.UTF_8));
                  for (int i = first; i < first + parts; i++) {
                    store.append(JOB, records(i, i + 2)); // each trial by two drivers or parts
                  }
                  return null;
                }));
      }
      Future<?> reader =
          pool.submit(
              () -> {
                FolderTrialStore store = store();
                int before = 0;
                while (!done.get()) {
                  List<TrialRecord> read = scanned(store);
                  assertThat(read.size()).isGreaterThanOrEqualTo(before);
                  before = read.size();
                }
                return null;
              });
      for (Future<?> writer : writers) {
        writer.get();
      }
      done.set(true);
      reader.get();
    } finally {
      done.set(true);
      pool.shutdownNow();
    }
    assertThat(scanned(store())).hasSize(drivers * parts + 1);
    assertThat(store().experiments()).hasSize(1);
  }

  /** All that a store says of its trials, with where and when; disagreements as they are. */
  private static List<Object> everything(FolderTrialStore store) throws IOException {
    List<Object> said = new ArrayList<>();
    List<String> problems =
        store.scan(
            record ->
                said.add(
                    List.of(
                        record.trial(),
                        record.outcome(),
                        record.message(),
                        bits(record),
                        record.provenance())));
    said.add(problems.stream().map(FolderStoreContract::withoutOrder).toList());
    said.add(store.settledIds());
    return said;
  }

  /** A disagreement names its two records in the order in which they were read. */
  private static List<String> withoutOrder(String problem) {
    return Arrays.stream(problem.split("[ ;:]+")).sorted().toList();
  }

  @Test
  final void aCompactionChangesNothingButTheNumberOfParts() throws Exception {
    FolderTrialStore store = store();
    for (int i = 0; i < 6; i++) {
      store.append(JOB, records(i, i + 3)); // most trials thrice
    }
    Trial failing = FakeJob.trial(2, "well", 100);
    Trial disputed = FakeJob.trial(2, "well", 101);
    for (int i = 0; i < 2; i++) {
      Provenance here = provenance("host" + i, i);
      store.append(
          JOB,
          List.of(
              record(failing, Outcome.FAILED, Map.of(), here),
              record(disputed, Outcome.COMPLETED, Map.of("drawn", 1.0 + i), here)));
    }
    // As a version of the job left them that knew one metric less.
    StoreSchema earlier =
        StoreSchema.of(
            "fake",
            StoreSchema.of(JOB).message(),
            List.of("width", "scale", "manner"),
            List.of("drawn"),
            List.of("draws"));
    store.append(earlier, records(200, 202));
    store.append(earlier, records(202, 203));
    List<Object> before = everything(store);
    StoreColumns columns = store.columns();

    Compaction done = Compaction.of(store);
    assertThat(done).isEqualTo(new Compaction(10, 10, 2, List.of()));
    assertThat(store.parts()).hasSize(2);
    assertThat(everything(store)).isEqualTo(before);
    assertThat(store.columns()).isEqualTo(columns);
    assertThat(store.records(failing.id())).hasSize(2); // how often a trial failed is kept
    assertThat(store.records(disputed.id())).hasSize(2);
    assertThat(store.records(FakeJob.trial(2, "well", 3).id())).hasSize(1);
    assertThat(Compaction.of(store)).isEqualTo(new Compaction(2, 0, 0, List.of()));
    assertThat(everything(store)).isEqualTo(before);
  }

  @Test
  final void aCompactionLeavesAndNamesWhatItCannotRead() throws Exception {
    FolderTrialStore store = store();
    store.append(JOB, records(0, 5));
    Path torn = visible(trials()).get(0);
    byte[] half = Arrays.copyOf(content(torn), 100);
    write(torn, half);
    store.append(JOB, records(5, 6));
    store.append(JOB, records(6, 7));
    Compaction done = Compaction.of(store);
    assertThat(done.merged()).isEqualTo(2);
    assertThat(done.problems())
        .singleElement()
        .asString()
        .contains(torn.getName(), "is left as it is");
    assertThat(content(torn)).isEqualTo(half);
    assertThat(store.settledIds()).hasSize(2);
  }

  /** Between two parts that a reader reads, all parts are merged and taken away. */
  @Test
  final void aReaderFindsWhatIsMergedUnderIt() throws Exception {
    FolderTrialStore store = store();
    for (int i = 0; i < 5; i++) {
      store.append(JOB, records(i, i + 1));
    }
    List<String> read = new ArrayList<>();
    List<String> problems =
        store.read(
            record -> {
              if (read.isEmpty()) {
                compact(store);
              }
              read.add(record.trialId());
            });
    assertThat(problems).isEmpty();
    assertThat(read).hasSizeGreaterThan(5); // one was read twice, and agrees
    assertThat(Set.copyOf(read)).hasSize(5);
  }

  private static void compact(FolderTrialStore store) {
    try {
      Compaction.of(store);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  final void compactionsReadersAndWritersAtOnceLoseNothing() throws Exception {
    int rounds = 12;
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> others = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        others.add(
            pool.submit(
                () -> {
                  FolderTrialStore store = store();
                  while (!done.get()) {
                    assertThat(Compaction.of(store).problems()).isEmpty();
                  }
                  return null;
                }));
      }
      others.add(
          pool.submit(
              () -> {
                FolderTrialStore store = store();
                int before = 0;
                while (!done.get()) {
                  List<TrialRecord> read = scanned(store);
                  assertThat(read.size()).isGreaterThanOrEqualTo(before);
                  before = read.size();
                }
                return null;
              }));
      FolderTrialStore store = store();
      for (int i = 0; i < rounds; i++) {
        store.append(JOB, records(i, i + 1));
      }
      tick();
      done.set(true);
      for (Future<?> other : others) {
        other.get();
      }
    } finally {
      done.set(true);
      pool.shutdownNow();
    }
    assertThat(scanned(store())).hasSize(rounds);
    compact(store());
    assertThat(scanned(store())).hasSize(rounds);
    assertThat(store().parts()).hasSize(1);
  }
}
