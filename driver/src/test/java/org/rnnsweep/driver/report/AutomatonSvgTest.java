package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LanguageCatalog;
import org.rnnsweep.kernels.languages.RegularExpression;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class AutomatonSvgTest {

  static List<String> names() {
    List<String> names = new ArrayList<>(LanguageCatalog.names());
    names.addAll(
        List.of("contains-0110", "regex:01:(0|1)*", "regex:abc:(a|b|c){3}", "regex:01:0{30}"));
    return names;
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> elements(Document svg, String name) {
    NodeList nodes = svg.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyStateAndEdgeIsDrawnInsideThePicture(String name) throws Exception {
    Dfa dfa = LanguageCatalog.of(name).dfa();
    Document svg = parse(AutomatonSvg.render(name, "definition", dfa));
    int accepting = 0;
    long edges = 1; // the start's arrow
    for (int state = 0; state < dfa.states(); state++) {
      accepting += dfa.accepts(state) ? 1 : 0;
      int from = state;
      edges +=
          dfa.alphabet()
              .chars()
              .map(c -> dfa.next(from, dfa.alphabet().indexOf(c)))
              .distinct()
              .count();
    }
    assertThat(elements(svg, "circle")).hasSize(dfa.states() + accepting);
    assertThat(elements(svg, "path").stream().filter(p -> p.hasAttribute("marker-end")))
        .hasSize((int) edges);
    double width = number(svg.getDocumentElement(), "width");
    double height = number(svg.getDocumentElement(), "height");
    for (Element text : elements(svg, "text")) {
      assertThat(number(text, "x")).isBetween(8.0, width - 8);
      assertThat(number(text, "y")).isBetween(14.0, height - 4);
    }
    for (Element circle : elements(svg, "circle")) {
      assertThat(number(circle, "cx")).isBetween(22.0, width - 22);
      assertThat(number(circle, "cy")).isBetween(60.0, height - 22);
    }
  }

  /** Points of each edge against every state that is not one of its ends. */
  @ParameterizedTest
  @MethodSource("names")
  void noEdgeCrossesAThirdState(String name) throws Exception {
    Dfa dfa = LanguageCatalog.of(name).dfa();
    Document svg = parse(AutomatonSvg.render(name, "definition", dfa));
    List<Element> states =
        elements(svg, "circle").stream().filter(c -> c.getAttribute("r").equals("22.0")).toList();
    for (Element path : elements(svg, "path")) {
      String d = path.getAttribute("d");
      if (!d.contains("Q")) {
        continue;
      }
      double[] p =
          Arrays.stream(d.split("[MQ ]"))
              .filter(s -> !s.isEmpty())
              .mapToDouble(Double::parseDouble)
              .toArray();
      for (Element state : states) {
        double x = number(state, "cx");
        double y = number(state, "cy");
        if (Math.hypot(p[0] - x, p[1] - y) < 24 || Math.hypot(p[4] - x, p[5] - y) < 24) {
          continue;
        }
        for (double t = 0; t <= 1; t += 0.02) {
          double curveX = (1 - t) * (1 - t) * p[0] + 2 * t * (1 - t) * p[2] + t * t * p[4];
          double curveY = (1 - t) * (1 - t) * p[1] + 2 * t * (1 - t) * p[3] + t * t * p[5];
          assertThat(Math.hypot(curveX - x, curveY - y)).as(d).isGreaterThan(22);
        }
      }
    }
  }

  @Test
  void textIsEscapedAndNumbersDoNotFollowTheLocale() throws Exception {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      String svg =
          AutomatonSvg.render("<&>", "\"'\u0000]]>", RegularExpression.compile("01", "0*"));
      assertThat(
              parse(svg)
                  .getDocumentElement()
                  .getElementsByTagName("title")
                  .item(0)
                  .getTextContent())
          .isEqualTo("<&>: \"'\ufffd]]>");
      assertThat(svg).contains("width=\"540\"");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void tooManyStatesAreRefused() {
    Dfa dfa = RegularExpression.compile("01", "0{31}");
    assertThatThrownBy(() -> AutomatonSvg.render("long", "", dfa))
        .hasMessage("long has 33 states; up to 32 are drawn");
  }
}
