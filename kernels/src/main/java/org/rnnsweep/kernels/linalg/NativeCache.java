package org.rnnsweep.kernels.linalg;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.Loader;

/**
 * Where JavaCPP unpacks the native libraries: a folder of our own, one for each content of the
 * jars. In a folder shared with other programs (JavaCPP's default), a second class loader was seen
 * to relink the unpacked files to the system's BLAS.
 */
final class NativeCache {
  private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static final List<String> RESOURCES =
      List.of("javacpp/%s/libjnijavacpp", "openblas/%s/libjniopenblas", "openblas/%s/libopenblas");
  private static final List<String> SUFFIXES = List.of(".so", ".so.0", ".dylib", ".0.dylib");

  private NativeCache() {}

  /**
   * Points JavaCPP at the folder, unless the user has chosen one by JavaCPP's own property. To be
   * called before JavaCPP's loader is first used.
   */
  static void choose() {
    if (System.getProperty(PROPERTY) == null) {
      try {
        System.setProperty(PROPERTY, folder().toString());
      } catch (IOException e) {
        throw new IllegalStateException(
            "cannot make a folder for the native libraries under java.io.tmpdir ("
                + System.getProperty("java.io.tmpdir")
                + "); name a writable one by -D"
                + PROPERTY
                + "=...",
            e);
      }
    }
  }

  private static Path folder() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_.-]", "_");
    Path folder = temporary.resolve("rnnsweep-native-" + user + "-" + contentKey());
    boolean posix =
        Files.getFileAttributeView(temporary, PosixFileAttributeView.class) != null
            && File.separatorChar == '/';
    try {
      if (posix) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      // The name can be guessed: code is loaded from there only if nobody else can have put it.
      if (posix && !isOursAlone(folder)) {
        return Files.createTempDirectory(temporary, "rnnsweep-native-");
      }
    }
    return folder;
  }

  private static boolean isOursAlone(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !Files.isWritable(folder)) {
      return false;
    }
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      return false;
    }
    // What we make ourselves tells who we are, also where the user has no name.
    Path probe = Files.createTempFile(folder, "owner", null);
    try {
      return Files.getOwner(folder).equals(Files.getOwner(probe));
    } finally {
      Files.delete(probe);
    }
  }

  /** Of the names, sizes and checksums that the jar itself keeps: nothing is unpacked for it. */
  private static String contentKey() throws IOException {
    String platform = Loader.Detector.getPlatform();
    CRC32 key = new CRC32();
    for (String resource : RESOURCES) {
      for (String suffix : SUFFIXES) {
        String name = "/org/bytedeco/" + String.format(resource, platform) + suffix;
        URL url = Loader.class.getResource(name);
        if (url != null) {
          URLConnection connection = url.openConnection();
          connection.setUseCaches(false);
          String content;
          if (connection instanceof JarURLConnection jar) {
            try (var file = jar.getJarFile()) {
              var entry = jar.getJarEntry();
              content = name + ":" + entry.getSize() + ":" + entry.getCrc();
            }
          } else {
            content = name + ":" + connection.getContentLengthLong() + ":" + connection.getDate();
          }
          key.update(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
      }
    }
    return HexFormat.of().toHexDigits((int) key.getValue());
  }
}
