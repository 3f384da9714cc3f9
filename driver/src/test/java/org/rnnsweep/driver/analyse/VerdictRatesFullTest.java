package org.rnnsweep.driver.analyse;

import org.junit.jupiter.api.Tag;

/** The rates with the repeats that the documented figures come from; prints them. */
@Tag("full")
class VerdictRatesFullTest extends VerdictRates {
  @Override
  int repeats() {
    return 40_000;
  }

  @Override
  void show(String line) {
    System.out.println(line);
  }
}
