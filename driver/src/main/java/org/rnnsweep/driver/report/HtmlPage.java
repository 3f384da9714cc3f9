package org.rnnsweep.driver.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * A page under construction. It fetches nothing, and its content security policy forbids it to; the
 * only script is its own, allowed by hash. Texts are escaped; only {@link #append} takes markup.
 */
final class HtmlPage {
  private final StringBuilder html = new StringBuilder();
  private final String script;

  /**
   * @param scripts resources beside this class, run in this order
   */
  HtmlPage(String title, String... scripts) {
    StringBuilder all = new StringBuilder();
    for (String name : scripts) {
      all.append(resource(name));
    }
    script = all.toString();
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .append("style-src 'unsafe-inline'; script-src 'sha256-")
        .append(sha256(script))
        .append("'\">\n");
    element("title", "", title);
    html.append("<style>\n").append(resource("page.css")).append("</style>\n</head>\n<body>\n");
  }

  /** Ends the page and returns it. */
  String end() {
    html.append("<script>").append(script).append("</script>\n</body>\n</html>\n");
    return html.toString();
  }

  /** Markup, as it is. */
  HtmlPage append(Object markup) {
    html.append(markup);
    return this;
  }

  /** An element with a text. */
  void element(String name, String classes, String text) {
    html.append('<').append(name);
    if (!classes.isEmpty()) {
      html.append(" class=\"").append(classes).append('"');
    }
    html.append('>').append(Markup.escape(text)).append("</").append(name).append('>');
    if (!name.startsWith("t") && !name.startsWith("d")) {
      html.append('\n');
    }
  }

  /** A cell that sorts by the number, not by its text. */
  void number(double value, String text) {
    html.append("<td data-value=\"")
        .append(Double.isNaN(value) ? "" : Numbers.shortest(value))
        .append("\">")
        .append(Markup.escape(text))
        .append("</td>");
  }

  /** Names and what they are, in turn. */
  void definitions(List<String> pairs) {
    html.append("<dl>");
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      element("dt", "", pairs.get(i));
      element("dd", "", pairs.get(i + 1));
    }
    html.append("</dl>\n");
  }

  /** The figure in its wide and its narrow form, of which the page shows one. */
  void figure(FigureData figure) {
    html.append("<div class=\"wide\">");
    html.append(SvgFigure.render(figure, Theme.PAGE, ReportWriter.WIDE_COLUMNS));
    html.append("</div>\n<div class=\"narrow\">");
    html.append(SvgFigure.render(figure, Theme.PAGE, 1));
    html.append("</div>\n");
  }

  private static String resource(String name) {
    try (InputStream file = HtmlPage.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("in the jar: " + name, e);
    }
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
