package org.rnnsweep.driver.execute;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rnnsweep.driver.store.StoreException;
import org.rnnsweep.driver.store.TrialStore;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * Holds a run to one BLAS kernel: the one that the store's trials of its profile were computed
 * with, or else the one of the first bundle that reports. Bits are promised between hosts of equal
 * fingerprint, so a table made by two kernels would hold differences that no seed explains.
 *
 * <p>Only the profile {@code native} is held: {@code native-portable} and {@code java} name their
 * kernel.
 */
final class OneKernel {
  private final boolean held;
  private String fingerprint = "";
  private String host = "";

  private OneKernel(boolean held) {
    this.held = held;
  }

  /**
   * For a run that adds to a store.
   *
   * @throws StoreException if the store has trials of two kernels already
   */
  static OneKernel of(NumericsProfile numerics, TrialStore store) throws IOException {
    OneKernel kernel = new OneKernel(numerics.library() == NumericsProfile.Library.NATIVE);
    if (!kernel.held) {
      return kernel;
    }
    Map<String, String> known = store.fingerprints(numerics);
    if (known.size() > 1) {
      throw mixed(known, "the store " + store.location() + " holds trials of");
    }
    for (Map.Entry<String, String> each : known.entrySet()) {
      kernel.accept(each.getKey(), each.getValue());
    }
    return kernel;
  }

  /** The fingerprint that every host must have; empty while any will do. */
  synchronized String expected() {
    return fingerprint;
  }

  /**
   * Takes note of a bundle's end.
   *
   * @throws StoreException if its host runs another kernel than the others
   */
  void accept(BundleReport report) throws StoreException {
    if (held && !report.fingerprint().isEmpty()) {
      accept(report.fingerprint(), report.host());
    }
  }

  /**
   * Takes note of what the store holds by now.
   *
   * @param later made of it just now, and told nothing since
   * @throws StoreException if that is another kernel than the run has met
   */
  void accept(OneKernel later) throws StoreException {
    if (!later.fingerprint.isEmpty()) {
      accept(later.fingerprint, later.host);
    }
  }

  private synchronized void accept(String found, String where) throws StoreException {
    if (fingerprint.isEmpty()) {
      fingerprint = found;
      host = where;
    } else if (!fingerprint.equals(found)) {
      throw mixed(new TreeMap<>(Map.of(fingerprint, host, found, where)), "this sweep met");
    }
  }

  /** The profile whose kernel hosts have to agree on, in its canonical form; empty if none has. */
  static String held(Collection<NumericsProfile> numerics) {
    return numerics.stream()
        .filter(profile -> profile.library() == NumericsProfile.Library.NATIVE)
        .map(NumericsProfile::canonical)
        .findFirst()
        .orElse("");
  }

  static StoreException mixed(Map<String, String> hosts, String where) {
    return new StoreException(
        where
            + " two BLAS kernels: "
            + hosts.entrySet().stream()
                .map(entry -> "fingerprint " + entry.getKey() + " on host " + entry.getValue())
                .collect(Collectors.joining(", "))
            + ". Bits are promised between equal fingerprints only. What is stored stays; run on"
            + " hosts of one kind into a store of their own, or set numerics { library ="
            + " native-portable }");
  }
}
