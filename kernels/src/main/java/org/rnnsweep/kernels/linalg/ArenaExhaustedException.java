package org.rnnsweep.kernels.linalg;

/** An {@link Arena} was asked for more memory than it has left. */
public final class ArenaExhaustedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ArenaExhaustedException(String message) {
    super(message);
  }
}
