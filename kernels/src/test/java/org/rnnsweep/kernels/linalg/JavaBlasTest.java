package org.rnnsweep.kernels.linalg;

import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.Precision;

class JavaBlasTest extends BlasContract {
  @Override
  Blas blas() {
    return Blas.of(new NumericsProfile(NumericsProfile.Library.JAVA, Precision.DOUBLE));
  }
}
