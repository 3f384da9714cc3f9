package org.rnnsweep.kernels.linalg;

import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

class OpenBlasTest extends BlasContract {
  @Override
  Blas blas() {
    return Blas.of(new NumericsProfile(NumericsProfile.Library.NATIVE, Precision.DOUBLE));
  }
}
