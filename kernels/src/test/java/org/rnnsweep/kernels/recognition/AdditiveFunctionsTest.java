package org.rnnsweep.kernels.recognition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdditiveFunctionsTest {

  /** Every threshold of a sum over at most 4 bits has weights of -3 to 3. */
  private static double leastErrorByTrying(LabelledWords words) {
    int weights = (int) Math.pow(7, words.length());
    int fewest = words.size();
    for (int code = 0; code < weights; code++) {
      int[] sums = new int[words.size()];
      for (int i = 0; i < sums.length; i++) {
        int rest = code;
        for (int k = 0; k < words.length(); k++, rest /= 7) {
          sums[i] += (words.words()[i] >> k & 1) == 1 ? rest % 7 - 3 : 0;
        }
      }
      for (int threshold = -13; threshold <= 13; threshold++) {
        int wrong = 0;
        for (int i = 0; i < sums.length; i++) {
          wrong += sums[i] >= threshold == words.members()[i] ? 0 : 1;
        }
        fewest = Math.min(fewest, wrong);
      }
    }
    return (double) fewest / words.size();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void leastErrorsAreThoseOfAllThresholds(int length) {
    LabelledWords parity = LabelledWords.parity(length);
    assertThat(leastErrorByTrying(parity)).isEqualTo(AdditiveFunctions.leastParityError(length));
    assertThat(AdditiveFunctions.fewestWrongByCount(parity) / (double) parity.size())
        .isEqualTo(AdditiveFunctions.leastParityError(length));
    for (boolean multiset : new boolean[] {true, false}) {
      LabelledWords blips = LabelledWords.blips(length, multiset);
      double proven = AdditiveFunctions.contradictions(blips) / (double) blips.size();
      assertThat(leastErrorByTrying(blips)).isEqualTo(proven);
      assertThat(proven).isEqualTo(multiset ? 0.25 : 0.5 / length);
      assertThat(AdditiveFunctions.wrongByCount(blips, 1.5, -1) / (double) blips.size())
          .isEqualTo(proven);
    }
  }

  @Test
  void countsTheWordsOfTheTheorem() {
    assertThat(LabelledWords.blips(5, true).size()).isEqualTo(16);
    assertThat(LabelledWords.blips(5, false).size()).isEqualTo(10);
    assertThat(LabelledWords.blips(5, false).words()).doesNotHaveDuplicates();
    assertThat(LabelledWords.parity(3).members())
        .containsExactly(false, true, true, false, true, false, false, true);
  }

  @Test
  void leastParityErrorIsThatOfCentralBinomialCoefficients() {
    assertThat(AdditiveFunctions.leastParityError(10)).isEqualTo(0.5 - 126 / 1024.0);
    assertThat(AdditiveFunctions.leastParityError(11)).isEqualTo(0.5 - 252 / 2048.0);
  }

  /** One bit is its own parity, so nothing is wrong; labels of one bit of three likewise. */
  @Test
  void whatIsAdditiveIsFoundToBe() {
    boolean[] first = {false, true, false, true, false, true, false, true};
    LabelledWords additive = new LabelledWords(3, LabelledWords.parity(3).words(), first);
    for (LabelledWords words : new LabelledWords[] {LabelledWords.parity(1), additive}) {
      assertThat(AdditiveFunctions.leastSquares(words)).isCloseTo(0, within(1e-30));
      assertThat(AdditiveFunctions.minimax(words)).isCloseTo(0, within(1e-12));
      assertThat(AdditiveFunctions.certificate(words)).isCloseTo(0, within(1e-12));
      assertThat(AdditiveFunctions.contradictions(words)).isZero();
      assertThat(AdditiveFunctions.correlation(words)).isEqualTo(1);
    }
  }

  /**
   * Any labels: the programs meet, the constant bounds both, and the mean lies below the largest.
   */
  @Test
  void theLinearProgramsAreDual() {
    Random random = new Random(5);
    int below = 0;
    for (int repeat = 0; repeat < 30; repeat++) {
      LabelledWords all = LabelledWords.parity(4);
      boolean[] labels = new boolean[all.size()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = random.nextBoolean();
      }
      LabelledWords words = new LabelledWords(4, all.words(), labels);
      double minimax = AdditiveFunctions.minimax(words);
      assertThat(AdditiveFunctions.certificate(words)).isCloseTo(minimax, within(1e-9));
      double squares = AdditiveFunctions.leastSquares(words);
      assertThat(squares).isLessThanOrEqualTo(minimax * minimax + 1e-12);
      assertThat(minimax).isLessThanOrEqualTo(0.5 + 1e-12);
      below += minimax < 0.499 ? 1 : 0;
      // By orthogonality of the symbols: variance times (1 - the sum of squared correlations).
      assertThat(squares).isCloseTo(residual(words), within(1e-12));
    }
    assertThat(below).isLessThan(30);
  }

  private static double residual(LabelledWords words) {
    double residual = 0;
    double mean = 0;
    for (boolean member : words.members()) {
      mean += (member ? 1.0 : 0) / words.size();
    }
    residual += mean * (1 - mean);
    for (int k = 0; k < words.length(); k++) {
      double coefficient = 0;
      for (int i = 0; i < words.size(); i++) {
        coefficient += words.label(i) * ((words.words()[i] >> k & 1) == 1 ? 1 : -1) / words.size();
      }
      residual -= coefficient * coefficient;
    }
    return residual;
  }
}
