package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {

  /** It needs no yardstick, and a line a width. */
  @Test
  void theOperatorIsMeasuredAlone() {
    Cli cli = Cli.run("bench", "operator", "--widths", "256,512");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).doesNotContain("yardstick").contains("normals: ", "resident");
    List<String> rows = cli.out().lines().filter(line -> line.startsWith("operator")).toList();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0)).matches("operator +256  16 times, L = 8 .*");
    assertThat(rows.get(1)).matches("operator +512  16 times, L = 8 .*");
    assertThat(cli.err()).contains("GiB declared");
  }
}
