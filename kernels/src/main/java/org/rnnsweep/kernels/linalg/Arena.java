package org.rnnsweep.kernels.linalg;

/** Off-heap memory of one group of trials, limited to what it declared. */
public final class Arena implements AutoCloseable {
  @Override
  public void close() {}
}
