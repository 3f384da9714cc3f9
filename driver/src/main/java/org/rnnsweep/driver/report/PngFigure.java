package org.rnnsweep.driver.report;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.DocumentLimits;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.FloatSize;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/**
 * Draws our SVG as PNG through Java2D, with the bundled font. The only class that touches AWT; on a
 * machine where AWT cannot be used every call throws, often an {@link Error}: {@link ReportWriter}
 * turns that into one line.
 */
final class PngFigure {
  static final String FONT = "LiberationSans-Regular.ttf";

  /** The drawings are our own: a sweep of some thousand trials has more dots than the default. */
  private static final DocumentLimits OF_ANY_SIZE =
      new DocumentLimits(
          DocumentLimits.DEFAULT_MAX_NESTING_DEPTH,
          DocumentLimits.DEFAULT_MAX_USE_NESTING_DEPTH,
          Integer.MAX_VALUE);

  private PngFigure() {}

  /** The bundled font is registered once, before the renderer first asks which fonts there are. */
  private static final class Fonts {
    static final Font BUNDLED = load();

    private static Font load() {
      try (InputStream file = PngFigure.class.getResourceAsStream(FONT)) {
        Font font = Font.createFont(Font.TRUETYPE_FONT, file);
        GraphicsEnvironment.getLocalGraphicsEnvironment().registerFont(font);
        return font;
      } catch (IOException | FontFormatException e) {
        throw new IllegalStateException("the bundled font cannot be read: " + FONT, e);
      }
    }
  }

  /** The bundled font at size 1, registered. */
  static Font font() {
    return Fonts.BUNDLED;
  }

  /**
   * @param scale pixels for one unit of the drawing
   */
  static byte[] render(String svg, double scale) throws IOException {
    font();
    SVGDocument document =
        new SVGLoader()
            .load(
                new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)),
                null,
                LoaderContext.builder().documentLimits(OF_ANY_SIZE).build());
    if (document == null) {
      throw new IOException("the figure's SVG cannot be parsed");
    }
    FloatSize size = document.size();
    BufferedImage image =
        new BufferedImage(
            (int) Math.ceil(size.width * scale),
            (int) Math.ceil(size.height * scale),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.scale(scale, scale);
      document.render(null, graphics);
    } finally {
      graphics.dispose();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IOException("this JDK cannot write PNG");
    }
    return bytes.toByteArray();
  }
}
