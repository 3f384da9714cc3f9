package org.rnnsweep.kernels;

import java.util.Objects;

/**
 * What an experiment asks of the arithmetic: the precision and the linear algebra library. Part of
 * a trial's identity, known to the planner before anything is loaded. (Which kernel the library
 * picked on a host is its fingerprint: provenance, not identity.)
 */
public record NumericsProfile(Library library, Precision precision) {

  /** Version of OpenBLAS that {@code native} and {@code native-portable} stand for. */
  public static final String OPENBLAS_VERSION = "0.3.31";

  /** Who multiplies matrices. */
  public enum Library {
    /** OpenBLAS with the kernel it picks for this CPU. */
    NATIVE("native"),
    /** OpenBLAS with one fixed kernel (Haswell) on every x86 host. */
    NATIVE_PORTABLE("native-portable"),
    /** Pure Java: slow, for hosts without a native library. */
    JAVA("java");

    private final String label;

    Library(String label) {
      this.label = label;
    }

    /** The name used in experiment files. */
    public String label() {
      return label;
    }
  }

  public NumericsProfile {
    Objects.requireNonNull(library);
    Objects.requireNonNull(precision);
  }

  /** The form that enters a trial id, for example {@code native:openblas-0.3.31:double}. */
  public String canonical() {
    String version = library == Library.JAVA ? "netlib" : "openblas-" + OPENBLAS_VERSION;
    return library.label() + ":" + version + ":" + precision.label();
  }

  /** Reads {@link #canonical()} back. */
  public static NumericsProfile parse(String canonical) {
    for (Library library : Library.values()) {
      for (Precision precision : Precision.values()) {
        NumericsProfile profile = new NumericsProfile(library, precision);
        if (profile.canonical().equals(canonical)) {
          return profile;
        }
      }
    }
    throw new IllegalArgumentException("not a numerics profile of this version: " + canonical);
  }
}
