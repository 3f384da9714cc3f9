package org.rnnsweep.driver.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder that a report is written to. Each file is written whole under a fresh name and then
 * renamed, so that a reader never sees half of one. Writing again replaces.
 */
final class ReportFolder {
  private final FileSystem files;
  private final Path folder;
  private final Set<String> written = new LinkedHashSet<>();

  /** Makes the folder if it is not there. */
  ReportFolder(FileSystem files, Path folder) throws IOException {
    // Through the checksum layer every local file would get a hidden .crc beside it.
    this.files = files instanceof LocalFileSystem local ? local.getRaw() : files;
    this.folder = folder;
    this.files.mkdirs(folder);
  }

  void put(String name, String content) throws IOException {
    put(name, content.getBytes(StandardCharsets.UTF_8));
  }

  void put(String name, byte[] content) throws IOException {
    Path target = new Path(folder, name);
    Path fresh = new Path(folder, "." + name + "." + UUID.randomUUID() + ".tmp");
    try {
      try (OutputStream out = files.create(fresh, false)) {
        out.write(content);
      }
      // Some file systems rename over a file, some refuse; then the old one makes way first.
      if (!renamed(fresh, target)) {
        files.delete(target, false);
        if (!renamed(fresh, target)) {
          throw new IOException("cannot rename " + fresh + " to " + target);
        }
      }
    } catch (IOException e) {
      files.delete(fresh, false);
      throw e;
    }
    written.add(name);
  }

  private boolean renamed(Path from, Path to) throws IOException {
    try {
      return files.rename(from, to);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Names of the files written so far, in order. */
  Set<String> names() {
    return written;
  }

  /** The same as paths. */
  List<Path> paths() {
    return written.stream().map(name -> new Path(folder, name)).toList();
  }
}
