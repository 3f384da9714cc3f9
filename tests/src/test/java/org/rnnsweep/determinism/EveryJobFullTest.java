package org.rnnsweep.determinism;

import org.junit.jupiter.api.Tag;

/** All samples of each job. */
@Tag("full")
class EveryJobFullTest extends EveryJob {
  @Override
  int samples() {
    return Integer.MAX_VALUE;
  }
}
