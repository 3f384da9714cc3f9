package org.rnnsweep.kernels.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.concepts.Target;
import org.rnnsweep.kernels.descent.Loss;
import org.rnnsweep.kernels.random.StreamKey;
import org.rnnsweep.kernels.stability.NormalizedInput;

/** Two-token concepts over all strings; the others against their definitions. */
class ConceptTest {
  private static final StreamKey KEY = StreamKey.of(4);
  private static final int TOKENS = 6;
  private static final Concept.Shape SHAPE = new Concept.Shape(TOKENS, 4, 3, 2);
  private static final SequenceLaw SPREAD =
      new SequenceLaw(NormalizedInput.Law.SPREAD, 5, 0.2, SequenceLaw.End.UNIT);

  @Test
  void countingIsZeroWhereBothAreAsFrequent() {
    Target target = Concept.COUNTING.target(SHAPE, Link.power(1), KEY);
    for (int bits = 0; bits < 1 << TOKENS; bits++) {
      double value = target.value(string(bits));
      int difference = TOKENS - 2 * Integer.bitCount(bits);
      assertThat(value).isCloseTo(difference / (double) TOKENS, within(1e-12));
    }
  }

  @Test
  void orderHasMeanZeroForEveryBag() {
    Target target = Concept.ORDER.target(SHAPE, Link.power(1), KEY);
    Map<Integer, Double> sums = new HashMap<>();
    for (int bits = 0; bits < 1 << TOKENS; bits++) {
      double value = target.value(string(bits));
      assertThat(Math.abs(value)).isLessThanOrEqualTo(1 + 1e-12);
      sums.merge(Integer.bitCount(bits), value, Double::sum);
    }
    assertThat(sums.values()).allSatisfy(sum -> assertThat(sum).isCloseTo(0, within(1e-12)));
    assertThat(target.value(string(0b011111))).isNotEqualTo(target.value(string(0b101111)));
  }

  @Test
  void aProductIsUncorrelatedWithEveryPosition() {
    Target target = Concept.PRODUCT.target(SHAPE, Link.power(1), KEY);
    for (int i = 0; i < TOKENS; i++) {
      double correlation = 0;
      double square = 0;
      for (int bits = 0; bits < 1 << TOKENS; bits++) {
        double[][] tokens = string(bits);
        correlation += target.value(tokens) * Concept.letter(tokens[i]);
        square += target.value(tokens) * target.value(tokens);
      }
      assertThat(correlation).isCloseTo(0, within(1e-12));
      assertThat(square).isCloseTo(1 << TOKENS, within(1e-9));
    }
    double[][] tokens = string(0b101101);
    assertThat(target.value(tokens))
        .isCloseTo(Concept.letter(tokens[3]) * Concept.letter(tokens[5]), within(1e-12));
  }

  @Test
  void twoLayerNetworksAreMembers() {
    Concept.TwoLayer layers = Concept.TwoLayer.draw(SHAPE, KEY);
    Target target = Concept.TWO_LAYER.target(SHAPE, Link.sine(2), KEY);
    for (int i = 0; i < 20; i++) {
      double[][] tokens = SPREAD.trueTokens(SPREAD.sequence(KEY.name("x"), i, TOKENS + 2));
      double value = target.value(tokens);
      assertThat(layers.member(Link.sine(2), tokens)).isCloseTo(value, within(1e-12));
      assertThat(layers.member(Link.sine(2.1), tokens)).isNotCloseTo(value, within(1e-6));
    }
  }

  /** Replacing one token changes a sum over positions by as much whatever the others are. */
  @ParameterizedTest
  @EnumSource(Concept.class)
  void additiveOrNot(Concept concept) {
    Target target = concept.target(SHAPE, Link.power(2), KEY);
    double[][] x = SPREAD.trueTokens(SPREAD.sequence(KEY.name("x"), 1, TOKENS + 2));
    double[][] y = SPREAD.trueTokens(SPREAD.sequence(KEY.name("x"), 2, TOKENS + 2));
    double mixed = 0;
    for (int pair = 0; pair < 4; pair++) {
      double[][] tokens = x.clone();
      tokens[3] = pair % 2 == 0 ? x[3] : y[3];
      tokens[5] = pair / 2 == 0 ? x[5] : y[5];
      mixed += (pair == 0 || pair == 3 ? 1 : -1) * target.value(tokens);
    }
    boolean additive = concept != Concept.PRODUCT && concept != Concept.DENSE;
    assertThat(Math.abs(mixed) < 1e-12).isEqualTo(additive);
  }

  @Test
  void sequencesAreNormalised() {
    double[][] sequence = SPREAD.sequence(KEY, 7, 5);
    assertThat(sequence[0]).containsExactly(0, 0, 0, 0, 1);
    assertThat(sequence[4]).containsExactly(0, 0, 0, 0, 1);
    double[][] tokens = SPREAD.trueTokens(sequence);
    for (double[] token : tokens) {
      double square = 0;
      for (double x : token) {
        square += x * x;
      }
      assertThat(square).isCloseTo(1, within(1e-12));
      assertThat(token[3]).isCloseTo(0.5, within(1e-12));
    }
    assertThat(SPREAD.ofTrueTokens(tokens)[2]).containsExactly(sequence[2], within(1e-15));
    SequenceLaw small = new SequenceLaw(NormalizedInput.Law.SPREAD, 5, 0.2, SequenceLaw.End.SMALL);
    assertThat(small.sequence(KEY, 7, 5)[4]).containsExactly(0, 0, 0, 0, 0.2);
  }

  @Test
  void noRiskIsBelowTheTargetsAndNoConstantsBelowTheBest() {
    ConceptData data = new ConceptData(SPREAD, 5, tokens -> tokens[0][0] + 0.4, 0.3, Loss.HUBER);
    double least = Double.POSITIVE_INFINITY;
    var samples = data.samples(KEY, 200);
    for (double z = -2; z <= 2; z += 0.01) {
      assertThat(data.risk(z, 0.5)).isGreaterThanOrEqualTo(data.risk(0.5, 0.5));
      double at = z;
      least =
          Math.min(least, samples.stream().mapToDouble(s -> data.risk(at, s.value())).sum() / 200);
    }
    assertThat(data.risk(0.5, 0.5)).isCloseTo(data.optimum(), within(1e-12));
    assertThat(data.optimum()).isCloseTo(0.045, within(1e-12));
    assertThat(data.constantRisk(samples)).isCloseTo(least, within(1e-4)).isLessThan(least + 1e-9);
    double plus = samples.stream().filter(s -> s.label() > s.value()).count() / 200.0;
    assertThat(plus).isCloseTo(0.5, within(5 * 0.5 / Math.sqrt(200)));
  }

  /** Monte Carlo against the closed form, and sums over positions against the best of them. */
  @Test
  void noSumOverPositionsIsBetterThanTheAdditivePart() {
    double kappa = 0.6;
    double noise = 0.3;
    for (NormalizedInput.Law tokens :
        List.of(NormalizedInput.Law.SPREAD, NormalizedInput.Law.TOKENS)) {
      SequenceLaw law = new SequenceLaw(tokens, 5, 0.2, SequenceLaw.End.SMALL);
      Concept.Shape shape = new Concept.Shape(3, 4, 2, 1, kappa);
      Target target = Concept.MISSPECIFIED.target(shape, Link.power(2), KEY);
      Target inside = Concept.ADDITIVE.target(shape, Link.power(2), KEY);
      ConceptData data =
          new ConceptData(law, 5, target, noise, kappa * law.letterSquare(), Loss.HUBER);
      int count = 20_000;
      double[] risk = new double[3]; // of the additive part, and with more of either token in it
      double square = 0;
      for (ConceptData.Sample sample : data.samples(KEY, count)) {
        double[][] x = law.trueTokens(sample.tokens());
        double[] more = {0, 0.2 * Concept.letter(x[2]), 0.2 * (Math.abs(x[1][0]) - 0.4)};
        for (int k = 0; k < risk.length; k++) {
          risk[k] += data.risk(inside.value(x) + more[k], sample.value()) / count;
        }
        double one = data.risk(inside.value(x), sample.value());
        square += one * one / count;
      }
      double error = Math.sqrt((square - risk[0] * risk[0]) / count);
      assertThat(risk[0]).isCloseTo(data.optimum(), within(5 * error + 1e-12));
      assertThat(risk[1]).isGreaterThan(risk[0]);
      assertThat(risk[2]).isGreaterThan(risk[0]);
    }
  }

  @Test
  void refusesInWords() {
    assertThatThrownBy(() -> new Concept.Shape(0, 4, 1, 0)).hasMessageContaining("found 0, 4, 1");
    assertThatThrownBy(() -> Concept.ofLabel("sum")).hasMessageContaining("additive, two-layer");
    assertThatThrownBy(() -> SequenceLaw.End.ofLabel("no")).hasMessageContaining("small, unit");
  }

  /** Bit i set: the token at position i is -e_1. */
  private static double[][] string(int bits) {
    double[][] tokens = new double[TOKENS][4];
    for (int i = 0; i < TOKENS; i++) {
      tokens[i][0] = ((bits >> i & 1) == 0 ? 1 : -1) * Math.sqrt(3) / 2;
      tokens[i][3] = 0.5;
    }
    return tokens;
  }
}
