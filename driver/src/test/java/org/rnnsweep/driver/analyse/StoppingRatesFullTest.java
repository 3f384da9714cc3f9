package org.rnnsweep.driver.analyse;

import org.junit.jupiter.api.Tag;

/** The rates themselves; the design notes quote what this prints. */
@Tag("full")
class StoppingRatesFullTest extends StoppingRates {
  @Override
  int repeats() {
    return 20_000;
  }

  @Override
  void show(String line) {
    System.out.println(line);
  }
}
