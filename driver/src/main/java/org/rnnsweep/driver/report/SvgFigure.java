package org.rnnsweep.driver.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.rnnsweep.driver.report.FigureData.Line;
import org.rnnsweep.driver.report.FigureData.Panel;
import org.rnnsweep.driver.report.FigureData.Point;
import org.rnnsweep.driver.report.FigureData.Row;

/**
 * Draws a figure as SVG 1.1: text as text, no script, no style sheet, nothing fetched. Written by
 * hand because chart libraries need AWT even for SVG, and a figure must not depend on a display
 * stack.
 *
 * <p>Panels of a row share their vertical scale, all panels the horizontal one. Lines are told
 * apart by colour, by marker and by a label at their end; where the labels are too long or too many
 * for that, by a legend.
 */
public final class SvgFigure {
  /** The bundled font first; the others have its widths or nearly so. */
  static final String FONTS = "Liberation Sans, Arial, Helvetica, sans-serif";

  private static final double TITLE = 17;
  private static final double TEXT = 13.5;
  private static final double SMALL = 12;
  private static final double MARGIN = 14;
  private static final double PLOT_HEIGHT = 250;
  private static final double BESIDE = 8;
  private static final int LABELS_AT_ENDS = 7;
  private static final double ROOM_FOR_REFERENCES = 10; // a decade beyond the data at each end
  private static final String[] DASHES = {"", "6 3", "2 3", "8 3 2 3"};

  private final FigureData data;
  private final Theme theme;
  private final int columns;
  private final double plotWidth;
  private final Scale x;
  private final List<Scale.Tick> xTicks;
  private final double endLabels; // room right of a plot; 0 where a legend is drawn instead
  private final StringBuilder svg = new StringBuilder();

  private SvgFigure(FigureData data, Theme theme, int maxColumns) {
    this.data = data;
    this.theme = theme;
    int panels = data.rows().stream().mapToInt(row -> row.panels().size()).max().orElse(1);
    this.columns = Math.max(1, Math.min(panels, maxColumns));
    this.plotWidth = columns > 1 || maxColumns == 1 ? 290 : 440;
    List<Double> xs = data.xValues();
    this.x =
        xs.isEmpty()
            ? new Scale(Scale.Spacing.LINEAR, 0, 1)
            : Scale.around(data.x(), xs.get(0), xs.get(xs.size() - 1));
    boolean asTicks =
        xs.size() <= 12 && xs.stream().allMatch(v -> shown(v).equals(Numbers.value(v)));
    List<Scale.Tick> swept = asTicks ? x.ticksAt(xs, plotWidth, SMALL) : null;
    this.xTicks = xs.isEmpty() ? List.of() : swept != null ? swept : x.ticks(6);
    double widest = data.legend().stream().mapToDouble(t -> t.width(SMALL)).max().orElse(0);
    boolean atEnds = data.legend().size() <= LABELS_AT_ENDS && widest <= 64;
    this.endLabels = atEnds ? widest : 0;
  }

  /**
   * @param maxColumns panels beside each other; the rest of a row continues below
   */
  public static String render(FigureData data, Theme theme, int maxColumns) {
    return new SvgFigure(data, theme, maxColumns).draw();
  }

  private String draw() {
    List<Scale> scales = data.rows().stream().map(this::yScale).toList();
    double tickWidth = 0;
    for (Scale scale : scales) {
      for (Scale.Tick tick : scale.ticks(7)) {
        tickWidth = Math.max(tickWidth, tick.label() == null ? 0 : tick.label().width(SMALL));
      }
    }
    int labelLines =
        data.rows().stream()
            .mapToInt(row -> RichText.wrap(row.yLabel(), TEXT, PLOT_HEIGHT).size())
            .max()
            .orElse(1);
    double left = MARGIN + labelLines * (TEXT + 3) + 6 + tickWidth + 8;
    double right = endLabels > 0 ? endLabels + 20 : 10;
    double step = plotWidth + right + 12;
    double width = Math.ceil(left + (columns - 1) * step + plotWidth + right + MARGIN);

    double y = MARGIN;
    if (!data.title().isBlank()) {
      for (String line : RichText.wrap(data.title(), TITLE, width - 2 * MARGIN)) {
        y += TITLE;
        text(MARGIN, y, "start", TITLE, theme.ink, RichText.plain(line), 0);
        y += 5;
      }
      y += 6;
    }
    if (endLabels == 0 && !data.legend().isEmpty()) {
      y = legend(left, y, width - MARGIN);
    }
    for (int r = 0; r < data.rows().size(); r++) {
      List<Panel> panels = data.rows().get(r).panels();
      for (int from = 0; from < panels.size(); from += columns) {
        List<Panel> band = panels.subList(from, Math.min(from + columns, panels.size()));
        boolean titled = band.stream().anyMatch(panel -> !panel.title().text().isEmpty());
        double top = y + (titled ? TEXT + 10 : 8);
        double bottom = top + PLOT_HEIGHT;
        rowLabel(data.rows().get(r), left - tickWidth - 14, (top + bottom) / 2);
        double deepest = bottom + 44;
        for (int c = 0; c < band.size(); c++) {
          double at = left + c * step;
          panel(band.get(c), scales.get(r), at, top, c == 0);
          deepest = Math.max(deepest, fits(band.get(c), at, bottom + 44));
        }
        y = deepest + 14;
      }
    }
    for (String line : RichText.wrap(data.caption(), SMALL, width - 2 * MARGIN)) {
      y += SMALL + 3;
      text(MARGIN, y, "start", SMALL, theme.muted, RichText.plain(line), 0);
    }
    return document(width, Math.ceil(y + MARGIN));
  }

  private String document(double width, double height) {
    String name = data.title().isBlank() ? data.id() : data.title();
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""
        + number(width)
        + "\" height=\""
        + number(height)
        + "\" viewBox=\"0 0 "
        + number(width)
        + " "
        + number(height)
        + "\" role=\"img\" aria-label=\""
        + Markup.escape(name)
        + "\" font-family=\""
        + FONTS
        + "\">\n"
        + "<rect width=\"100%\" height=\"100%\" fill=\""
        + theme.paper
        + "\"/>\n"
        + svg
        + "</svg>\n";
  }

  private Scale yScale(Row row) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (Panel panel : row.panels()) {
      for (Line line : panel.lines()) {
        for (Point point : line.points()) {
          List<Double> heights = new ArrayList<>(point.seeds());
          heights.addAll(List.of(point.mean(), point.low(), point.high()));
          for (double height : heights) {
            if (data.y().shows(height)) {
              min = Math.min(min, height);
              max = Math.max(max, height);
            }
          }
        }
      }
    }
    if (!(min <= max)) {
      return new Scale(Scale.Spacing.LINEAR, 0, 1);
    }
    // References are shown as far as they leave the data most of the height.
    boolean logs = data.y() == Scale.Spacing.LOGARITHMIC;
    double floor = logs ? min / ROOM_FOR_REFERENCES : min - (max - min);
    double ceiling = logs ? max * ROOM_FOR_REFERENCES : max + (max - min);
    for (FigureData.Curve curve : data.references()) {
      for (FigureData.Place place : curve.places()) {
        min = Math.min(min, Math.max(place.y(), floor));
        max = Math.max(max, Math.min(place.y(), ceiling));
      }
    }
    return Scale.around(data.y(), min, max);
  }

  /** A value with at most four digits where it has no short form of its own. */
  private static String shown(double value) {
    String whole = Numbers.value(value);
    return whole.length() <= 7 ? whole : Numbers.rounded(value, 4);
  }

  private void rowLabel(Row row, double right, double middle) {
    List<String> lines = RichText.wrap(row.yLabel(), TEXT, PLOT_HEIGHT);
    for (int i = 0; i < lines.size(); i++) {
      double at = right - (lines.size() - 1 - i) * (TEXT + 3);
      text(at, middle, "middle", TEXT, theme.ink, RichText.plain(lines.get(i)), -90);
    }
  }

  private double legend(double left, double top, double right) {
    double at = left;
    double y = top + SMALL;
    double needed =
        data.legend().stream().mapToDouble(label -> label.width(SMALL)).max().orElse(0) + 64;
    for (Line line : lines()) {
      RichText label = data.legend().get(line.index());
      if (at + needed > right && at > left) {
        at = left;
        y += SMALL + 8;
      }
      String colour = theme.series(line.group());
      stroke(List.of(at, at + 40), List.of(y - 4, y - 4), colour, 1.5, dashes(line));
      marker(at + 20, y - 4, line);
      text(at + 46, y, "start", SMALL, theme.ink, label, 0);
      at += needed;
    }
    return y + 10;
  }

  /** One of each line, in the order of the legend. */
  private List<Line> lines() {
    List<Line> found = new ArrayList<>();
    data.rows().stream()
        .flatMap(row -> row.panels().stream())
        .flatMap(panel -> panel.lines().stream())
        .sorted(Comparator.comparingInt(Line::index))
        .forEach(
            line -> {
              if (found.isEmpty() || found.get(found.size() - 1).index() != line.index()) {
                found.add(line);
              }
            });
    return found;
  }

  private void panel(Panel panel, Scale scale, double left, double top, boolean withLabels) {
    double bottom = top + PLOT_HEIGHT;
    double right = left + plotWidth;
    double middle = (left + right) / 2;
    text(middle, top - 9, "middle", TEXT, theme.ink, panel.title(), 0);
    boolean empty = panel.lines().isEmpty();
    if (!empty) {
      for (Scale.Tick tick : scale.ticks(7)) {
        double y = bottom - scale.at(tick.value()) * PLOT_HEIGHT;
        if (tick.label() != null) {
          rule(left, y, right, y, theme.grid, 1);
          if (withLabels) {
            text(left - 9, y + 4.2, "end", SMALL, theme.ink, tick.label(), 0);
          }
        }
        rule(left - (tick.label() == null ? 3 : 5), y, left, y, theme.muted, 1);
      }
      for (Scale.Tick tick : xTicks) {
        double at = left + x.at(tick.value()) * plotWidth;
        if (tick.label() != null) {
          rule(at, top, at, bottom, theme.grid, 1);
          text(at, bottom + 18, "middle", SMALL, theme.ink, tick.label(), 0);
        }
        rule(at, bottom, at, bottom + (tick.label() == null ? 3 : 5), theme.muted, 1);
      }
    } else {
      text(
          middle,
          (top + bottom) / 2,
          "middle",
          SMALL,
          theme.muted,
          RichText.plain("nothing to draw yet"),
          0);
    }
    rule(left, top, left, bottom, theme.muted, 1);
    rule(left, bottom, right, bottom, theme.muted, 1);
    text(middle, bottom + 37, "middle", TEXT, theme.ink, data.xLabel(), 0);

    List<Line> lines = panel.lines();
    if (!empty) {
      data.references().forEach(reference -> reference(reference, scale, left, bottom));
    }
    for (Line line : lines) {
      curve(line, scale, left, bottom);
    }
    for (Line line : lines) {
      points(line, scale, left, bottom);
    }
    if (endLabels > 0) {
      endLabels(lines, scale, left, top, bottom);
    }
  }

  /** A dashed curve inside the plot, with its label at its right end. */
  private void reference(FigureData.Curve curve, Scale scale, double left, double bottom) {
    List<Double> across = new ArrayList<>();
    List<Double> up = new ArrayList<>();
    double x0 = Double.NaN;
    double h0 = Double.NaN;
    for (FigureData.Place place : curve.places()) {
      double x1 = across(left, place.x());
      double h1 = scale.at(place.y());
      for (double edge : h1 > h0 ? new double[] {0, 1} : new double[] {1, 0}) {
        if ((h0 - edge) * (h1 - edge) < 0) { // where it enters or leaves
          across.add(x0 + (edge - h0) / (h1 - h0) * (x1 - x0));
          up.add(bottom - edge * PLOT_HEIGHT);
        }
      }
      if (h1 >= 0 && h1 <= 1) {
        across.add(x1);
        up.add(bottom - h1 * PLOT_HEIGHT);
      }
      x0 = x1;
      h0 = h1;
    }
    if (across.size() < 2) {
      return;
    }
    stroke(across, up, theme.muted, 1.2, "7 4");
    double end = across.get(across.size() - 1);
    double height = Math.max(up.get(up.size() - 1) - 5, bottom - PLOT_HEIGHT + SMALL);
    RichText label = RichText.plain(curve.label());
    boolean fits = end - label.width(SMALL) > left + 4;
    text(fits ? end - 4 : left + 4, height, fits ? "end" : "start", SMALL, theme.muted, label, 0);
  }

  private double across(double left, double value) {
    return left + x.at(value) * plotWidth;
  }

  private static double up(double bottom, Scale scale, double value) {
    return bottom - scale.at(value) * PLOT_HEIGHT;
  }

  private void curve(Line line, Scale scale, double left, double bottom) {
    String colour = theme.series(line.group());
    List<Double> across = new ArrayList<>();
    List<Double> up = new ArrayList<>();
    for (Point point : line.points()) {
      across.add(across(left, point.x()));
      up.add(up(bottom, scale, point.mean()));
    }
    stroke(across, up, colour, 1.5, dashes(line));
    ScalingFit fit = line.fit();
    if (fit != null) {
      // Straight on this scale: two ends are the whole line. It may leave the plot at neither,
      // because limits hold every point and least squares runs between them; clip all the same.
      double from = up(bottom, scale, fit.at(fit.from()));
      double to = up(bottom, scale, fit.at(fit.to()));
      svg.append("<g opacity=\"0.9\">");
      stroke(
          List.of(across(left, fit.from()), across(left, fit.to())),
          List.of(clip(from, bottom), clip(to, bottom)),
          theme.muted,
          1,
          "3 3");
      svg.append("</g>\n");
    }
  }

  private static double clip(double y, double bottom) {
    return Math.max(bottom - PLOT_HEIGHT, Math.min(bottom, y));
  }

  private void points(Line line, Scale scale, double left, double bottom) {
    String colour = theme.series(line.group());
    for (Point point : line.points()) {
      double at = across(left, point.x());
      svg.append("<g fill=\"").append(colour).append("\" opacity=\"0.35\">");
      for (double seed : point.seeds()) {
        svg.append("<circle cx=\"")
            .append(number(at + BESIDE))
            .append("\" cy=\"")
            .append(number(up(bottom, scale, seed)))
            .append("\" r=\"2\"/>");
      }
      svg.append("</g>\n");
      svg.append("<g><title>").append(Markup.escape(description(line, point))).append("</title>");
      if (data.y().shows(point.low()) && data.y().shows(point.high())) {
        double low = up(bottom, scale, point.low());
        double high = up(bottom, scale, point.high());
        rule(at, low, at, high, colour, 1.4);
        rule(at - 3.5, low, at + 3.5, low, colour, 1.4);
        rule(at - 3.5, high, at + 3.5, high, colour, 1.4);
      }
      marker(at, up(bottom, scale, point.mean()), line);
      svg.append("</g>\n");
    }
  }

  private String description(Line line, Point point) {
    String name = data.legend().isEmpty() ? "" : data.legend().get(line.index()).text() + ", ";
    String interval =
        Double.isNaN(point.low())
            ? ""
            : " ["
                + Numbers.rounded(point.low(), 4)
                + ", "
                + Numbers.rounded(point.high(), 4)
                + "]";
    return name
        + data.xLabel().text()
        + " = "
        + shown(point.x())
        + ": "
        + Numbers.rounded(point.mean(), 4)
        + interval;
  }

  /** Labels right of the last points, moved apart where lines end close to each other. */
  private void endLabels(List<Line> lines, Scale scale, double left, double top, double bottom) {
    List<Line> order = new ArrayList<>(lines);
    order.sort(Comparator.comparingDouble(line -> -scale.at(last(line).mean())));
    double[] heights = new double[order.size()];
    double gap = SMALL + 3;
    for (int i = 0; i < heights.length; i++) {
      double wanted = up(bottom, scale, last(order.get(i)).mean());
      heights[i] = i == 0 ? Math.max(wanted, top + 4) : Math.max(wanted, heights[i - 1] + gap);
    }
    double floor = bottom - 2;
    for (int i = heights.length - 1; i >= 0; i--) {
      heights[i] = Math.min(heights[i], floor);
      floor = heights[i] - gap;
    }
    double at = left + plotWidth;
    for (int i = 0; i < heights.length; i++) {
      Line line = order.get(i);
      double from = across(left, last(line).x());
      double height = up(bottom, scale, last(line).mean());
      svg.append("<g opacity=\"0.6\">");
      rule(from + 11, height, at + 6, heights[i], theme.series(line.group()), 0.8);
      svg.append("</g>");
      text(at + 6, heights[i] + 4.2, "start", SMALL, theme.ink, data.legend().get(line.index()), 0);
    }
  }

  private static Point last(Line line) {
    return line.points().get(line.points().size() - 1);
  }

  private double fits(Panel panel, double left, double top) {
    if (panel.lines().stream().allMatch(line -> line.fit() == null)) {
      return top;
    }
    double y = top + SMALL + 6;
    boolean power = data.x() == Scale.Spacing.LOGARITHMIC;
    String head = power ? "fitted exponent, 95% interval" : "fitted rate (per unit), 95% interval";
    text(left, y, "start", SMALL, theme.muted, RichText.plain(head), 0);
    double indent =
        data.legend().stream().mapToDouble(label -> label.width(SMALL)).max().orElse(0) + 28;
    for (Line line : panel.lines()) {
      if (line.fit() != null) {
        y += SMALL + 5;
        marker(left + 6, y - 4, line);
        if (!data.legend().isEmpty()) {
          text(left + 18, y, "start", SMALL, theme.ink, data.legend().get(line.index()), 0);
        }
        text(left + indent, y, "start", SMALL, theme.ink, RichText.plain(line.fit().text()), 0);
      }
    }
    return y;
  }

  private static String dashes(Line line) {
    return DASHES[line.variant() % DASHES.length];
  }

  private void marker(double across, double up, Line line) {
    // Lines that differ in a variant only have one colour; the shape tells those apart too.
    svg.append("<path transform=\"translate(")
        .append(number(across))
        .append(' ')
        .append(number(up))
        .append(")\" d=\"")
        .append(Marker.of(line.group() + 3 * line.variant()).path)
        .append("\" fill=\"")
        .append(theme.series(line.group()))
        .append("\" stroke=\"")
        .append(theme.paper)
        .append("\" stroke-width=\"0.8\"/>");
  }

  private void stroke(
      List<Double> across, List<Double> up, String colour, double width, String dashes) {
    svg.append("<path fill=\"none\" stroke=\"")
        .append(colour)
        .append("\" stroke-width=\"")
        .append(number(width))
        .append('"');
    if (!dashes.isEmpty()) {
      svg.append(" stroke-dasharray=\"").append(dashes).append('"');
    }
    svg.append(" stroke-linejoin=\"round\" d=\"");
    for (int i = 0; i < across.size(); i++) {
      svg.append(i == 0 ? 'M' : 'L')
          .append(number(across.get(i)))
          .append(' ')
          .append(number(up.get(i)));
    }
    svg.append("\"/>\n");
  }

  private void rule(double x1, double y1, double x2, double y2, String colour, double strokeWidth) {
    svg.append("<path stroke=\"")
        .append(colour)
        .append("\" stroke-width=\"")
        .append(number(strokeWidth))
        .append("\" d=\"M")
        .append(number(x1))
        .append(' ')
        .append(number(y1))
        .append('L')
        .append(number(x2))
        .append(' ')
        .append(number(y2))
        .append("\"/>\n");
  }

  private void text(
      double across,
      double up,
      String anchor,
      double size,
      String colour,
      RichText content,
      double turn) {
    if (content.text().isEmpty()) {
      return;
    }
    svg.append("<text x=\"").append(number(across)).append("\" y=\"").append(number(up));
    if (turn != 0) {
      svg.append("\" transform=\"rotate(")
          .append(number(turn))
          .append(' ')
          .append(number(across))
          .append(' ')
          .append(number(up))
          .append(')');
    }
    svg.append("\" text-anchor=\"")
        .append(anchor)
        .append("\" font-size=\"")
        .append(number(size))
        .append("\" fill=\"")
        .append(colour)
        .append("\">");
    double shift = 0;
    boolean several = content.runs().size() > 1;
    int open = 0;
    for (RichText.Run run : content.runs()) {
      double wanted =
          switch (run.style()) {
            case RAISED -> -0.4 * size;
            case LOWERED -> 0.25 * size;
            default -> 0;
          };
      boolean small = wanted != 0;
      boolean slanted = run.style() == RichText.Style.SYMBOL;
      // A script sits inside the span of its base: the renderer puts a gap between two spans.
      if (!small) {
        svg.append("</tspan>".repeat(open));
        open = 0;
      }
      if (small || slanted || wanted != shift) {
        svg.append("<tspan");
        if (wanted != shift) {
          svg.append(" dy=\"").append(number(wanted - shift)).append('"');
        }
        if (small) {
          svg.append(" font-size=\"").append(number(size * RichText.SMALL)).append('"');
        }
        svg.append(slanted ? " font-style=\"italic\">" : ">");
        open++;
      }
      svg.append(set(run, several));
      shift = wanted;
    }
    svg.append("</tspan>".repeat(open));
    svg.append("</text>\n");
  }

  /**
   * Spaces beside another run are kept by browsers and lost by the renderer, unless they are hard.
   */
  private static String set(RichText.Run run, boolean several) {
    return Markup.escape(several ? run.text().replace(' ', '\u00a0') : run.text());
  }

  /** Two decimals are a hundredth of a pixel. */
  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    String trimmed = text.replaceAll("\\.?0+$", "");
    return trimmed.equals("-0") || trimmed.isEmpty() ? "0" : trimmed;
  }
}
