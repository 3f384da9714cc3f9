package org.rnnsweep.driver.execute;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rnnsweep.driver.store.FolderTrialStore;

/**
 * What a process says before it starts trials, so that whoever finds it dead knows which: files in
 * the store's folder {@code _started/RUN}, which no reader of a store looks at. RUN is that of one
 * experiment, since several may be under way in a process.
 *
 * <p>A mark is written whole under a fresh name before the work that it speaks of, then its
 * predecessor is deleted; one that is torn speaks of work that never began. It may name several
 * groups of quick trials: writing costs a file, and is kept to about a hundredth of the time. All
 * of them are suspects then, and each is run alone to find out.
 */
final class StartedMarks {
  private static final String FOLDER = "_started";
  private static final int FORMAT = 0x726e6d01; // "rnm", 1
  private static final int END = 0x656e6421; // "end!"

  /** Where no run is that old. */
  private static final long FORGOTTEN_MILLIS = 30L * 24 * 3600 * 1000;

  private final FolderTrialStore store;
  private final FileSystem files;
  private final Path folder;

  private StartedMarks(FolderTrialStore store, Path folder) {
    this.store = store;
    this.files = store.files();
    this.folder = folder;
  }

  /** The marks of a run in a store. Writes nothing. */
  static StartedMarks of(FolderTrialStore store, String runId) {
    return new StartedMarks(store, new Path(store.folder(FOLDER), runId));
  }

  /**
   * What a mark says.
   *
   * @param stored groups of the bundle, from its first, whose records are stored
   * @param report what was reported of them
   * @param trialIds what was about to run when it was written
   * @param epochMillis when that was
   */
  record Mark(int stored, BundleReport report, Set<String> trialIds, long epochMillis) {
    /** Of a bundle that nobody has started. */
    static final Mark NONE = new Mark(0, new BundleReport(), Set.of(), 0);
  }

  /** The newest mark of every bundle, by its name. Torn ones name no trials. */
  Map<String, Mark> read() throws IOException {
    Map<String, Mark> marks = new LinkedHashMap<>();
    for (FileStatus file : list()) { // oldest first
      String name = file.getPath().getName();
      String bundle = name.substring(0, name.indexOf('-'));
      Mark mark = read(file.getPath());
      Mark before = marks.getOrDefault(bundle, Mark.NONE);
      marks.put(
          bundle, mark != null ? mark : new Mark(before.stored(), before.report(), Set.of(), 0));
    }
    return marks;
  }

  private List<FileStatus> list() throws IOException {
    List<FileStatus> found = new ArrayList<>();
    try {
      for (FileStatus file : files.listStatus(folder)) {
        if (file.getPath().getName().matches("\\d+-\\d+-\\d+")) {
          found.add(file);
        }
      }
    } catch (FileNotFoundException e) {
      return found;
    }
    found.sort(Comparator.comparing(file -> order(file.getPath().getName())));
    return found;
  }

  /** Attempt, then number of the mark. */
  private static long order(String name) {
    String[] parts = name.split("-");
    return Long.parseLong(parts[1]) << 32 | Long.parseLong(parts[2]);
  }

  /** The mark in a file, or null where it is torn. */
  private Mark read(Path path) throws IOException {
    byte[] bytes;
    try (var in = files.open(path)) {
      bytes = in.readAllBytes();
    }
    try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(bytes))) {
      if (in.readInt() != FORMAT) {
        return null;
      }
      int stored = in.readInt();
      long epochMillis = in.readLong();
      BundleReport report = BundleReport.read(in);
      List<String> ids = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        ids.add(in.readUTF());
      }
      return in.readInt() == END ? new Mark(stored, report, Set.copyOf(ids), epochMillis) : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** What earlier attempts of a bundle left. */
  Mark left(int bundle) throws IOException {
    return read().getOrDefault(Integer.toString(bundle), Mark.NONE);
  }

  /** For one attempt of a bundle to write its marks. */
  Writer writer(int bundle, int attempt) {
    return new Writer(bundle + "-" + attempt + "-");
  }

  /** The marks of one attempt. */
  final class Writer {
    private final String prefix;
    private Path last;
    private int written;

    private Writer(String prefix) {
      this.prefix = prefix;
    }

    /** Says what comes next; what was said before no longer holds. */
    synchronized void write(Mark mark) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(FORMAT);
      out.writeInt(mark.stored());
      out.writeLong(mark.epochMillis());
      mark.report().write(out);
      out.writeInt(mark.trialIds().size());
      for (String id : mark.trialIds()) {
        out.writeUTF(id);
      }
      out.writeInt(END);
      Path next = new Path(folder, prefix + written++);
      try (OutputStream file = store.create(next)) {
        file.write(bytes.toByteArray());
      }
      delete();
      last = next;
    }

    /** Nothing is under way any more. */
    synchronized void delete() throws IOException {
      if (last != null) {
        files.delete(last, false);
        last = null;
      }
    }
  }

  /**
   * Makes the run's folder, on the driver: from then on {@link #close} of another experiment does
   * not take the folder above away from under a mark that is about to be written.
   */
  void open() throws IOException {
    synchronized (StartedMarks.class) {
      files.mkdirs(folder);
    }
  }

  /** Takes the run's folder away, and those of runs that nobody will ask for. */
  void close() throws IOException {
    synchronized (StartedMarks.class) {
      delete();
    }
  }

  private void delete() throws IOException {
    files.delete(folder, true);
    Path all = folder.getParent();
    try {
      boolean empty = true;
      for (FileStatus run : files.listStatus(all)) {
        long time = run.getModificationTime();
        if (time > 0 && System.currentTimeMillis() - time > FORGOTTEN_MILLIS) {
          files.delete(run.getPath(), true);
        } else {
          empty = false;
        }
      }
      if (empty) {
        files.delete(all, false);
      }
    } catch (IOException e) {
      // Gone already, or another run has just begun there.
    }
  }
}
