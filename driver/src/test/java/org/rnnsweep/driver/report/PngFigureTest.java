package org.rnnsweep.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngFigureTest {
  private static String dots(int count) {
    StringBuilder svg =
        new StringBuilder("<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'>");
    for (int i = 0; i < count; i++) {
      svg.append(
          String.format(Locale.ROOT, "<circle cx='%d' cy='%d' r='1'/>", i % 100, i / 100 % 100));
    }
    return svg.append("</svg>").toString();
  }

  /** A dot a trial: the library's default limit is 2000. */
  @Test
  void manyTrialsAreDrawn() throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(PngFigure.render(dots(20_000), 1)));
    assertThat(image.getWidth()).isEqualTo(100);
    assertThat(image.getRGB(50, 50) & 0xFFFFFF).isZero();
  }

  @Test
  void whatIsNoDrawingIsRefused() {
    assertThatThrownBy(() -> PngFigure.render("<svg", 1)).isInstanceOf(IOException.class);
  }
}
