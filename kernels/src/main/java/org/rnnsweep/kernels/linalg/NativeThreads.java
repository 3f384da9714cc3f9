package org.rnnsweep.kernels.linalg;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.presets.openblas_nolapack.MklSetNumThreadsLocal;

/** The number of threads that the loaded OpenBLAS itself reports. */
final class NativeThreads {
  private NativeThreads() {}

  /** A native function that returns an int; its constructor is the only thing added. */
  private static final class IntFunction extends MklSetNumThreadsLocal {}

  /**
   * The binding's own {@code blas_get_num_threads} repeats what was last asked for; this asks the
   * library. The function takes no argument; called through the binding's only type that returns an
   * int, it gets one that it ignores.
   */
  static int count() {
    Pointer function = Loader.addressof("openblas_get_num_threads");
    if (function == null) {
      throw new IllegalStateException("the loaded BLAS is not OpenBLAS");
    }
    IntFunction threads = new IntFunction();
    threads.put(function);
    return threads.call(0);
  }
}
