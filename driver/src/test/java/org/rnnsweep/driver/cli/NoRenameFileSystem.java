package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under the scheme {@code norename}, where parts of a store keep hidden names. */
public final class NoRenameFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("norename:///");

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return ROOT.getScheme();
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !to.getName().startsWith("part-") && super.rename(from, to);
  }
}
