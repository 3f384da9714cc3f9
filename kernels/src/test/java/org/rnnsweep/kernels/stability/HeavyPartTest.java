package org.rnnsweep.kernels.stability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.operator.Products;
import org.rnnsweep.kernels.operator.Representation;
import org.rnnsweep.kernels.random.StreamKey;

/** Two-sparse vectors of twelve coordinates: every support and angle tried. */
class HeavyPartTest {
  private static final int M = 12;
  private static final double LEVEL = 0.5;

  @Test
  void searchReachesTheBestOfAGrid() {
    StreamKey key = StreamKey.of(71).seed(0);
    try (Arena arena = Arena.ofBytes(1L << 22);
        RandomNetwork net =
            RandomNetwork.draw(
                Explicit.BLAS,
                arena,
                Representation.DENSE,
                Precision.DOUBLE,
                new RandomNetwork.Shape(M, 3, 1),
                RandomNetwork.HE,
                new Products(0, 0),
                key);
        Trajectory states =
            Trajectory.of(
                Explicit.BLAS,
                arena,
                net.recurrent(),
                net.input(),
                2,
                NormalizedInput.of(NormalizedInput.Law.SPREAD, key, 3, 0.1));
        MaskedChain chain =
            new MaskedChain(
                arena, net.recurrent(), states, 0, 2, 2, MaskedChain.Front.WEIGHTS, 40)) {
      Explicit e =
          new Explicit(
              Explicit.complete(arena, net.recurrent()),
              Explicit.entries(net.input()),
              Explicit.entries(net.output()));
      e.run(NormalizedInput.of(NormalizedInput.Law.SPREAD, key, 3, 0.1).tokens(2));
      double[][] map = Explicit.product(e.w, e.chain(2, 2));
      for (boolean any : new boolean[] {true, false}) {
        double best = 0;
        for (int a = 0; a < (any ? M : 1); a++) {
          for (int b = a + 1; b < (any ? M : 2); b++) {
            for (int t = 0; t < 3600; t++) {
              double angle = Math.PI * t / 3600;
              double square = 0;
              for (double[] row : map) {
                double y = Math.cos(angle) * row[a] + Math.sin(angle) * row[b];
                square += Math.abs(y) > LEVEL ? y * y : 0;
              }
              best = Math.max(best, square);
            }
          }
        }
        double found = 0;
        try (HeavyPart search =
            new HeavyPart(
                arena, chain, M, Precision.DOUBLE, 2, any, LEVEL, 40, key.name("start"))) {
          for (int round = 0; round < 20; round++) {
            found = Math.max(found, search.iterate());
          }
        }
        // The grid is coarse and the search local: neither is the supremum.
        assertThat(found).isBetween(0.97 * Math.sqrt(best), 1.001 * Math.sqrt(best));
      }
    }
  }
}
