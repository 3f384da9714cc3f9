package org.rnnsweep.kernels.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.NumericsProfile.Library;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LabelKind;
import org.rnnsweep.kernels.languages.LanguageCatalog;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.StreamKey;

class ElmanTrainerTest {
  private static final StreamKey KEY = StreamKey.of(11);
  private static final double NO_CLIP = Double.POSITIVE_INFINITY;

  /** An optimiser that stands still. */
  private static final Optimiser STILL = new Optimiser.Momentum(0, 0);

  // Lengths from 1 to 9, two equal, not in order.
  private static final List<String> WORDS =
      List.of("0110", "1", "011010110", "10", "0000", "11011");

  /** What a trainer needs besides its network. */
  private record Case(Activation activation, Loss loss, InitialWeights initial, Library library) {}

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (Loss loss : Loss.values()) {
        for (InitialWeights initial : InitialWeights.values()) {
          cases.add(new Case(activation, loss, initial, Library.JAVA));
        }
      }
      cases.add(new Case(activation, Loss.SQUARED, InitialWeights.UNIFORM, Library.NATIVE));
    }
    return cases.stream();
  }

  private final Dfa dfa = LanguageCatalog.of("tomita-4").dfa();
  private final LabelKind kind = LabelKind.ACCEPT;
  private final ElmanShape shape = new ElmanShape(7, 2, 2);

  /**
   * Weights that are not small, biases that are not 0, so that every part of the gradient speaks.
   */
  private double[] parameters(InitialWeights initial) {
    double[] parameters = initial.draw(shape, KEY);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = parameters[i] * 1.5 + 0.01 * (i % 5);
    }
    return parameters;
  }

  private static Blas blas(Library library, Precision precision) {
    return Blas.of(new NumericsProfile(library, precision));
  }

  private ElmanTrainer trainer(Arena arena, Case one, Precision precision, double[] parameters) {
    return new ElmanTrainer(
        blas(one.library(), precision),
        arena,
        precision,
        shape,
        one.activation(),
        WORDS.size(),
        9,
        parameters);
  }

  private Arena arena(Precision precision) {
    return Arena.ofBytes(ElmanTrainer.memoryBytes(shape, precision, WORDS.size(), 9));
  }

  /** Oracle: the definition and its complex step. Tolerance: some hundred roundings of 1e-16. */
  @ParameterizedTest
  @MethodSource("cases")
  void lossAndGradientAreThoseOfTheDefinition(Case one) {
    double[] parameters = parameters(one.initial());
    PlainElman plain = new PlainElman(shape, one.activation(), one.loss());
    double[] gradient = plain.gradient(parameters, dfa, kind, WORDS);
    try (Arena arena = arena(Precision.DOUBLE)) {
      ElmanTrainer trainer = trainer(arena, one, Precision.DOUBLE, parameters);
      RaggedBatch batch = RaggedBatch.of(dfa, kind, WORDS);
      assertThat(trainer.update(batch, one.loss(), STILL, NO_CLIP))
          .isCloseTo(plain.loss(parameters, dfa, kind, WORDS), within(1e-14));
      assertThat(trainer.lastGradient()).containsExactly(gradient, within(1e-14));
      assertThat(trainer.parameters()).containsExactly(parameters);
    }
    // The twin that must fail: were the recurrent weights or a bias left out, it would be seen.
    for (int from : new int[] {0, shape.input(), shape.inputBias(), shape.decoder()}) {
      assertThat(Math.abs(gradient[from])).as("part from %d", from).isNotZero();
    }
    assertThat(norm(gradient)).isGreaterThan(1e-3);
  }

  /** The gradient of a mean over words is that over the same words many times, in more products. */
  @Test
  void aBatchOfManyRowsHasTheGradientOfAFew() {
    Case one = new Case(Activation.TANH, Loss.SQUARED, InitialWeights.UNIFORM, Library.JAVA);
    double[] parameters = parameters(one.initial());
    double[] gradient =
        new PlainElman(shape, one.activation(), one.loss()).gradient(parameters, dfa, kind, WORDS);
    List<String> many = Collections.nCopies(100, WORDS).stream().flatMap(List::stream).toList();
    RaggedBatch batch = RaggedBatch.of(dfa, kind, many);
    assertThat(batch.rows()).isGreaterThan(2 * ElmanTrainer.GRADIENT_ROWS);
    try (Arena arena =
        Arena.ofBytes(ElmanTrainer.memoryBytes(shape, Precision.DOUBLE, many.size(), 9))) {
      ElmanTrainer trainer =
          new ElmanTrainer(
              blas(one.library(), Precision.DOUBLE),
              arena,
              Precision.DOUBLE,
              shape,
              one.activation(),
              many.size(),
              9,
              parameters);
      trainer.update(batch, one.loss(), STILL, NO_CLIP);
      assertThat(trainer.lastGradient()).containsExactly(gradient, within(1e-14));
    }
  }

  /** In single: the gradient's error in norm is some ten roundings of 6e-8. */
  @ParameterizedTest
  @MethodSource("cases")
  void singleIsTheSameRounded(Case one) {
    double[] parameters = parameters(one.initial());
    double[] gradient =
        new PlainElman(shape, one.activation(), one.loss()).gradient(parameters, dfa, kind, WORDS);
    try (Arena arena = arena(Precision.SINGLE)) {
      ElmanTrainer trainer = trainer(arena, one, Precision.SINGLE, parameters);
      trainer.update(RaggedBatch.of(dfa, kind, WORDS), one.loss(), STILL, NO_CLIP);
      double[] found = trainer.lastGradient();
      double[] error = new double[found.length];
      for (int i = 0; i < error.length; i++) {
        error[i] = found[i] - gradient[i];
      }
      assertThat(norm(error)).isLessThan(2e-6 * norm(gradient)).isPositive();
    }
  }

  /** Finite differences of the trainer's own loss; their error is of order h^2 = 1e-10. */
  @Test
  void theGradientIsThatOfTheLossItReports() {
    Case one = new Case(Activation.TANH, Loss.SQUARED, InitialWeights.UNIFORM, Library.JAVA);
    double[] parameters = parameters(one.initial());
    RaggedBatch batch = RaggedBatch.of(dfa, kind, WORDS);
    double[] gradient;
    try (Arena arena = arena(Precision.DOUBLE)) {
      ElmanTrainer trainer = trainer(arena, one, Precision.DOUBLE, parameters);
      trainer.update(batch, one.loss(), STILL, NO_CLIP);
      gradient = trainer.lastGradient();
    }
    for (int i = 0; i < parameters.length; i++) {
      double[] sides = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = parameters.clone();
        moved[i] += side == 0 ? -1e-5 : 1e-5;
        try (Arena arena = arena(Precision.DOUBLE)) {
          sides[side] =
              trainer(arena, one, Precision.DOUBLE, moved)
                  .update(batch, one.loss(), STILL, NO_CLIP);
        }
      }
      assertThat((sides[1] - sides[0]) / 2e-5).isCloseTo(gradient[i], within(1e-9));
    }
  }

  @Test
  void clippingScalesTheGradientToItsNormAndLeavesAShortOneAlone() {
    Case one = new Case(Activation.TANH, Loss.SQUARED, InitialWeights.UNIFORM, Library.JAVA);
    double[] parameters = parameters(one.initial());
    RaggedBatch batch = RaggedBatch.of(dfa, kind, WORDS);
    for (Precision precision : Precision.values()) {
      try (Arena arena = arena(precision)) {
        ElmanTrainer trainer = trainer(arena, one, precision, parameters);
        trainer.update(batch, one.loss(), STILL, NO_CLIP);
        double[] free = trainer.lastGradient();
        trainer.update(batch, one.loss(), STILL, 10 * norm(free));
        assertThat(trainer.lastGradient()).containsExactly(free);
        trainer.update(batch, one.loss(), STILL, norm(free) / 4);
        // 1e-6 stands beside a norm of some 0.1 in the factor.
        assertThat(norm(trainer.lastGradient())).isCloseTo(norm(free) / 4, within(1e-5));
      }
    }
  }

  @Test
  void bothBiasesAreTrainedAndMoveTogether() {
    Case one = new Case(Activation.TANH, Loss.SQUARED, InitialWeights.UNIFORM, Library.JAVA);
    double[] parameters = parameters(one.initial());
    try (Arena arena = arena(Precision.DOUBLE)) {
      ElmanTrainer trainer = trainer(arena, one, Precision.DOUBLE, parameters);
      trainer.update(
          RaggedBatch.of(dfa, kind, WORDS), one.loss(), Optimiser.RmsProp.of(0.01), NO_CLIP);
      double[] after = trainer.parameters();
      for (int i = 0; i < shape.width(); i++) {
        double input = after[shape.inputBias() + i] - parameters[shape.inputBias() + i];
        double recurrent = after[shape.recurrentBias() + i] - parameters[shape.recurrentBias() + i];
        assertThat(input).isCloseTo(recurrent, within(1e-15)).isNotZero();
      }
    }
  }

  /**
   * Answers that are sure, down to 1e-45 and below: what vanishes is 0. A processor takes a hundred
   * times as long over a subnormal number as over another, and nothing can come of one.
   */
  @ParameterizedTest
  @EnumSource(Loss.class)
  void noDerivativeIsSubnormal(Loss loss) {
    Case one = new Case(Activation.RELU, loss, InitialWeights.HE, Library.JAVA);
    double[] parameters = parameters(one.initial());
    RaggedBatch batch = RaggedBatch.of(dfa, kind, WORDS);
    for (double sure = 10; sure < 120; sure += 0.5) {
      parameters[shape.decoderBias()] = sure;
      parameters[shape.decoderBias() + 1] = -sure;
      try (Arena arena = arena(Precision.SINGLE)) {
        ElmanTrainer trainer = trainer(arena, one, Precision.SINGLE, parameters);
        trainer.update(batch, loss, STILL, NO_CLIP);
        for (double g : trainer.lastGradient()) {
          assertThat(g == 0 || Math.abs(g) >= Float.MIN_NORMAL).as("%s at %s", g, sure).isTrue();
        }
      }
    }
  }

  /** A word alone, and the same word among others: the counts add up. */
  @Test
  void scoresAWordByAllItsBits() {
    Case one = new Case(Activation.RELU, Loss.SQUARED, InitialWeights.HE, Library.JAVA);
    double[] parameters = new double[shape.parameters()];
    parameters[shape.decoderBias()] = 1; // always says: 0 is legal
    parameters[shape.decoderBias() + 1] = 1; // and 1 too
    try (Arena arena = arena(Precision.SINGLE)) {
      ElmanTrainer trainer = trainer(arena, one, Precision.SINGLE, parameters);
      Score score = trainer.score(List.of(RaggedBatch.of(dfa, kind, WORDS)));
      long right = WORDS.stream().filter(word -> !new String(bits(word)).contains("\0")).count();
      assertThat(right).isBetween(1L, WORDS.size() - 1L);
      assertThat(score.rightWords).isEqualTo(right);
      assertThat(score.words).isEqualTo(WORDS.size());
      assertThat(score.positions).isEqualTo(WORDS.stream().mapToLong(String::length).sum());
      long positions = 0;
      for (String word : WORDS) {
        byte[] bits = bits(word);
        for (int i = 0; i < bits.length; i += 2) {
          positions += bits[i] == 1 && bits[i + 1] == 1 ? 1 : 0;
        }
      }
      assertThat(score.rightPositions).isEqualTo(positions);
    }
  }

  private byte[] bits(String word) {
    return kind.of(dfa, word);
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }
}
