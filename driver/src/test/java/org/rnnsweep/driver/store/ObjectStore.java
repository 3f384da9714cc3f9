package org.rnnsweep.driver.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * What an object store makes of Hadoop's file systems, in memory: keys and whole objects. An object
 * is there when its stream is closed and not before; a folder is a common beginning of keys; a
 * rename copies and deletes, and for a moment half of the copy is seen. Lists show what was put.
 */
public final class ObjectStore extends FileSystem {
  /** Told of every rename at the moment when its copy is half done. */
  static volatile Runnable duringRename = () -> {};

  /** What becomes of the bytes of an object on their way. */
  static volatile UnaryOperator<byte[]> onPut = UnaryOperator.identity();

  static final AtomicInteger RENAMES = new AtomicInteger();

  private static final Map<String, NavigableMap<String, Entry>> BUCKETS = new ConcurrentHashMap<>();

  private record Entry(byte[] content, long modified) {}

  private URI uri;
  private NavigableMap<String, Entry> bucket;
  private Path working;

  /** A configuration under which a scheme means this class. */
  static Configuration configuration(String scheme) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs." + scheme + ".impl", ObjectStore.class.getName());
    hadoop.setBoolean("fs." + scheme + ".impl.disable.cache", true); // other tests use the scheme
    return hadoop;
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    setConf(conf);
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
    bucket = BUCKETS.computeIfAbsent(name.getAuthority(), key -> new ConcurrentSkipListMap<>());
    working = new Path(uri + "/");
  }

  @Override
  public URI getUri() {
    return uri;
  }

  private String key(Path path) {
    return makeQualified(path).toUri().getPath();
  }

  private static String below(String key) {
    return key.endsWith("/") ? key : key + "/";
  }

  private boolean isFolder(String key) {
    String next = bucket.ceilingKey(below(key));
    return key.equals("/") || next != null && next.startsWith(below(key));
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    Entry entry = bucket.get(key(path));
    if (entry == null) {
      throw new FileNotFoundException("no object " + path);
    }
    return new FSDataInputStream(new ObjectInput(entry.content));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    String key = key(path);
    if (isFolder(key) || !overwrite && bucket.containsKey(key)) {
      throw new FileAlreadyExistsException(path + " exists");
    }
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            bucket.put(key, new Entry(onPut.apply(toByteArray()), System.currentTimeMillis()));
          }
        },
        null);
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("objects are put whole");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    Map<String, Entry> moved = new LinkedHashMap<>();
    if (bucket.containsKey(key(from))) {
      moved.put(key(from), bucket.get(key(from)));
    }
    moved.putAll(bucket.subMap(below(key(from)), below(key(from)) + Character.MAX_VALUE));
    if (moved.isEmpty() || bucket.containsKey(key(to))) {
      return false;
    }
    moved.forEach(
        (key, entry) -> {
          String copy = key(to) + key.substring(key(from).length());
          byte[] half = Arrays.copyOf(entry.content, entry.content.length / 2);
          bucket.put(copy, new Entry(half, entry.modified));
          duringRename.run();
          bucket.put(copy, new Entry(entry.content, System.currentTimeMillis()));
          bucket.remove(key);
        });
    RENAMES.incrementAndGet();
    return true;
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    String key = key(path);
    if (!isFolder(key)) {
      return bucket.remove(key) != null;
    }
    NavigableMap<String, Entry> inside =
        bucket.subMap(below(key), true, below(key) + Character.MAX_VALUE, true);
    boolean empty = inside.keySet().stream().allMatch(below(key)::equals);
    if (!empty && !recursive) {
      throw new IOException(path + " is not empty");
    }
    inside.clear();
    return true;
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    String key = key(path);
    FileStatus self = getFileStatus(path);
    if (self.isFile()) {
      return new FileStatus[] {self};
    }
    // Each status is that of the moment at which its key was met: others write and delete
    // meanwhile.
    Map<String, FileStatus> found = new LinkedHashMap<>();
    bucket
        .subMap(below(key), below(key) + Character.MAX_VALUE)
        .forEach(
            (inside, entry) -> {
              String[] names = inside.substring(below(key).length()).split("/", 2);
              if (!names[0].isEmpty()) {
                Path child = new Path(makeQualified(path), names[0]);
                found.put(names[0], status(child, names.length > 1 ? null : entry));
              }
            });
    return found.values().toArray(FileStatus[]::new);
  }

  @Override
  public void setWorkingDirectory(Path path) {
    working = path;
  }

  @Override
  public Path getWorkingDirectory() {
    return working;
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    if (bucket.containsKey(key(path))) {
      throw new FileAlreadyExistsException(path + " is an object");
    }
    bucket.putIfAbsent(below(key(path)), new Entry(new byte[0], 0));
    return true;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    String key = key(path);
    Entry entry = bucket.get(key);
    if (entry == null && !isFolder(key)) {
      throw new FileNotFoundException("no object " + path);
    }
    return status(makeQualified(path), entry);
  }

  /** Of an object, or of a folder where there is none. */
  private static FileStatus status(Path path, Entry entry) {
    return entry == null
        ? new FileStatus(0, true, 1, 1, 0, path)
        : new FileStatus(entry.content.length, false, 1, 1, entry.modified, path);
  }

  private static final class ObjectInput extends ByteArrayInputStream
      implements Seekable, PositionedReadable {
    ObjectInput(byte[] content) {
      super(content);
    }

    @Override
    public synchronized void seek(long position) throws IOException {
      if (position < 0 || position > count) {
        throw new EOFException("cannot seek to " + position + " of " + count);
      }
      pos = (int) position;
    }

    @Override
    public synchronized long getPos() {
      return pos;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
      if (position >= count) {
        return -1;
      }
      int read = (int) Math.min(length, count - position);
      System.arraycopy(buf, (int) position, into, offset, read);
      return read;
    }

    @Override
    public void readFully(long position, byte[] into, int offset, int length) throws IOException {
      if (read(position, into, offset, length) < length) {
        throw new EOFException("only " + count + " bytes");
      }
    }

    @Override
    public void readFully(long position, byte[] into) throws IOException {
      readFully(position, into, 0, into.length);
    }
  }
}
