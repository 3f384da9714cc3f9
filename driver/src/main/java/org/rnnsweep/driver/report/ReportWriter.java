package org.rnnsweep.driver.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rnnsweep.driver.analyse.ClaimsJson;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.config.Figure;

/**
 * Writes {@code <store>/report/}: {@code summary.csv}, {@code comparison.csv} where the experiment
 * names a published table, {@code claims.json}, each figure as SVG and PNG, and {@code index.html},
 * which comes last.
 */
public final class ReportWriter {
  /** Pixels of a PNG for one unit of the drawing: about 200 dots an inch at printed size. */
  private static final double PNG_SCALE = 2;

  /** Panels beside each other where there is room. */
  static final int WIDE_COLUMNS = 3;

  private final ReportFolder folder;
  private final List<String> notes = new ArrayList<>();
  private boolean canDraw = true;

  private ReportWriter(ReportFolder folder) {
    this.folder = folder;
  }

  /**
   * What was written.
   *
   * @param files paths, the page last
   * @param notes one line for each thing left out, and why; often empty
   * @param figures what was drawn, in the order of the page
   */
  public record Written(List<Path> files, List<String> notes, List<FigureData> figures) {
    public Written {
      files = List.copyOf(files);
      notes = List.copyOf(notes);
      figures = List.copyOf(figures);
    }

    /** The page. */
    public Path page() {
      return files.get(files.size() - 1);
    }
  }

  /**
   * Writes everything that can be written.
   *
   * @param files the file system of {@code folder}
   * @param folder {@code <store>/report}; made if it is not there
   * @throws IOException if the folder cannot be written; a PNG that cannot be drawn is only a note
   */
  public static Written write(
      FileSystem files, Path folder, Summary summary, Scoreboard scoreboard, RunFacts facts)
      throws IOException {
    return new ReportWriter(new ReportFolder(files, folder)).write(summary, scoreboard, facts);
  }

  private Written write(Summary summary, Scoreboard scoreboard, RunFacts facts) throws IOException {
    folder.put("summary.csv", SummaryCsv.render(summary));
    if (summary.experiment().comparison() != null) {
      folder.put(ComparisonTable.FILE, ComparisonTable.of(summary).csv());
    }
    List<FigureData> figures = new ArrayList<>();
    for (Figure figure : summary.experiment().figures()) {
      FigureData data;
      try {
        data = FigureData.of(figure, summary);
      } catch (IllegalArgumentException e) {
        notes.add("figure " + figure.id() + " left out: " + e.getMessage());
        continue;
      }
      figures.add(data);
      String svg = SvgFigure.render(data, Theme.PAPER, WIDE_COLUMNS);
      folder.put(data.id() + ".svg", svg);
      byte[] png = png(svg);
      if (png != null) {
        folder.put(data.id() + ".png", png);
      }
    }
    folder.put("claims.json", new ClaimsJson().write(List.of(scoreboard)));
    folder.put(
        "index.html", HtmlReport.render(summary, scoreboard, figures, folder.names(), facts));
    return new Written(folder.paths(), notes, figures);
  }

  /** Null where this JVM cannot draw; one note says so for all figures. */
  private byte[] png(String svg) {
    if (!canDraw) {
      return null;
    }
    try {
      return PngFigure.render(svg, PNG_SCALE);
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      // A JVM without java.desktop, without its native libraries or without fontconfig throws
      // LinkageError, AWTError, InternalError or a NullPointerException. AWT's own must not be
      // named
      // here: this class has to load where AWT does not.
      canDraw = false;
      notes.add("PNG skipped, the SVG is there: this Java cannot draw (" + oneLine(e) + ")");
      return null;
    }
  }

  /** Why this JVM cannot draw PNG files; empty if it can. */
  public static Optional<String> pngProblem() {
    try {
      PngFigure.render("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"/>", 1);
      return Optional.empty();
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      return Optional.of(oneLine(e));
    }
  }

  private static String oneLine(Throwable problem) {
    String text = problem.toString().lines().findFirst().orElse("").strip();
    return text.length() <= 160 ? text : text.substring(0, 160) + "...";
  }
}
