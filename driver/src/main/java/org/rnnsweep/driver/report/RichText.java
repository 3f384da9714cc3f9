package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One line of text with superscripts, subscripts and slanted symbols, and an estimate of its width.
 * Immutable.
 */
record RichText(List<Run> runs) {

  /** How a run is set. */
  enum Style {
    PLAIN,
    /** Slanted, as mathematics sets its variables. */
    SYMBOL,
    RAISED,
    LOWERED
  }

  /** Characters of one style. */
  record Run(String text, Style style) {}

  /** Size of raised and lowered characters relative to the rest. */
  static final double SMALL = 0.72;

  private static final Map<String, String> GREEK =
      Map.ofEntries(
          Map.entry("alpha", "α"),
          Map.entry("beta", "β"),
          Map.entry("gamma", "γ"),
          Map.entry("delta", "δ"),
          Map.entry("eps", "ε"),
          Map.entry("epsilon", "ε"),
          Map.entry("eta", "η"),
          Map.entry("theta", "θ"),
          Map.entry("kappa", "κ"),
          Map.entry("lambda", "λ"),
          Map.entry("mu", "μ"),
          Map.entry("rho", "ρ"),
          Map.entry("sigma", "σ"),
          Map.entry("tau", "τ"),
          Map.entry("omega", "ω"));

  /** Advances of the characters 32 to 126 in the bundled font, in thousandths of its size. */
  private static final short[] ADVANCES = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, //
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, //
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, //
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, //
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, //
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584
  };

  RichText {
    runs = List.copyOf(runs);
  }

  static RichText plain(String text) {
    return new RichText(List.of(new Run(text, Style.PLAIN)));
  }

  /** A paper's symbol: {@code m} slanted, {@code eps_x} as a Greek letter with a subscript. */
  static RichText symbol(String symbol) {
    int bar = symbol.indexOf('_');
    String base = bar < 0 ? symbol : symbol.substring(0, bar);
    List<Run> runs = new ArrayList<>();
    runs.add(new Run(GREEK.getOrDefault(base, base), Style.SYMBOL));
    if (bar >= 0) {
      runs.add(new Run(symbol.substring(bar + 1), Style.LOWERED));
    }
    return new RichText(runs);
  }

  /** Powers as {@code 10} with a raised exponent; a mantissa of 1 is left out. */
  static RichText power(int mantissa, int exponent) {
    String base = mantissa == 1 ? "10" : mantissa + "×10";
    return new RichText(
        List.of(
            new Run(base, Style.PLAIN),
            new Run(Integer.toString(exponent).replace('-', '−'), Style.RAISED)));
  }

  RichText then(RichText more) {
    List<Run> both = new ArrayList<>(runs);
    both.addAll(more.runs);
    return new RichText(both);
  }

  RichText then(String more) {
    return then(plain(more));
  }

  /** Without styles. */
  String text() {
    StringBuilder text = new StringBuilder();
    runs.forEach(run -> text.append(run.text()));
    return text.toString();
  }

  /** Width at a font size: exact for printable ASCII in the bundled font, a guess elsewhere. */
  double width(double fontSize) {
    double sum = 0;
    for (Run run : runs) {
      double scale = run.style() == Style.RAISED || run.style() == Style.LOWERED ? SMALL : 1;
      sum += scale * run.text().codePoints().mapToDouble(RichText::advance).sum();
    }
    return sum * fontSize / 1000;
  }

  private static double advance(int codePoint) {
    int at = codePoint - 32;
    return at >= 0 && at < ADVANCES.length ? ADVANCES[at] : codePoint < 0x2E80 ? 600 : 1000;
  }

  /** Breaks plain text into lines of at most {@code width}, at spaces; long words stay whole. */
  static List<String> wrap(String text, double fontSize, double width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (!line.isEmpty() && plain(line + " " + word).width(fontSize) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
