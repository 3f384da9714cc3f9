package org.rnnsweep.driver.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private static RunProgress at(double flopsDone, double elapsedSeconds) {
    return new RunProgress(3, 8, 30, 200, flopsDone, 400, 2, 0, elapsedSeconds, 60);
  }

  private static String shown(ProgressBar.Style style, RunProgress... progress) {
    StringWriter text = new StringWriter();
    ProgressBar bar = ProgressBar.of(new PrintWriter(text), style);
    for (RunProgress p : progress) {
      bar.accept(p);
    }
    bar.end();
    return text.toString();
  }

  @Test
  void theFractionFollowsTheWorkAndNotTheCount() {
    assertThat(at(100, 20).fraction()).isEqualTo(0.25);
    assertThat(new RunProgress(1, 4, 1, 4, 0, 0, 0, 0, 5, 1).fraction()).isEqualTo(0.25);
    assertThat(new RunProgress(0, 0, 0, 0, 0, 0, 0, 0, 1, 0).fraction()).isEqualTo(1);
  }

  @Test
  void theBarSaysItInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(ProgressBar.line(at(100, 20)))
          .isEqualTo("[######------------------]  25%  30/200 trials  2 running  1 min 00 s left");
      assertThat(ProgressBar.line(new RunProgress(8, 8, 9, 9, 4, 4, 0, 2, 7300, 0)))
          .isEqualTo(
              "[########################] 100%  9/9 trials  0 running  2 failed  took 2 h 01 min");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aTerminalLineIsDrawnOverWhole() {
    String text = shown(ProgressBar.Style.TERMINAL, at(100, 20), at(396, 9));
    String[] draws = text.split("\r");
    assertThat(draws).hasSize(3);
    assertThat(draws[2].stripTrailing()).isEqualTo(ProgressBar.line(at(396, 9)));
    assertThat(draws[2].length()).isGreaterThanOrEqualTo(draws[1].length());
    assertThat(text).endsWith(System.lineSeparator());
  }

  @Test
  void withoutATerminalThereIsALineEveryTenSeconds() {
    String text =
        shown(ProgressBar.Style.LINES, at(1, 0.5), at(2, 5), at(3, 10.4), at(4, 10.6), at(5, 30));
    assertThat(text.lines()).hasSize(3).noneMatch(line -> line.contains("\r"));
  }
}
