package org.rnnsweep.driver.analyse;

/** The rates with few repeats and accordingly wide tolerances. */
class StoppingRatesTest extends StoppingRates {
  @Override
  int repeats() {
    return 1_500;
  }

  @Override
  void show(String line) {}
}
