package org.rnnsweep.driver.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'', abc, 3",
    "kitten, sitting, 3", // the textbook's example
    "ab, ba, 1", // a swap is one edit
    "ca, abc, 3", // the restricted form: the unrestricted distance is 2
    "width, widht, 1",
  })
  void countsEdits(String a, String b, int expected) {
    assertThat(NearestName.distance(a, b)).isEqualTo(expected);
    assertThat(NearestName.distance(b, a)).as("symmetric").isEqualTo(expected);
  }

  @Test
  void suggestsOnlyWhatIsNear() {
    List<String> names = List.of("width", "length", "m");
    assertThat(NearestName.of("lenght", names)).isEqualTo("length");
    assertThat(NearestName.of("WIDTH", names)).isEqualTo("width");
    assertThat(NearestName.of("n", names)).isEqualTo("m");
    assertThat(NearestName.of("temperature", names)).isEmpty();
    assertThat(NearestName.of("x", List.of())).isEmpty();
  }
}
