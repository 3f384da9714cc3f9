package org.rnnsweep.kernels.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DfaTest {

  /** Every state doubled, numbers scrambled, states added that nothing reaches. */
  @Test
  void whatHasTheSameLanguageIsTheSameAutomaton() {
    UniformRandomProvider random = Words.random(41);
    for (int round = 0; round < 200; round++) {
      int states = 1 + random.nextInt(6);
      int[][] next = new int[states][2];
      boolean[] accepting = new boolean[states];
      for (int s = 0; s < states; s++) {
        accepting[s] = random.nextBoolean();
        next[s][0] = random.nextInt(states);
        next[s][1] = random.nextInt(states);
      }
      int[][] doubled = new int[2 * states + 1][2];
      boolean[] doubledAccepting = new boolean[2 * states + 1];
      for (int s = 0; s < 2 * states; s++) {
        int of = 2 * states - s;
        doubledAccepting[of] = accepting[s % states];
        for (int a = 0; a < 2; a++) {
          doubled[of][a] = 2 * states - (next[s % states][a] + states * random.nextInt(2));
        }
      }
      Dfa plain = Dfa.of("ab", 0, next, accepting);
      Dfa same = Dfa.of("ab", 2 * states, doubled, doubledAccepting);
      assertThat(same).isEqualTo(plain).hasSameHashCodeAs(plain).hasToString(plain.toString());
      assertThat(Dfa.parse(plain.toString())).isEqualTo(plain);
      assertThat(plain.states()).isLessThanOrEqualTo(states);
      for (String bits : Words.upTo(7)) {
        int state = 0;
        for (int i = 0; i < bits.length(); i++) {
          state = next[state][bits.charAt(i) - '0'];
        }
        String word = bits.replace('0', 'a').replace('1', 'b');
        assertThat(plain.contains(word)).as("%s of %s", word, plain).isEqualTo(accepting[state]);
      }
    }
  }

  @Test
  void numbersStatesBreadthFirst() {
    // Given backwards: the start is 2.
    Dfa dfa =
        Dfa.of("01", 2, new int[][] {{0, 0}, {1, 0}, {1, 0}}, new boolean[] {true, false, false});
    assertThat(dfa).hasToString("01:0,1;*1,1");
  }

  @Test
  void theEmptyLanguageHasOneDeadState() {
    Dfa none = Dfa.parse("01:1,0;0,1");
    assertThat(none.states()).isEqualTo(1);
    assertThat(none.alive(0)).isFalse();
    assertThat(none.legalNext(0)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "01| no colon",
        "01:*0,1| a transition of state 0 is 1, the states are 0 to 0",
        "01:*0| state 0 has 1 transitions, but the alphabet '01' has 2 symbols",
        "01:0,x| found 'x'",
        "01:0,-1| found '-1'",
        "011:0,0,0| distinct letters and digits",
        "<>:0,0| distinct letters and digits, found '<>'",
        "01:| found ''",
      })
  void aTableThatDoesNotFitIsRefused(String text, String message) {
    assertThatThrownBy(() -> Dfa.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aSymbolOutsideTheAlphabetIsNamed() {
    assertThatThrownBy(() -> Dfa.parse("01:*0,0").contains("0120"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'0120' has '2' at place 3; the symbols are 0, 1");
  }
}
