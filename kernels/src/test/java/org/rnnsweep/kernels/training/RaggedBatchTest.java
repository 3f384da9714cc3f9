package org.rnnsweep.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LabelKind;
import org.rnnsweep.kernels.languages.LanguageCatalog;

class RaggedBatchTest {
  private final Dfa dfa = LanguageCatalog.of("tomita-5").dfa();

  @Test
  void holdsEverySymbolOnceWithItsLabels() {
    List<String> words = List.of("01", "1101", "0", "10", "0110");
    RaggedBatch batch = RaggedBatch.of(dfa, LabelKind.MEMBERSHIP, words);
    assertThat(batch.rows()).isEqualTo(13);
    assertThat(batch.symbols).hasSize(13);
    assertThat(batch.first).containsExactly(0, 5, 9, 11, 13);
    List<String> sorted = List.of("1101", "0110", "01", "10", "0");
    for (int s = 0; s < sorted.size(); s++) {
      byte[] labels = LabelKind.MEMBERSHIP.of(dfa, sorted.get(s));
      for (int t = 0; t < sorted.get(s).length(); t++) {
        int row = batch.first[t] + s;
        assertThat(batch.symbols[row]).isEqualTo((byte) (sorted.get(s).charAt(t) - '0'));
        assertThat(batch.labels[2 * row]).isEqualTo(labels[2 * t]);
        assertThat(batch.labels[2 * row + 1]).isEqualTo(labels[2 * t + 1]);
      }
    }
    assertThat(batch.going(3)).isEqualTo(2);
    assertThat(batch.going(4)).isZero();
  }

  @Test
  void refusesNothingAndTheEmptyWord() {
    assertThatThrownBy(() -> RaggedBatch.of(dfa, LabelKind.VIABLE, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RaggedBatch.of(dfa, LabelKind.VIABLE, List.of("0", "")))
        .hasMessageContaining("all of them with a symbol");
  }
}
