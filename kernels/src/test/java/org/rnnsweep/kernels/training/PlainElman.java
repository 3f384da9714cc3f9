package org.rnnsweep.kernels.training;

import java.util.List;
import org.rnnsweep.kernels.languages.Dfa;
import org.rnnsweep.kernels.languages.LabelKind;

/**
 * The loss of a network written down from its definition, a word, a symbol, a neuron at a time, on
 * complex numbers. Its derivative comes from a complex step, Im loss(w + i h) / h with h = 1e-100,
 * which has no cancellation: right to rounding, and no back-propagation in it.
 */
final class PlainElman {
  private static final double STEP = 1e-100;

  private final ElmanShape shape;
  private final Activation activation;
  private final Loss loss;

  PlainElman(ElmanShape shape, Activation activation, Loss loss) {
    this.shape = shape;
    this.activation = activation;
    this.loss = loss;
  }

  double loss(double[] parameters, Dfa dfa, LabelKind kind, List<String> words) {
    return loss(parameters, -1, dfa, kind, words).re();
  }

  double[] gradient(double[] parameters, Dfa dfa, LabelKind kind, List<String> words) {
    double[] gradient = new double[parameters.length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = loss(parameters, i, dfa, kind, words).im() / STEP;
    }
    return gradient;
  }

  private Complex loss(double[] w, int moved, Dfa dfa, LabelKind kind, List<String> words) {
    int m = shape.width();
    Complex sum = Complex.ZERO;
    int count = 0;
    for (String word : words) {
      byte[] labels = kind.of(dfa, word);
      Complex[] h = new Complex[m];
      java.util.Arrays.fill(h, Complex.ZERO);
      for (int t = 0; t < word.length(); t++) {
        Complex[] next = new Complex[m];
        for (int i = 0; i < m; i++) {
          int symbol = dfa.alphabet().indexOf(word.charAt(t));
          Complex z = at(w, moved, m * m + i * shape.symbols() + symbol);
          z = z.plus(at(w, moved, m * m + m * shape.symbols() + i));
          z = z.plus(at(w, moved, m * m + m * shape.symbols() + m + i));
          for (int j = 0; j < m; j++) {
            z = z.plus(at(w, moved, i * m + j).times(h[j]));
          }
          next[i] = activation == Activation.TANH ? z.tanh() : z.relu();
        }
        h = next;
        int decoder = m * m + m * shape.symbols() + 2 * m;
        for (int o = 0; o < shape.outputs(); o++) {
          Complex z = at(w, moved, decoder + shape.outputs() * m + o);
          for (int j = 0; j < m; j++) {
            z = z.plus(at(w, moved, decoder + o * m + j).times(h[j]));
          }
          boolean yes = labels[t * shape.outputs() + o] == 1;
          // 1 - sigmoid(z) = sigmoid(-z)
          Complex wrong = (yes ? z.times(-1) : z).sigmoid();
          Complex right = (yes ? z : z.times(-1)).sigmoid();
          sum = sum.plus(loss == Loss.SQUARED ? wrong.times(wrong) : right.log().times(-1));
          count++;
        }
      }
    }
    return sum.times(1.0 / count);
  }

  private static Complex at(double[] w, int moved, int i) {
    return new Complex(w[i], i == moved ? STEP : 0);
  }
}
