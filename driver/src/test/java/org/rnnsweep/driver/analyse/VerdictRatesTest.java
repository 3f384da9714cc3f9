package org.rnnsweep.driver.analyse;

/** The rates with few repeats and accordingly wide tolerances. */
class VerdictRatesTest extends VerdictRates {
  @Override
  int repeats() {
    return 2_000;
  }

  @Override
  void show(String line) {}
}
