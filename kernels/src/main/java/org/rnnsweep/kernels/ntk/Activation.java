package org.rnnsweep.kernels.ntk;

/** The nonlinearities phi whose Gaussian expectations have closed forms. */
public enum Activation {
  /** max(z, 0). */
  RELU,
  /** 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to z. */
  ERF
}
