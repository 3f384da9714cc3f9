package org.rnnsweep.kernels.linalg;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.rnnsweep.kernels.NumericsProfile;

/** The native BLAS of this process. */
public final class BlasLibrary {
  private BlasLibrary() {}

  /** Loads it. */
  public static synchronized void load(NumericsProfile profile) {
    JavaCpp.configure();
    Loader.load(openblas.class);
    openblas.blas_set_num_threads(1);
  }
}
