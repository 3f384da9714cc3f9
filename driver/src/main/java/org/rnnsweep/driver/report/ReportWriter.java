package org.rnnsweep.driver.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.rnnsweep.driver.analyse.ClaimsJson;
import org.rnnsweep.driver.analyse.Scoreboard;
import org.rnnsweep.driver.analyse.Summary;
import org.rnnsweep.driver.config.Figure;

/**
 * Writes {@code <store>/report/}: {@code summary.csv}, {@code claims.json}, each figure as SVG and
 * PNG, and {@code index.html}. Each file is written whole under a fresh name and then renamed, so
 * that a reader never sees half of one; the page comes last. Writing again replaces.
 */
public final class ReportWriter {
  /** Pixels of a PNG for one unit of the drawing: about 200 dots an inch at printed size. */
  private static final double PNG_SCALE = 2;

  private static final int WIDE_COLUMNS = 3;

  private final FileSystem files;
  private final Path folder;
  private final Set<String> written = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();
  private boolean canDraw = true;

  private ReportWriter(FileSystem files, Path folder) {
    // Through the checksum layer every local file would get a hidden .crc beside it.
    this.files = files instanceof LocalFileSystem local ? local.getRaw() : files;
    this.folder = folder;
  }

  /**
   * What was written.
   *
   * @param files paths, the page last
   * @param notes one line for each thing left out, and why; often empty
   */
  public record Written(List<Path> files, List<String> notes) {
    public Written {
      files = List.copyOf(files);
      notes = List.copyOf(notes);
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
    return new ReportWriter(files, folder).write(summary, scoreboard, facts);
  }

  private Written write(Summary summary, Scoreboard scoreboard, RunFacts facts) throws IOException {
    files.mkdirs(folder);
    put("summary.csv", bytes(SummaryCsv.render(summary)));
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
      put(data.id() + ".svg", bytes(svg));
      byte[] png = png(svg);
      if (png != null) {
        put(data.id() + ".png", png);
      }
    }
    put("claims.json", bytes(new ClaimsJson().write(scoreboard)));
    put("index.html", bytes(HtmlReport.render(summary, scoreboard, figures, written, facts)));
    return new Written(written.stream().map(name -> new Path(folder, name)).toList(), notes);
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

  private void put(String name, byte[] content) throws IOException {
    Path target = new Path(folder, name);
    Path fresh = new Path(folder, "." + name + "." + UUID.randomUUID() + ".tmp");
    try {
      try (OutputStream out = files.create(fresh, false)) {
        out.write(content);
      }
      // Some file systems rename over a file, some refuse; then the old one makes way first.
      if (!renamed(fresh, target)) {
        files.delete(target, false);
        if (!renamed(fresh, target)) {
          throw new IOException("cannot rename " + fresh + " to " + target);
        }
      }
    } catch (IOException e) {
      files.delete(fresh, false);
      throw e;
    }
    written.add(name);
  }

  private boolean renamed(Path from, Path to) throws IOException {
    try {
      return files.rename(from, to);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
