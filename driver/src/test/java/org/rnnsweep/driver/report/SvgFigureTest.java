package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.config.Experiment;
import org.rnnsweep.driver.config.Figure;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Metric;
import org.rnnsweep.jobs.Parameter;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class SvgFigureTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  private static FigureData grid() {
    Experiment experiment = MadeUp.grid(5);
    return FigureData.of(
        experiment.figures().get(0), MadeUp.summary(experiment, MadeUp.records(experiment)));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document document, String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** Where markers with a description are, by that description. */
  private static Map<String, double[]> markers(Document document) {
    Map<String, double[]> places = new LinkedHashMap<>();
    for (Element title : elements(document, "title")) {
      NodeList paths = ((Element) title.getParentNode()).getElementsByTagName("path");
      String move = ((Element) paths.item(paths.getLength() - 1)).getAttribute("transform");
      Matcher matcher = Pattern.compile("translate\\((\\S+) (\\S+)\\)").matcher(move);
      assertThat(matcher.matches()).isTrue();
      places.putIfAbsent(
          title.getTextContent(),
          new double[] {
            Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))
          });
    }
    return places;
  }

  @Test
  void aPowerLawIsAStraightLineOnLogarithmicScales() throws Exception {
    List<Configuration> all = new ArrayList<>();
    for (long m = 100; m <= 100_000; m *= 10) {
      all.add(Configuration.of(Map.of("width", m)));
    }
    Experiment experiment =
        MadeUp.experiment(
            List.of("width"),
            all,
            1,
            List.of(new Figure("f", "", "width", List.of("linf"), null, null, true, true)));
    Summary summary =
        MadeUp.summary(
            experiment,
            all.stream()
                .map(
                    c ->
                        MadeUp.completed(
                            experiment, c, 0, Map.of("linf", 1 / Math.sqrt(c.real("width")))))
                .toList());

    Document svg =
        parse(
            SvgFigure.render(FigureData.of(experiment.figures().get(0), summary), Theme.PAPER, 3));

    List<double[]> places = new ArrayList<>(markers(svg).values());
    assertThat(places).hasSize(4);
    for (int i = 1; i < 4; i++) {
      // Coordinates have two decimals: steps are equal within two roundings of 0.005.
      assertThat(places.get(i)[0] - places.get(i - 1)[0])
          .isPositive()
          .isCloseTo(places.get(1)[0] - places.get(0)[0], within(0.021));
      assertThat(places.get(i)[1] - places.get(i - 1)[1])
          .isPositive() // downwards
          .isCloseTo(places.get(1)[1] - places.get(0)[1], within(0.021));
    }
  }

  @Test
  void thePointsAreGeometricMeansWithTheirIntervals() {
    FigureData data = grid();
    FigureData.Point point = data.rows().get(0).panels().get(1).lines().get(2).points().get(0);

    double logs = point.seeds().stream().mapToDouble(Math::log).average().orElseThrow();
    assertThat(point.mean()).isCloseTo(Math.exp(logs), within(1e-12));
    assertThat(point.low()).isLessThan(point.mean());
    // Symmetric on the scale on which it is drawn.
    assertThat(point.low() * point.high()).isCloseTo(point.mean() * point.mean(), within(1e-9));
    assertThat(data.legend()).extracting(RichText::text).containsExactly("L = 2", "L = 4", "L = 6");
    assertThat(data.rows().get(0).panels())
        .extracting(panel -> panel.title().text())
        .containsExactly("d = 2", "d = 4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void noTwoTextsOverlapAndNoneLeavesThePicture(int columns) throws Exception {
    Document svg = parse(SvgFigure.render(grid(), Theme.PAPER, columns));
    double width = Double.parseDouble(svg.getDocumentElement().getAttribute("width"));
    double height = Double.parseDouble(svg.getDocumentElement().getAttribute("height"));
    List<double[]> boxes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Element text : elements(svg, "text")) {
      double size = Double.parseDouble(text.getAttribute("font-size"));
      double x = Double.parseDouble(text.getAttribute("x"));
      double y = Double.parseDouble(text.getAttribute("y"));
      double length = RichText.plain(text.getTextContent().replace('\u00a0', ' ')).width(size);
      double start =
          switch (text.getAttribute("text-anchor")) {
            case "middle" -> -length / 2;
            case "end" -> -length;
            default -> 0;
          };
      // Capital letters are 0.72 of the size high, descenders 0.21 deep.
      boxes.add(
          text.hasAttribute("transform")
              ? new double[] {x - 0.72 * size, y - length / 2, x + 0.21 * size, y + length / 2}
              : new double[] {x + start, y - 0.72 * size, x + start + length, y + 0.21 * size});
      names.add(text.getTextContent());
    }

    assertThat(boxes).hasSizeGreaterThan(60);
    for (int i = 0; i < boxes.size(); i++) {
      double[] a = boxes.get(i);
      assertThat(a[0] >= 0 && a[1] >= 0 && a[2] <= width && a[3] <= height)
          .as("%s is inside", names.get(i))
          .isTrue();
      for (int j = 0; j < i; j++) {
        double[] b = boxes.get(j);
        boolean apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
        assertThat(apart).as("%s and %s", names.get(i), names.get(j)).isTrue();
      }
    }
  }

  @Test
  void linesDifferInColourAndInShape() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 7; i++) {
      assertThat(seen.add(Theme.PAPER.series(i))).isTrue();
      assertThat(seen.add(Marker.of(i).path)).isTrue();
    }
  }

  @Test
  void axesThatTheFigureDoesNotNameSplitItsLines() {
    List<Configuration> all = new ArrayList<>();
    for (String estimator : List.of("sgd", "least-squares")) {
      for (long m : new long[] {10, 20}) {
        all.add(Configuration.of(Map.of("width", m, "estimator", estimator)));
      }
    }
    Experiment experiment =
        MadeUp.experiment(
            List.of("width", "estimator"),
            all,
            1,
            List.of(new Figure("f", "", "width", List.of("linf"), null, null, true, true)));

    FigureData data =
        FigureData.of(
            experiment.figures().get(0),
            MadeUp.summary(
                experiment,
                all.stream()
                    .map(c -> MadeUp.completed(experiment, c, 0, Map.of("linf", c.real("width"))))
                    .toList()));

    assertThat(data.legend()).extracting(RichText::text).containsExactly("sgd", "least-squares");
    assertThat(data.rows().get(0).panels().get(0).lines())
        .extracting(FigureData.Line::variant)
        .containsExactly(0, 1);
  }

  @Test
  void valuesThatTheScaleCannotShowAreSaidToBeMissing() {
    Experiment experiment = MadeUp.grid(1);
    Configuration first = experiment.configurations().get(0);
    Configuration second = experiment.configurations().get(1);
    FigureData data =
        FigureData.of(
            experiment.figures().get(0),
            MadeUp.summary(
                experiment,
                List.of(
                    MadeUp.completed(experiment, first, 0, Map.of("rel_l2", -1.0)),
                    MadeUp.completed(experiment, second, 0, Map.of("rel_l2", 1.0)))));

    assertThat(data.caption())
        .contains("28 of 30 trials have not completed")
        .contains("1 values that are not positive cannot be drawn");
    assertThat(SvgFigure.render(data, Theme.PAPER, 2)).contains("nothing to draw yet");
  }

  @Test
  void hostileTextStaysText() throws Exception {
    String hostile = "</text><script>alert('x')</script>&\"\u0001";
    Experiment base = MadeUp.grid(2);
    Experiment experiment =
        new Experiment(
            base.name(),
            "",
            new MadeUp.FakeJob(List.of(Metric.scalar("linf", hostile, hostile, ""))),
            base.numerics(),
            base.seeds(),
            base.axes(),
            base.configurations(),
            List.of(),
            List.of(
                new Figure(
                    "f", hostile, "width", List.of("linf"), "sequence_length", null, true, true)),
            "",
            base.source());

    String svg =
        SvgFigure.render(
            FigureData.of(
                experiment.figures().get(0),
                MadeUp.summary(experiment, MadeUp.records(experiment))),
            Theme.PAPER,
            3);

    assertThat(elements(parse(svg), "script")).isEmpty();
    assertThat(parse(svg).getDocumentElement().getAttribute("aria-label"))
        .isEqualTo(hostile.replace('\u0001', '\ufffd'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en-US", "ru-RU", "ar-EG-u-nu-arab"})
  void bytesDoNotDependOnTheLocale(String tag) {
    Locale.setDefault(Locale.ROOT);
    String expected = SvgFigure.render(grid(), Theme.PAPER, 3);
    Locale.setDefault(Locale.forLanguageTag(tag));

    assertThat(SvgFigure.render(grid(), Theme.PAPER, 3)).isEqualTo(expected);
  }

  @Test
  void onAPageEveryColourIsThePages() {
    assertThat(SvgFigure.render(grid(), Theme.PAGE, 3))
        .contains("var(--s2)")
        .doesNotContainPattern("(fill|stroke)=\"#");
  }

  @Test
  void whatCannotBeDrawnIsRefusedByName() {
    Experiment experiment = MadeUp.grid(1);
    Summary summary = MadeUp.summary(experiment, List.of());

    assertThatThrownBy(
            () ->
                FigureData.of(
                    new Figure("f", "", "estimator", List.of("linf"), null, null, true, true),
                    summary))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("figure f: x = estimator is a choice, allowed are numbers");
    assertThatThrownBy(
            () ->
                FigureData.of(
                    new Figure("f", "", "width", List.of("per_position"), null, null, true, true),
                    summary))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("job fake has no scalar metric per_position");
  }

  @Test
  void theTableOfWidthsIsThatOfTheBundledFont() {
    var context = new java.awt.font.FontRenderContext(null, true, true);
    var font = PngFigure.font().deriveFont(1000f);
    for (char c = 32; c < 127; c++) {
      String text = String.valueOf(c);
      // The table holds whole thousandths.
      assertThat(RichText.plain(text).width(1000))
          .as(text)
          .isCloseTo(font.getStringBounds(text, context).getWidth(), within(0.51));
    }
  }

  @Test
  void symbolsAreSetAsMathematics() {
    assertThat(RichText.symbol("eps_x").runs())
        .containsExactly(
            new RichText.Run("ε", RichText.Style.SYMBOL),
            new RichText.Run("x", RichText.Style.LOWERED));
    assertThat(RichText.symbol(Parameter.integer("width", "m", 1, 2, "").symbol()).text())
        .isEqualTo("m");
  }

  private static Figure compared(
      String x, String along, List<String> metrics, String lines, Figure.Reference... references) {
    return new Figure(
        "f",
        "",
        x,
        along,
        x.equals(along) ? "" : "an <x>",
        metrics,
        Figure.Arrangement.LINES,
        "errors",
        lines,
        null,
        true,
        true,
        List.of(references),
        "");
  }

  private static FigureData powerLaw(Figure figure) {
    List<Configuration> all = new ArrayList<>();
    for (long m = 100; m <= 100_000; m *= 10) {
      all.add(Configuration.of(Map.of("width", m)));
    }
    Experiment experiment = MadeUp.experiment(List.of("width"), all, 1, List.of(figure));
    return FigureData.of(
        figure,
        MadeUp.summary(
            experiment,
            all.stream()
                .map(
                    c ->
                        MadeUp.completed(
                            experiment,
                            c,
                            0,
                            Map.of(
                                "linf", 1 / Math.sqrt(c.real("width")),
                                "rel_l2", 2 / Math.sqrt(c.real("width")))))
                .toList()));
  }

  /** Corners of the curves that are dashed as references are. */
  private static List<double[]> referenceCorners(Document svg) {
    List<double[]> corners = new ArrayList<>();
    for (Element path : elements(svg, "path")) {
      if (path.getAttribute("stroke-dasharray").equals("7 4")) {
        Matcher corner = Pattern.compile("[ML](\\S+?) ([^ML]+)").matcher(path.getAttribute("d"));
        while (corner.find()) {
          corners.add(
              new double[] {
                Double.parseDouble(corner.group(1)), Double.parseDouble(corner.group(2))
              });
        }
      }
    }
    return corners;
  }

  @ParameterizedTest
  @ValueSource(strings = {"1/sqrt(x)", "m^(-1/2)", "width^(-0.5)"})
  void aReferenceThatTheDataFollowRunsThroughThem(String formula) throws Exception {
    Figure figure =
        compared("width", "width", List.of("linf"), null, new Figure.Reference("law", formula));
    Document svg = parse(SvgFigure.render(powerLaw(figure), Theme.PAPER, 3));
    List<double[]> places = new ArrayList<>(markers(svg).values());
    List<double[]> corners = referenceCorners(svg);
    assertThat(corners).hasSize(65);
    // Coordinates have two decimals.
    assertThat(corners.get(0)).containsExactly(places.get(0), within(0.011));
    assertThat(corners.get(64)).containsExactly(places.get(3), within(0.011));
    assertThat(svg.getDocumentElement().getTextContent()).contains("law");
  }

  /** As eps_x, which papers write as files do. */
  @Test
  void aReferenceMayRunOverAParameterWhoseSymbolIsItsName() {
    Figure figure =
        compared(
            "share", "share", List.of("linf"), null, new Figure.Reference("law", "1/sqrt(share)"));
    List<Configuration> all = new ArrayList<>();
    for (double share = 0.001; share <= 1; share *= 10) {
      all.add(Configuration.of(Map.of("share", share)));
    }
    Experiment experiment = MadeUp.experiment(List.of("share"), all, 1, List.of(figure));
    List<TrialRecord> records =
        all.stream()
            .map(c -> MadeUp.completed(experiment, c, 0, Map.of("linf", c.real("share"))))
            .toList();
    FigureData data = FigureData.of(figure, MadeUp.summary(experiment, records));
    assertThat(data.references())
        .singleElement()
        .extracting(FigureData.Curve::label)
        .isEqualTo("law");
  }

  @Test
  void aReferenceEndsWhereThePlotDoesAndLeavesTheDataTheirRoom() throws Exception {
    Figure steep =
        compared(
            "width",
            "width",
            List.of("linf"),
            null,
            new Figure.Reference("steep", "(x/1000)^4"),
            new Figure.Reference("out of sight", "1e9"));
    Figure alone = compared("width", "width", List.of("linf"), null);
    Document svg = parse(SvgFigure.render(powerLaw(steep), Theme.PAPER, 3));
    Document plain = parse(SvgFigure.render(powerLaw(alone), Theme.PAPER, 3));
    List<double[]> corners = referenceCorners(svg);
    assertThat(corners).hasSizeBetween(10, 40);
    double top = corners.stream().mapToDouble(corner -> corner[1]).min().getAsDouble();
    double bottom = corners.stream().mapToDouble(corner -> corner[1]).max().getAsDouble();
    assertThat(bottom - top).isBetween(249.9, 250.1); // the height of a plot
    assertThat(svg.getDocumentElement().getTextContent()).doesNotContain("out of sight");
    // A decade of room at either end of one and a half: the data keep two fifths of the height.
    double drop = heightOf(markers(svg));
    assertThat(drop).isBetween(0.4 * heightOf(markers(plain)), 0.5 * heightOf(markers(plain)));
  }

  private static double heightOf(Map<String, double[]> markers) {
    double[] heights = markers.values().stream().mapToDouble(place -> place[1]).sorted().toArray();
    return heights[heights.length - 1] - heights[0];
  }

  @Test
  void severalMetricsShareOnePairOfAxes() {
    FigureData data = powerLaw(compared("width", "width", List.of("linf", "rel_l2"), null));
    assertThat(data.rows()).hasSize(1);
    assertThat(data.rows().get(0).yLabel()).isEqualTo("errors");
    assertThat(data.rows().get(0).panels().get(0).lines()).hasSize(2);
    assertThat(data.legend())
        .extracting(RichText::text)
        .containsExactly("mean L-infinity error", "mean relative L2 error");
    assertThat(data.metrics()).containsExactly("linf", "rel_l2");
    assertThat(SvgFigure.render(data, Theme.PAPER, 3))
        .contains(Theme.PAPER.series(0), Theme.PAPER.series(1), "mean L-infinity error");
  }

  /** Every length is a line of its own unless x is named to run along it. */
  @Test
  void anExpressionStandsOnTheHorizontal() throws Exception {
    Experiment base = MadeUp.grid(3);
    Figure figure =
        new Figure(
            "f",
            "",
            "sequence_length/sqrt(width)",
            "sequence_length",
            "an <x>",
            List.of("rel_l2"),
            Figure.Arrangement.ROWS,
            "",
            "width",
            "input_dim",
            true,
            true,
            List.of(new Figure.Reference("one", "x")),
            "");
    Experiment experiment =
        MadeUp.experiment(base.axes(), base.configurations(), 3, List.of(figure));
    FigureData data = FigureData.of(figure, MadeUp.summary(experiment, MadeUp.records(experiment)));
    assertThat(data.xLabel().text()).isEqualTo("an <x>");
    List<FigureData.Line> lines = data.rows().get(0).panels().get(0).lines();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0).points())
        .extracting(FigureData.Point::x)
        .containsExactly(2 / Math.sqrt(125), 4 / Math.sqrt(125), 6 / Math.sqrt(125));
    assertThat(data.references().get(0).places())
        .allSatisfy(place -> assertThat(place.y()).isEqualTo(place.x()));
    Document svg = parse(SvgFigure.render(data, Theme.PAPER, 3));
    assertThat(elements(svg, "text"))
        .extracting(Element::getTextContent)
        .contains("an <x>")
        .noneMatch(text -> text.matches(".*\\d\\.\\d{6,}.*"));
  }

  /** Panels and lines of configurations that are not drawn would stand empty. */
  @Test
  void onlyWhatIsSelectedIsDrawn() {
    Experiment base = MadeUp.grid(3);
    Summary summary = MadeUp.summary(base, MadeUp.records(base));
    FigureData data = FigureData.of(selected("input_dim == 2 and width >= 500"), summary);
    assertThat(data.rows().get(0).panels()).hasSize(1);
    assertThat(data.xValues()).containsExactly(500.0, 1000.0, 2000.0);
    assertThat(data.legend()).hasSize(3);
    assertThatThrownBy(() -> FigureData.of(selected("width > 2000"), summary))
        .hasMessageContaining("selects nothing");
  }

  private static Figure selected(String where) {
    return new Figure(
        "f",
        "",
        "width",
        "width",
        "",
        List.of("rel_l2"),
        Figure.Arrangement.ROWS,
        "",
        "sequence_length",
        "input_dim",
        true,
        true,
        List.of(),
        where);
  }
}
