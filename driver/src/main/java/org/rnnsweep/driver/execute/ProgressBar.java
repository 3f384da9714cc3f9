package org.rnnsweep.driver.execute;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;
import org.rnnsweep.driver.plan.CostModel;

/** Shows a run's progress on a terminal, or as a line now and then where there is none. */
public final class ProgressBar implements Consumer<RunProgress> {

  /** What the output can show. */
  public enum Style {
    /** One line, drawn over and over. */
    TERMINAL,
    /** A line every {@value ProgressBar#LINE_SECONDS} seconds: logs, pipes. */
    LINES
  }

  private static final int WIDTH = 24;
  private static final int LINE_SECONDS = 10;

  private final PrintWriter out;
  private final Style style;
  private double lastSeconds = Double.NEGATIVE_INFINITY;
  private int drawn;

  private ProgressBar(PrintWriter out, Style style) {
    this.out = out;
    this.style = style;
  }

  public static ProgressBar of(PrintWriter out, Style style) {
    return new ProgressBar(out, style);
  }

  @Override
  public synchronized void accept(RunProgress progress) {
    String line = line(progress);
    if (style == Style.TERMINAL) {
      String rest = " ".repeat(Math.max(drawn - line.length(), 0));
      out.print("\r" + line + rest);
      out.flush();
      drawn = line.length();
    } else if (progress.elapsedSeconds() - lastSeconds >= LINE_SECONDS) {
      out.println(line);
      out.flush();
      lastSeconds = progress.elapsedSeconds();
    }
  }

  /** Ends the line that was drawn, so that what follows starts on a fresh one. */
  public synchronized void end() {
    if (drawn > 0) {
      out.println();
      out.flush();
      drawn = 0;
    }
  }

  /** Writes lines of another kind, on lines of their own; nothing is drawn meanwhile. */
  public synchronized void interrupt(Runnable writing) {
    end();
    writing.run();
  }

  /** For example {@code [####----] 46% 120/250 trials 2 running 1 min 12 s left}. */
  static String line(RunProgress progress) {
    double fraction = progress.fraction();
    int filled = (int) (fraction * WIDTH);
    String failed =
        progress.failed() == 0 ? "" : String.format(Locale.ROOT, "  %d failed", progress.failed());
    String left =
        progress.bundlesDone() == progress.bundles()
            ? "  took " + CostModel.formatted(progress.elapsedSeconds())
            : Double.isNaN(progress.secondsLeft())
                ? ""
                : "  " + CostModel.formatted(progress.secondsLeft()) + " left";
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d%%  %d/%d trials  %d running%s%s",
        "#".repeat(filled),
        "-".repeat(WIDTH - filled),
        (int) (fraction * 100),
        progress.trialsDone(),
        progress.trials(),
        progress.running(),
        failed,
        left);
  }
}
