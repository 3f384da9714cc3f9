package org.rnnsweep.driver.store;

class InMemoryTrialStoreTest extends TrialStoreContract {
  @Override
  TrialStore store() {
    return new InMemoryTrialStore();
  }
}
