package org.rnnsweep.driver.cli;

import org.rnnsweep.driver.store.Build;
import picocli.CommandLine.IVersionProvider;

/** {@code rnnsweep --version}. */
final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"rnnsweep, commit " + Build.commit()};
  }
}
