package org.rnnsweep.jobs.languages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.languages.Language;
import org.rnnsweep.kernels.languages.LanguageCatalog;

/** The published numbers beside the catalogue: what a row says of its data is what we draw. */
class PublishedTableTest {
  private static final Path TABLE = Path.of("..", "conf", "published", "table1.csv");

  @Test
  void everyRowIsALanguageOfTheCatalogueWithItsDataAndLabels() throws IOException {
    List<String> lines =
        Files.readAllLines(TABLE).stream().filter(line -> !line.startsWith("#")).toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "language,labels,train_strings,test_strings,min_length,max_length,activation,accuracy,"
                + "printed_name");
    assertThat(lines).hasSize(1 + 14 * 2);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      Language language = LanguageCatalog.of(cells[0]);
      assertThat(language.labels().label()).as(line).isEqualTo(cells[1]);
      assertThat(language.plan().trainStrings()).as(line).isEqualTo(Integer.parseInt(cells[2]));
      assertThat(language.plan().testStrings()).as(line).isEqualTo(Integer.parseInt(cells[3]));
      assertThat(language.plan().minLength()).as(line).isEqualTo(Integer.parseInt(cells[4]));
      assertThat(language.plan().maxLength()).as(line).isEqualTo(Integer.parseInt(cells[5]));
      assertThat(cells[6]).isIn("relu", "tanh");
      double accuracy = Double.parseDouble(cells[7]);
      // All are printed near 1 but one.
      boolean odd = cells[0].equals("tomita-7") && cells[6].equals("relu");
      assertThat(accuracy).as(line).isBetween(odd ? 0.259 : 0.99, odd ? 0.259 : 1.0);
    }
  }
}
