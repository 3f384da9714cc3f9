package org.rnnsweep.driver.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A name node and a data node in this process, on loopback. */
class HdfsFolderStoreTest extends FolderStoreContract {
  @TempDir static Path folder;

  private static MiniDFSCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    // Of no meaning in a test: else every close of a file waits for half a second, or for a disk.
    hadoop.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 5);
    EditLogFileOutputStream.setShouldSkipFsyncForTesting(true);
    cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build();
    cluster.waitActive();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.shutdown(true);
    }
  }

  @Override
  String freshFolder() throws IOException {
    return cluster.getURI() + "/sweeps-" + UUID.randomUUID();
  }

  @Override
  Configuration hadoop() {
    return cluster.getConfiguration(0);
  }

  @Override
  org.apache.hadoop.fs.Path whileWriting(org.apache.hadoop.fs.Path part) {
    return new org.apache.hadoop.fs.Path(part.getParent(), "_" + part.getName() + ".x");
  }
}
