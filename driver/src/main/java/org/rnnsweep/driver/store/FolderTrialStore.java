package org.rnnsweep.driver.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * A store in a folder of any file system that Hadoop knows:
 *
 * <pre>
 * rnnsweep-store.json                    says that this is a store, and its format
 * trials/job=ID/part-UUID.parquet        one row a trial, see {@link StoreSchema}
 * experiments/NAME-HASH.json             what was run, whole
 * suites/NAME-HASH.json                  which of them were run together
 * report/                                made from the above, and can be made again
 * </pre>
 *
 * A part is written under a hidden name, closed, and renamed; object stores rename by copying, but
 * show a file only when it is closed, so there it is written under its own name. Any number of
 * processes may append at once: names never meet.
 */
public final class FolderTrialStore implements TrialStore {
  private static final String MARKER = "rnnsweep-store.json";
  private static final String TRIALS = "trials";
  private static final String EXPERIMENTS = "experiments";
  private static final String SUITES = "suites";
  private static final String JOB_PREFIX = "job=";

  /** Schemes of stores that put a whole object at once and cannot rename one. */
  private static final Set<String> OBJECT_STORES =
      Set.of(
          "s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "oss", "cos", "cosn", "obs",
          "oci", "swift");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem files;
  private final Path root;

  private FolderTrialStore(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  /**
   * Opens the store at that place, and makes one where there is nothing or an empty folder.
   *
   * @param location a URI, or a path on the default file system of {@code hadoop}
   * @throws StoreException if the place cannot be a store: a file, a folder with other things in
   *     it, a store of a newer format, a file system that is unknown
   */
  public static FolderTrialStore create(String location, Configuration hadoop) throws IOException {
    FolderTrialStore store = at(location, hadoop);
    if (!store.exists()) {
      store.mark();
    }
    return store;
  }

  /**
   * Opens the store at that place.
   *
   * @param location a URI, or a path on the default file system of {@code hadoop}
   * @throws StoreException if there is none, or for the reasons of {@link #create}
   */
  public static FolderTrialStore open(String location, Configuration hadoop) throws IOException {
    FolderTrialStore store = at(location, hadoop);
    if (!store.exists()) {
      throw new StoreException("there is no store at " + store.root);
    }
    return store;
  }

  /**
   * Opens the store at that place if there is one; writes nothing.
   *
   * @throws StoreException if the place cannot be a store, for the reasons of {@link #create}
   */
  public static Optional<FolderTrialStore> find(String location, Configuration hadoop)
      throws IOException {
    FolderTrialStore store = at(location, hadoop);
    return store.exists() ? Optional.of(store) : Optional.empty();
  }

  private static FolderTrialStore at(String location, Configuration hadoop) throws IOException {
    try {
      Path path = new Path(location);
      FileSystem files = path.getFileSystem(hadoop);
      return new FolderTrialStore(files, files.makeQualified(path));
    } catch (IOException | IllegalArgumentException e) {
      throw new StoreException("cannot use " + location + " as a store: " + e.getMessage(), e);
    }
  }

  /** Whether the marker is there; refuses what can be no store. */
  private boolean exists() throws IOException {
    FileStatus status;
    try {
      status = files.getFileStatus(root);
    } catch (FileNotFoundException e) {
      return false;
    }
    if (!status.isDirectory()) {
      throw new StoreException("a store is a folder, but " + root + " is a file");
    }
    Path marker = new Path(root, MARKER);
    if (files.exists(marker)) {
      requireFormat(marker);
      return true;
    }
    for (FileStatus entry : files.listStatus(root)) {
      if (!hidden(entry.getPath())) {
        throw new StoreException(
            root
                + " is not empty and not a store (it has "
                + entry.getPath().getName()
                + " but no "
                + MARKER
                + "); name another folder or an empty one");
      }
    }
    return false;
  }

  private void requireFormat(Path marker) throws IOException {
    int format;
    try (var in = files.open(marker)) {
      JsonNode content = JSON.readTree(in.readAllBytes());
      format = content == null ? 0 : content.path("format").asInt(0);
    } catch (JacksonException e) {
      throw new StoreException(marker + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (format < 1) {
      throw new StoreException(marker + " names no format");
    }
    if (format > StoreSchema.FORMAT) {
      throw new StoreException(
          String.format(
              Locale.ROOT,
              "the store %s has format %d, this version of rnnsweep reads up to %d; use a newer one",
              root,
              format,
              StoreSchema.FORMAT));
    }
  }

  private void mark() throws IOException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    byte[] content =
        JSON.createObjectNode()
            .put("format", StoreSchema.FORMAT)
            .put("created", now.toString())
            .toPrettyString()
            .concat("\n")
            .getBytes(StandardCharsets.UTF_8);
    try {
      files.mkdirs(root);
      publishOnce(new Path(root, MARKER), content);
    } catch (IOException e) {
      throw new StoreException("cannot make a store at " + root + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String location() {
    return root.toString();
  }

  /** The file system that the store is on. */
  public FileSystem files() {
    return files;
  }

  /** A folder inside the store, for what can be made again from it. */
  public Path folder(String name) {
    return new Path(root, name);
  }

  /**
   * Keeps what an experiment was read from, so that the store alone is enough for its report. The
   * same experiment is kept once.
   *
   * @param name of the experiment
   * @param specHash of its text; tells versions of one experiment apart
   */
  public void keepExperiment(String name, String specHash, byte[] content) throws IOException {
    keep(EXPERIMENTS, name, specHash, content);
  }

  /** Keeps which experiments were run together, and what is said of them all. */
  public void keepSuite(String name, String specHash, byte[] content) throws IOException {
    keep(SUITES, name, specHash, content);
  }

  private void keep(String folder, String name, String hash, byte[] content) throws IOException {
    if (!name.matches("[A-Za-z0-9-]+") || !hash.matches("[A-Za-z0-9]+")) {
      throw new IllegalArgumentException("not a name for a file: " + name + "-" + hash);
    }
    Path kept = new Path(new Path(root, folder), name + "-" + hash + ".json");
    if (!files.exists(kept)) {
      publishOnce(kept, content);
    } else if (putsWhole()) { // an object's time is that of its last write
      write(kept, content, Existing.REPLACED);
    } else {
      files.setTimes(kept, System.currentTimeMillis(), -1); // now the latest
    }
  }

  /** What {@link #keepExperiment} kept, the latest run last. */
  public List<byte[]> experiments() throws IOException {
    return contents(EXPERIMENTS);
  }

  /** What {@link #keepSuite} kept, the latest run last; empty in a store of single experiments. */
  public List<byte[]> suites() throws IOException {
    return contents(SUITES);
  }

  private List<byte[]> contents(String folder) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (FileStatus file : kept(folder)) {
      contents.add(content(file));
    }
    return contents;
  }

  private List<FileStatus> kept(String folder) throws IOException {
    List<FileStatus> kept = new ArrayList<>(list(new Path(root, folder)));
    kept.sort(Comparator.comparingLong(FileStatus::getModificationTime));
    return kept;
  }

  private byte[] content(FileStatus file) throws IOException {
    try (var in = files.open(file.getPath())) {
      return in.readAllBytes();
    }
  }

  /** Keeps the experiments and suites of another store that this one does not know. */
  void keepExperimentsOf(FolderTrialStore other) throws IOException {
    for (String folder : List.of(EXPERIMENTS, SUITES)) {
      for (FileStatus file : other.kept(folder)) {
        Path kept = new Path(new Path(root, folder), file.getPath().getName());
        if (!files.exists(kept)) {
          publishOnce(kept, other.content(file));
        }
      }
    }
  }

  @Override
  public Set<String> settledIds() throws IOException {
    Set<String> ids = new HashSet<>();
    forEachPart(
        new ArrayList<>(),
        part -> {
          List<String> settled = new ArrayList<>();
          PartFile.readOutcomes(
              part,
              (id, outcome) -> {
                if (outcome.settled()) {
                  settled.add(id);
                }
              });
          ids.addAll(settled);
        });
    return ids;
  }

  @Override
  public List<String> scan(Consumer<TrialRecord> consumer) throws IOException {
    Merge merge = new Merge();
    List<String> problems = new ArrayList<>(read(merge::add));
    merge.deliver(consumer);
    merge.disagreements().values().forEach(found -> problems.add(found.text()));
    return problems;
  }

  /**
   * Hands over every record of every readable part, duplicates included, in no order.
   *
   * @return one line a problem, naming the file
   */
  List<String> read(Consumer<TrialRecord> consumer) throws IOException {
    List<String> problems = new ArrayList<>();
    forEachPart(
        problems,
        part -> {
          List<TrialRecord> records = new ArrayList<>();
          PartFile.read(part, records::add);
          records.forEach(consumer); // a part counts whole or not at all
        });
    return problems;
  }

  /**
   * The columns of each job's parts, by job, over all versions of it. Reads footers alone.
   *
   * @throws StoreException if two versions of a job use one column for two things
   */
  SortedMap<String, StoreSchema> schemas() throws IOException {
    SortedMap<String, StoreSchema> schemas = new TreeMap<>();
    List<StoreSchema> all = new ArrayList<>();
    forEachPart(new ArrayList<>(), part -> all.add(PartFile.schema(part)));
    for (StoreSchema schema : all) {
      StoreSchema known = schemas.get(schema.job());
      schemas.put(schema.job(), known == null ? schema : known.with(schema));
    }
    return schemas;
  }

  /** The columns of all parts, by what they are. Reads footers alone. */
  public StoreColumns columns() throws IOException {
    Set<String> parameters = new LinkedHashSet<>();
    Set<String> metrics = new LinkedHashSet<>();
    Set<String> series = new LinkedHashSet<>();
    for (StoreSchema schema : schemas().values()) {
      parameters.addAll(schema.parameters().keySet());
      metrics.addAll(schema.metrics());
      series.addAll(schema.series());
    }
    return new StoreColumns(List.copyOf(parameters), List.copyOf(metrics), List.copyOf(series));
  }

  /**
   * Writes the trials of one job into one Parquet file on this machine, rows in the order of ids
   * and columns as in a part; the job may be null where the store has one only.
   *
   * @return problems, as {@link #scan} has them
   * @throws StoreException if there is no such job, or none is named and there are several
   */
  public List<String> exportParquet(String job, java.nio.file.Path file) throws IOException {
    SortedMap<String, StoreSchema> schemas = schemas();
    if (job == null && schemas.size() != 1) {
      throw new StoreException(
          "a Parquet file holds the trials of one job; name one of " + schemas.keySet());
    }
    StoreSchema schema = schemas.get(job == null ? schemas.firstKey() : job);
    if (schema == null) {
      throw new StoreException("no trials of job " + job + " here; there are " + schemas.keySet());
    }
    try (ParquetWriter<TrialRecord> writer = PartFile.writer(new LocalOutputFile(file), schema)) {
      return scan(
          record -> {
            if (record.trial().job().equals(schema.job())) {
              try {
                writer.write(record);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Every record of the trials whose ids begin so, duplicates and disagreeing ones included: {@link
   * #scan} withholds those. Reads whole only the parts that hold such a trial.
   */
  public List<TrialRecord> records(String idPrefix) throws IOException {
    List<TrialRecord> found = new ArrayList<>();
    forEachPart(
        new ArrayList<>(),
        part -> {
          boolean[] holds = new boolean[1];
          PartFile.readOutcomes(part, (id, outcome) -> holds[0] |= id.startsWith(idPrefix));
          if (holds[0]) {
            List<TrialRecord> records = new ArrayList<>();
            PartFile.read(part, records::add);
            records.stream()
                .filter(record -> record.trialId().startsWith(idPrefix))
                .forEach(found::add);
          }
        });
    return found;
  }

  private interface PartReader {
    void read(InputFile part) throws IOException;
  }

  /**
   * Reads every part. A compaction may take parts away while this lists and reads; what they held
   * is then in a part that came later, so the folders are listed once more, and again while parts
   * vanish.
   */
  private void forEachPart(List<String> problems, PartReader reader) throws IOException {
    Set<Path> met = new HashSet<>();
    boolean again = true;
    for (int pass = 0; again; pass++) {
      again = pass == 0; // a list is no snapshot: the first may have missed both old and new
      for (FileStatus part : parts(met, problems)) {
        try {
          reader.read(input(part));
        } catch (IOException | RuntimeException e) {
          if (files.exists(part.getPath())) {
            problems.add(part.getPath() + " is skipped: " + cause(e));
          } else {
            again = true;
          }
        }
      }
    }
  }

  /** The parts that are there and not among {@code met}, to which they are added. */
  private List<FileStatus> parts(Set<Path> met, List<String> problems) throws IOException {
    List<FileStatus> parts = new ArrayList<>();
    for (FileStatus folder : list(new Path(root, TRIALS))) {
      if (!folder.isDirectory() || !folder.getPath().getName().startsWith(JOB_PREFIX)) {
        if (met.add(folder.getPath())) {
          problems.add(folder.getPath() + " does not belong in a store");
        }
        continue;
      }
      for (FileStatus part : list(folder.getPath())) {
        if (!met.add(part.getPath())) {
          continue;
        }
        if (part.isFile() && part.getPath().getName().matches("part-.*\\.parquet")) {
          parts.add(part);
        } else {
          problems.add(part.getPath() + " does not belong in a store");
        }
      }
    }
    return parts;
  }

  /** All parts, in the order of their paths. */
  List<FileStatus> parts() throws IOException {
    return parts(new HashSet<>(), new ArrayList<>());
  }

  /** How many parts there are. */
  public int partCount() throws IOException {
    return parts().size();
  }

  InputFile input(FileStatus part) throws IOException {
    return HadoopInputFile.fromStatus(part, files.getConf());
  }

  /** What a reader threw, in one line. */
  static String cause(Throwable e) {
    String whole = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    String message = whole.lines().findFirst().orElse(""); // Parquet adds the whole schema
    return e.getCause() == null || e.getCause() == e
        ? message
        : message + ": " + cause(e.getCause());
  }

  /** Visible entries in the order of their names; none where the folder is missing. */
  private List<FileStatus> list(Path folder) throws IOException {
    try {
      return Arrays.stream(files.listStatus(folder))
          .filter(entry -> !hidden(entry.getPath()))
          .sorted(Comparator.comparing(entry -> entry.getPath().getName()))
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private static boolean hidden(Path path) {
    return path.getName().startsWith(".") || path.getName().startsWith("_");
  }

  @Override
  public SortedMap<String, String> fingerprints(NumericsProfile numerics) throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    forEachPart(
        new ArrayList<>(), part -> PartFile.readFingerprints(part, numerics, found::putIfAbsent));
    return found;
  }

  @Override
  public void append(Job job, List<TrialRecord> records) throws IOException {
    if (!records.isEmpty()) {
      append(StoreSchema.of(job), records);
    }
  }

  /** Writes one part with these columns, under a name that no part ever had. */
  Path append(StoreSchema schema, List<TrialRecord> records) throws IOException {
    byte[] content = PartFile.encode(schema, records);
    Path folder = new Path(new Path(root, TRIALS), JOB_PREFIX + schema.job());
    Path part = new Path(folder, "part-" + UUID.randomUUID() + ".parquet");
    publish(part, content);
    return part;
  }

  /** Whether a file is seen when it is closed and not before, so that it needs no other name. */
  private boolean putsWhole() {
    return OBJECT_STORES.contains(root.toUri().getScheme());
  }

  /** The same, where another process may have made the file just now: its content is as good. */
  private void publishOnce(Path path, byte[] content) throws IOException {
    try {
      publish(path, content);
    } catch (IOException e) {
      if (!files.exists(path)) {
        throw e;
      }
    }
  }

  /** Makes a file that is seen whole or not at all. */
  private void publish(Path path, byte[] content) throws IOException {
    if (putsWhole()) {
      write(path, content, Existing.REFUSED);
      return;
    }
    Path hidden = new Path(path.getParent(), "_" + path.getName() + "." + UUID.randomUUID());
    boolean done = false;
    try {
      write(hidden, content, Existing.REFUSED);
      if (!files.rename(hidden, path)) {
        throw new StoreException("cannot rename " + hidden + " to " + path.getName());
      }
      done = true;
    } finally {
      if (!done) {
        discard(hidden);
      }
    }
  }

  /** What becomes of a file that has the name already. */
  private enum Existing {
    REFUSED,
    REPLACED
  }

  private void write(Path path, byte[] content, Existing existing) throws IOException {
    try (OutputStream out = open(path, existing)) {
      out.write(content);
    }
  }

  /** A new file in this store's file system, quickly; an error if there is one. */
  public OutputStream create(Path path) throws IOException {
    return open(path, Existing.REFUSED);
  }

  /**
   * Hadoop's local files are made with two forks of chmod each, and with a file of checksums beside
   * them that Parquet's own make needless. Its raw local files are neither.
   */
  private OutputStream open(Path path, Existing existing) throws IOException {
    boolean overwrite = existing == Existing.REPLACED;
    return files instanceof LocalFileSystem local
        ? local.getRaw().create(path, overwrite)
        : files.create(path, overwrite);
  }

  private void discard(Path hidden) {
    try {
      files.delete(hidden, false);
    } catch (IOException e) {
      // The first failure is the one to report; a hidden file is never read.
    }
  }
}
