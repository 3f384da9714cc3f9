package org.rnnsweep.kernels.inversion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockPlanTest {

  @Test
  void blocksAreBalancedAndHoldEverySequenceOnce() {
    for (long sequences = 1; sequences <= 300; sequences++) {
      for (int widest : new int[] {1, 7, 64}) {
        BlockPlan plan = BlockPlan.balanced(sequences, widest);
        assertThat(plan.width()).isBetween(1, widest);
        assertThat(plan.count() * plan.width() - sequences).isBetween(0L, plan.count() - 1);
        long held = 0;
        for (long block = 0; block < plan.count(); block++) {
          held += plan.sequencesIn(block);
        }
        assertThat(held).isEqualTo(sequences);
      }
    }
  }
}
