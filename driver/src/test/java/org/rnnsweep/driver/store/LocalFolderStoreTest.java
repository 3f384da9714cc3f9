package org.rnnsweep.driver.store;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;

class LocalFolderStoreTest extends FolderStoreContract {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  @Override
  String freshFolder() {
    return "file://" + folder.resolve("around");
  }

  @Override
  Configuration hadoop() {
    return HADOOP;
  }

  @Override
  org.apache.hadoop.fs.Path whileWriting(org.apache.hadoop.fs.Path part) {
    return new org.apache.hadoop.fs.Path(part.getParent(), "_" + part.getName() + ".x");
  }
}
