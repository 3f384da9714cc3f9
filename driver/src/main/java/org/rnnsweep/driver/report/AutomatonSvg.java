package org.rnnsweep.driver.report;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.rnnsweep.kernels.languages.Dfa;

/**
 * Draws an automaton as SVG 1.1: text as text, no script, no style sheet, nothing fetched. The
 * states stand on a ring, clockwise from the start on the left, so that no straight edge can cross
 * a third state. A second circle means that the state accepts, dashes that no member can be reached
 * any more.
 */
public final class AutomatonSvg {
  /** A ring of more states than this cannot be read. */
  public static final int MAX_STATES = 32;

  private static final double RADIUS = 22; // of a state
  private static final double BETWEEN_NEIGHBOURS = 130;
  private static final double MARGIN = 66; // loops and their labels
  private static final double HEAD = 44;
  private static final double LOOP_REACH = 68;
  private static final double TEXT = 13.5;
  private static final double LABEL_AT =
      0.36; // of an edge: two that cross in the middle stay apart

  private final Dfa dfa;
  private final Theme theme = Theme.PAPER;
  private final double ring;
  private final double centreX;
  private final double centreY;
  private final StringBuilder svg = new StringBuilder();
  private final StringBuilder labels = new StringBuilder(); // on top of every edge

  private AutomatonSvg(Dfa dfa) {
    this.dfa = dfa;
    int n = dfa.states();
    this.ring =
        n == 1 ? 0 : Math.max(n == 2 ? 80 : 115, BETWEEN_NEIGHBOURS / (2 * Math.sin(Math.PI / n)));
    this.centreX = Math.max(270, ring + MARGIN + RADIUS);
    this.centreY = HEAD + ring + MARGIN + RADIUS;
  }

  /**
   * The drawing as a file's text.
   *
   * @param name of the language, in bold
   * @param definition of the language, beside it
   * @throws IllegalArgumentException if there are more than {@link #MAX_STATES} states
   */
  public static String render(String name, String definition, Dfa dfa) {
    if (dfa.states() > MAX_STATES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s has %d states; up to %d are drawn", name, dfa.states(), MAX_STATES));
    }
    return new AutomatonSvg(dfa).draw(name, definition);
  }

  private String draw(String name, String definition) {
    double width = 2 * centreX;
    double height = centreY + ring + MARGIN + RADIUS;
    append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\""
            + " viewBox=\"0 0 %.0f %.0f\" role=\"img\" font-family=\"%s\" font-size=\"%.1f\">\n",
        width, height, width, height, SvgFigure.FONTS, TEXT);
    append("<title>%s: %s</title>\n", Markup.escape(name), Markup.escape(definition));
    for (boolean dead : new boolean[] {false, true}) {
      append(
          "<defs><marker id=\"%s\" viewBox=\"0 0 10 8\" refX=\"9\" refY=\"4\" markerWidth=\"9\""
              + " markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
              + "<path d=\"M0 0L10 4L0 8z\" fill=\"%s\"/></marker></defs>\n",
          arrow(dead), colour(dead));
    }
    append("<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n", theme.paper);
    append(
        "<text x=\"16\" y=\"26\" fill=\"%s\"><tspan font-weight=\"bold\">%s</tspan>",
        theme.ink, Markup.escape(cut(name, 30)));
    append("<tspan dx=\"10\" fill=\"%s\">", theme.muted);
    append(
        "%s</tspan></text>\n",
        Markup.escape(cut(definition, (int) (width / 7.2) - Math.min(name.length(), 30) - 6)));
    for (int state = 0; state < dfa.states(); state++) {
      Map<Integer, String> symbols = new TreeMap<>();
      for (int symbol = 0; symbol < dfa.alphabet().length(); symbol++) {
        String one = dfa.alphabet().substring(symbol, symbol + 1);
        symbols.merge(dfa.next(state, symbol), one, (a, b) -> a + ", " + b);
      }
      int from = state;
      symbols.forEach((to, label) -> edge(from, to, label));
    }
    double left = x(0) - RADIUS;
    append(
        "<path d=\"M%.1f %.1fH%.1f\" stroke=\"%s\" fill=\"none\" marker-end=\"url(#%s)\"/>\n",
        left - 36, y(0), left - 1, theme.ink, arrow(false));
    for (int state = 0; state < dfa.states(); state++) {
      state(state);
    }
    return svg.append(labels).append("</svg>\n").toString();
  }

  private void state(int state) {
    boolean dead = !dfa.alive(state);
    append(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" stroke=\"%s\" stroke-width=\"1.4\"%s/>\n",
        x(state),
        y(state),
        RADIUS,
        theme.paper,
        colour(dead),
        dead ? " stroke-dasharray=\"4 3\"" : "");
    if (dfa.accepts(state)) {
      append(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.4\"/>\n",
          x(state), y(state), RADIUS - 4, theme.ink);
    }
    append(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"%s\">%d</text>\n",
        x(state), y(state) + TEXT * 0.35, colour(dead), state);
  }

  private void edge(int from, int to, String label) {
    boolean dead = !dfa.alive(to);
    if (from == to) {
      // Outwards; at the start its arrow is there already.
      double out = dfa.states() == 1 ? -Math.PI / 2 : angle(from) + (from == 0 ? 1.05 : 0);
      double x = x(from);
      double y = y(from);
      double reach = LOOP_REACH;
      append(
          "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\" stroke=\"%s\" fill=\"none\""
              + " marker-end=\"url(#%s)\"/>\n",
          x + RADIUS * Math.cos(out - 0.5),
          y + RADIUS * Math.sin(out - 0.5),
          x + reach * Math.cos(out - 0.55),
          y + reach * Math.sin(out - 0.55),
          x + reach * Math.cos(out + 0.55),
          y + reach * Math.sin(out + 0.55),
          x + (RADIUS + 1) * Math.cos(out + 0.5),
          y + (RADIUS + 1) * Math.sin(out + 0.5),
          colour(dead),
          arrow(dead));
      label(x + reach * Math.cos(out), y + reach * Math.sin(out), label, dead);
      return;
    }
    double dx = x(to) - x(from);
    double dy = y(to) - y(from);
    double distance = Math.hypot(dx, dy);
    double normalX = dy / distance; // to the left of who walks along the edge
    double normalY = -dx / distance;
    double bend = bend(from, to, normalX, normalY);
    double controlX = (x(from) + x(to)) / 2 + bend * normalX;
    double controlY = (y(from) + y(to)) / 2 + bend * normalY;
    double leave = Math.atan2(controlY - y(from), controlX - x(from));
    double arrive = Math.atan2(controlY - y(to), controlX - x(to));
    double startX = x(from) + RADIUS * Math.cos(leave);
    double startY = y(from) + RADIUS * Math.sin(leave);
    double endX = x(to) + (RADIUS + 1) * Math.cos(arrive);
    double endY = y(to) + (RADIUS + 1) * Math.sin(arrive);
    append(
        "<path d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f\" stroke=\"%s\" fill=\"none\""
            + " marker-end=\"url(#%s)\"/>\n",
        startX, startY, controlX, controlY, endX, endY, colour(dead), arrow(dead));
    double t = LABEL_AT;
    double side = bend < 0 ? -11 : 11;
    label(
        (1 - t) * (1 - t) * startX + 2 * t * (1 - t) * controlX + t * t * endX + side * normalX,
        (1 - t) * (1 - t) * startY + 2 * t * (1 - t) * controlY + t * t * endY + side * normalY,
        label,
        dead);
  }

  /** How far an edge's control point lies to its left: there and back must not coincide. */
  private double bend(int from, int to, double normalX, double normalY) {
    boolean back = false;
    for (int symbol = 0; symbol < dfa.alphabet().length(); symbol++) {
      back |= dfa.next(to, symbol) == from;
    }
    int apart = Math.abs(from - to);
    int steps = Math.min(apart, dfa.states() - apart);
    if (steps == 1 || 2 * steps == dfa.states()) {
      return back ? 30 : 0;
    }
    // Towards the centre, away from the states that stand between the two.
    double inwards =
        Math.signum(
            (2 * centreX - x(from) - x(to)) * normalX + (2 * centreY - y(from) - y(to)) * normalY);
    return inwards * (back && from > to ? 64 : 20);
  }

  private void label(double x, double y, String text, boolean dead) {
    labels.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"%s\" stroke=\"%s\""
                + " stroke-width=\"4\" paint-order=\"stroke\">%s</text>\n",
            x,
            y + TEXT * 0.35,
            colour(dead),
            theme.paper,
            Markup.escape(text)));
  }

  private double angle(int state) {
    return Math.PI + 2 * Math.PI * state / dfa.states();
  }

  private double x(int state) {
    return centreX + ring * Math.cos(angle(state));
  }

  private double y(int state) {
    return centreY + ring * Math.sin(angle(state));
  }

  private String colour(boolean dead) {
    return dead ? "#8c8c8c" : theme.ink;
  }

  private static String arrow(boolean dead) {
    return dead ? "arrow-dead" : "arrow";
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, Math.max(0, length - 3)) + "...";
  }

  private void append(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
