package org.rnnsweep.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SigmoidTest {

  /** Oracle: StrictMath's exponential in double; rounding to float takes half an ulp of the one. */
  @Test
  void isRightToAnUlpAlsoWhereItIsSmall() {
    for (int bits = Float.floatToIntBits(0x1p-30f);
        bits < Float.floatToIntBits(87f);
        bits += 4999) {
      float z = Float.intBitsToFloat(bits);
      for (float x : new float[] {z, -z}) {
        double truth = 1 / (1 + StrictMath.exp(-(double) x));
        assertThat(Math.abs((float) Sigmoid.of(x) - truth) / Math.ulp((float) truth))
            .as("%s", x)
            .isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void endsWhereFloatsEnd() {
    assertThat((float) Sigmoid.of(0f)).isEqualTo(0.5f);
    assertThat((float) Sigmoid.of(200f)).isEqualTo(1f);
    assertThat((float) Sigmoid.of(-200f)).isEqualTo(0f);
    assertThat((float) Sigmoid.of(Float.POSITIVE_INFINITY)).isEqualTo(1f);
    assertThat((float) Sigmoid.of(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    assertThat((float) Sigmoid.of(Float.NaN)).isNaN();
  }
}
