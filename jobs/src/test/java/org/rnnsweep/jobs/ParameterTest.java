package org.rnnsweep.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ParameterTest {
  private static final Parameter CLOSED = Parameter.choice("shape", "what it is", "round", "flat");
  private static final Parameter OPEN =
      CLOSED.withOthers("of:SIDES", text -> text.startsWith("of:"));

  @Test
  void aChoiceIsClosedUnlessItSaysOtherwise() {
    assertThat(CLOSED.problem("round")).isNull();
    assertThat(CLOSED.problem("of:3")).isEqualTo("found of:3, allowed is one of round, flat");
  }

  @Test
  void anOpenChoiceTakesItsWordsAndTheTextsItDescribes() {
    assertThat(OPEN.problem("flat")).isNull();
    assertThat(OPEN.problem("of:3")).isNull();
    assertThat(OPEN.choices()).containsExactly("round", "flat");
    assertThat(OPEN.problem("oval"))
        .isEqualTo("found oval, allowed is one of round, flat, or of:SIDES");
    assertThat(OPEN.problem("of:3\nseed=1")).isNotNull();
    assertThat(OPEN.problem(3L)).isNotNull();
    assertThat(OPEN.withDefault("of:4").withRelevance("kind", "body").problem("of:5")).isNull();
  }

  @Test
  void onlyAChoiceIsOpened() {
    assertThatThrownBy(() -> Parameter.integer("n", "n", 1, 2, "n").withOthers("x", text -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only a choice is opened");
  }
}
