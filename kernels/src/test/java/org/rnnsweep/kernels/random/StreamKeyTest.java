package org.rnnsweep.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamKeyTest {

  @Test
  void everyComponentItsKindAndItsPlaceCount() {
    StreamKey root = StreamKey.of(1);
    List<StreamKey> keys = new ArrayList<>();
    keys.add(root);
    keys.add(StreamKey.of(2));
    keys.add(StreamKey.of(-1));
    keys.add(root.seed(0));
    keys.add(root.seed(1));
    keys.add(root.seed(0).seed(1));
    keys.add(root.seed(1).seed(0));
    keys.add(root.name("W"));
    keys.add(root.name("A"));
    keys.add(root.name(""));
    keys.add(root.name("W").seed(0));
    keys.add(root.seed(0).name("W"));
    keys.add(root.with("W", 0));
    keys.add(root.with("W", 1));
    keys.add(root.with("W", 1.0));
    keys.add(root.with("W", 0.0));
    keys.add(root.with("W", -0.0));
    keys.add(root.with("A", 1));
    keys.add(root.with("ab", 1).name("c"));
    keys.add(root.with("a", 1).name("bc"));
    keys.add(root.block(0));
    keys.add(root.block(1));
    keys.add(root.block(-1));
    keys.add(root.block(0).block(0));
    Set<Long> halves = new HashSet<>();
    keys.forEach(key -> halves.add(key.high()));
    keys.forEach(key -> halves.add(key.low()));
    assertThat(halves).hasSize(2 * keys.size());
    assertThat(new HashSet<>(keys)).hasSize(keys.size());
  }

  @Test
  void theSameComponentsGiveTheSameKey() {
    StreamKey first = StreamKey.of(7).seed(3).name("W").with("width", 100).block(5);
    assertThat(StreamKey.of(7).seed(3).name("W").with("width", 100).block(5)).isEqualTo(first);
  }

  /**
   * Stored results depend on these bits: a change needs a new version of every job. They were
   * computed by another program: Python 3's {@code hashlib.sha256(struct.pack(">QQHq", 0, 0,
   * ord("r"), 20250101))}, cut to 16 bytes, the same of that with kind "n", value 0 and the bytes
   * of W, and the two finalizers in Python's integers.
   */
  @Test
  void keysAreSealed() {
    assertThat(StreamKey.of(20250101)).hasToString("4432b84c1d47089a8ee92da06833c44d");
    assertThat(StreamKey.of(20250101).name("W")).hasToString("1453f2f39c9eb2893a47dbbee0950068");
    assertThat(StreamKey.of(20250101).name("W").block(1))
        .hasToString("b1ef47b6e9236c459e051598693db8a6");
  }
}
