package org.rnnsweep.driver.store;

import java.io.IOException;

/**
 * A store that cannot be used as one. The message names the place, what is there, and a way out.
 */
public final class StoreException extends IOException {
  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
