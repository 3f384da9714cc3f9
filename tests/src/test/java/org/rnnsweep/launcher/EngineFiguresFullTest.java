package org.rnnsweep.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.packaging.Checkout;

/**
 * The engine's figures, printed for whoever keeps them; what is asserted holds on a busy machine.
 */
@Tag("full")
class EngineFiguresFullTest {
  private static final Pattern PROGRESS =
      Pattern.compile(" (\\d+)% .*?(?:(\\d+) h )?(?:(\\d+) min )?(?:(\\d+) s )?left");

  @TempDir Path folder;

  private record Said(double atSeconds, int percent, double secondsLeft) {}

  @Test
  void whatTheEngineCosts() throws Exception {
    try (Launched bench =
        Launched.start(
            Checkout.root().resolve("bin/rnnsweep"), folder, Map.of(), "bench", "engine")) {
      assertThat(bench.exitCode(3600)).as(bench.err()).isZero();
      System.out.println(bench.out());
      assertThat(bench.out()).contains("a trial", "ideal");
    }
  }

  /** What a sweep says of its time left, from its first tenth on, beside what it then took. */
  @Test
  void howWellTheTimeLeftIsKnown() throws Exception {
    Path file = Checkout.root().resolve("conf/inversion-quick.conf");
    List<Said> said = new ArrayList<>();
    double took = Double.NaN;
    try (Launched run =
        Launched.start(
            Checkout.root().resolve("bin/rnnsweep"),
            folder,
            Map.of(),
            "run",
            file,
            "--store",
            folder.resolve("store"))) {
      long start = System.nanoTime();
      int seen = 0;
      while (run.isAlive() && !(took > 0)) {
        Thread.sleep(100);
        List<String> lines = run.err().lines().toList();
        for (String line : lines.subList(seen, lines.size())) {
          double now = (System.nanoTime() - start) / 1e9;
          Matcher progress = PROGRESS.matcher(line);
          if (progress.find()) {
            said.add(said(progress, now));
          } else if (line.contains(" trials computed in ")) {
            took = now;
          }
        }
        seen = lines.size();
      }
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
    double end = took;
    List<Said> late =
        said.stream().filter(s -> s.percent() >= 10 && end - s.atSeconds() >= 5).toList();
    assertThat(late).as("lines with a time left, at least 5 s before the end").isNotEmpty();
    double worst = 0;
    for (Said s : late) {
      double error = s.secondsLeft() / (took - s.atSeconds()) - 1;
      System.out.printf(
          Locale.ROOT,
          "at %5.1f s, %3d%%: %5.0f s left said, %5.1f s true (%+.0f%%)%n",
          s.atSeconds(),
          s.percent(),
          s.secondsLeft(),
          took - s.atSeconds(),
          100 * error);
      worst = Math.max(worst, Math.abs(error));
    }
    System.out.printf(Locale.ROOT, "time left, worst error: %.0f%% (asked: 30%%)%n", 100 * worst);
    assertThat(worst).as("relative error").isLessThan(1);
  }

  private static Said said(Matcher progress, double at) {
    double left = 0;
    int[] unit = {3600, 60, 1};
    for (int i = 0; i < unit.length; i++) {
      String number = progress.group(i + 2);
      left += number == null ? 0 : unit[i] * Double.parseDouble(number);
    }
    return new Said(at, Integer.parseInt(progress.group(1)), left);
  }
}
