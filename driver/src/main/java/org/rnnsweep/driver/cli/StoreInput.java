package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.StoreException;

/**
 * A store as named on the command line, made absolute here and only here: a relative path would
 * name another folder in each process of a cluster.
 *
 * @param uri absolute
 */
record StoreInput(String uri) {
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

  /** The option's store, or {@code ./stores/<name>} of the experiment or suite. */
  static StoreInput of(String option, Sweep sweep) {
    return of(option != null ? option : Path.of("stores", sweep.name()).toString());
  }

  static StoreInput of(String text) {
    return new StoreInput(
        SCHEME.matcher(text).matches()
            ? text
            // Not Path.toUri: Hadoop's paths are not escaped, and a space would become "%20".
            : "file://" + Path.of(text).toAbsolutePath().normalize());
  }

  /** For a command line that a user copies. */
  String quoted() {
    String name = uri.startsWith("file:///") ? uri.substring("file://".length()) : uri;
    return name.matches("[\\w./:@%+=,-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
  }

  /** The store, if there is one. Writes nothing. */
  Optional<FolderTrialStore> find() throws IOException {
    try {
      return FolderTrialStore.find(uri, new Configuration());
    } catch (StoreException e) {
      throw new WrongInputException(e.getMessage());
    }
  }

  /** Ids of what is settled; none where there is no store yet. Writes nothing. */
  Set<String> settledIds() throws IOException {
    Optional<FolderTrialStore> store = find();
    return store.isPresent() ? store.get().settledIds() : Set.of();
  }

  /** The store, which must be there. */
  FolderTrialStore open() throws IOException {
    try {
      return FolderTrialStore.open(uri, new Configuration());
    } catch (StoreException e) {
      throw new WrongInputException(e.getMessage());
    }
  }

  /** The store, made where there is none. */
  FolderTrialStore create() throws IOException {
    try {
      return FolderTrialStore.create(uri, new Configuration());
    } catch (StoreException e) {
      throw new WrongInputException(e.getMessage());
    }
  }
}
