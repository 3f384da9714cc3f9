package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorTextTest {
  private static Throwable thrown(String message) {
    return new IllegalStateException(message);
  }

  @Test
  void hasTheCausesAlsoWhereTheyGoRoundInACircle() {
    Exception one = new IllegalStateException("one");
    Exception two = new ArithmeticException("two");
    one.initCause(two);
    two.initCause(one);
    assertThat(ErrorText.of(one, String.class))
        .startsWith("java.lang.IllegalStateException: one\n  at " + ErrorTextTest.class.getName())
        .contains("\ncaused by java.lang.ArithmeticException: two\n")
        .hasSizeLessThan(5000);
  }

  @Test
  void survivesAMessageThatThrowsAndOneThatIsEndless() {
    Throwable evil =
        new RuntimeException() {
          @Override
          public String getMessage() {
            throw new IllegalStateException("no message for you");
          }
        };
    assertThat(ErrorText.of(evil, String.class)).startsWith(evil.getClass().getName());
    assertThat(ErrorText.of(thrown("x".repeat(1 << 20)), String.class)).hasSizeLessThan(5000);
  }

  @Test
  void leavesOutTheEngine() {
    assertThat(ErrorText.of(thrown("here"), ErrorTextTest.class))
        .isEqualTo("java.lang.IllegalStateException: here");
  }

  @Test
  void numbersMakeNoOtherErrorButWordsDo() {
    assertThat(ErrorText.normalised("width 4 at step -1.5e-3 of x@3fa9 trial 0a1b2c3d4e5f6071"))
        .isEqualTo(ErrorText.normalised("width 12 at step 7 of x@77 trial ffeeddccbbaa99880011"));
    assertThat(ErrorText.normalised("e: width 4")).isNotEqualTo(ErrorText.normalised("e: depth 4"));
    assertThat(ErrorText.normalised("org.example.Layer2Exception: x"))
        .isEqualTo("org.example.Layer2Exception: x");
  }
}
