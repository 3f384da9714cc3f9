package org.rnnsweep.driver.report;

import java.util.List;

/**
 * Colours of a figure. Lines take the eight colours of Okabe and Ito, which stay apart in the
 * common kinds of colour blindness, without the yellow that white paper swallows; marker shapes say
 * the same a second time.
 */
public enum Theme {
  /** Literal colours on white: files, print, PNG. */
  PAPER(
      "#ffffff",
      "#1b1b1b",
      "#595959",
      "#e4e4e4",
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#1b1b1b")),
  /** Variables of the page around the figure, which follow its light and dark modes. */
  PAGE(
      "var(--paper)",
      "var(--ink)",
      "var(--muted)",
      "var(--grid)",
      List.of(
          "var(--s0)",
          "var(--s1)",
          "var(--s2)",
          "var(--s3)",
          "var(--s4)",
          "var(--s5)",
          "var(--s6)"));

  final String paper;
  final String ink;
  final String muted;
  final String grid;
  final List<String> series;

  Theme(String paper, String ink, String muted, String grid, List<String> series) {
    this.paper = paper;
    this.ink = ink;
    this.muted = muted;
    this.grid = grid;
    this.series = series;
  }

  String series(int index) {
    return series.get(index % series.size());
  }
}
