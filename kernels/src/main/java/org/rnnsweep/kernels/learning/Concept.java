package org.rnnsweep.kernels.learning;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.concepts.Link;
import org.rnnsweep.kernels.concepts.Target;
import org.rnnsweep.kernels.random.NormalStream;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * What is to be learnt of the n = L - 2 true tokens x_1, .., x_n (unit vectors of R^(D-1), the last
 * coordinate 1/2). Directions w are uniform unit vectors whose last coordinate is 0, c is {@code
 * 1/sqrt(n p)}, and u = 2/sqrt(3) times a token's first coordinate: 1 or -1 where there are two
 * tokens.
 */
public enum Concept {
  /** {@code c sum_i sum_r a_ir phi(<w_ir, x_i>)}, a = 1 or -1: (3.1) of Allen-Zhu and Li. */
  ADDITIVE("additive") {
    @Override
    public Target target(Shape shape, Link link, StreamKey key) {
      int terms = shape.terms();
      double[] signs = LinearComplexity.signs(key.name("signs"), 0, shape.tokens() * terms);
      double[][] w = directions(key, shape.tokens() * terms, shape.coordinates());
      return tokens -> {
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
          sum += signs[k] * link.value(dot(w[k], tokens[k / terms]));
        }
        return sum / Math.sqrt(w.length);
      };
    }
  },
  /**
   * {@code sum_i a_(L-i)^T phi(W_(L-i) x_i)} with p hidden neurons and normal weights: Example 3.5
   * of Allen-Zhu and Li, one output; W's last column is 0. Scaled by c.
   */
  TWO_LAYER("two-layer") {
    @Override
    public Target target(Shape shape, Link link, StreamKey key) {
      TwoLayer layers = TwoLayer.draw(shape, key);
      return tokens -> layers.value(link, tokens);
    }
  },
  /**
   * {@code sum_i u_i / n}, 0 where both tokens are as frequent: Example 3.6 of Allen-Zhu and Li.
   */
  COUNTING("counting") {
    @Override
    public Target target(Shape shape, Link link, StreamKey key) {
      return weighted(constant(shape.tokens(), 1.0 / shape.tokens()));
    }
  },
  /**
   * {@code sum_i a_i u_i}, a_i increasing in i and of sum 0, {@code sum |a_i| = 1}: its mean given
   * the number of each token is 0, so that a bag of tokens knows nothing of it.
   */
  ORDER("order") {
    @Override
    public Target target(Shape shape, Link link, StreamKey key) {
      int n = shape.tokens();
      double[] weights = new double[n];
      double sum = 0;
      for (int i = 0; i < n; i++) {
        weights[i] = 2 * i - n + 1;
        sum += Math.abs(weights[i]);
      }
      double total = Math.max(sum, 1);
      return weighted(Arrays.stream(weights).map(a -> a / total).toArray());
    }
  },
  /**
   * {@code phi(<w, x_i>)} of the one token that {@code distance} counts from the end, 1 the last.
   */
  MEMORY("memory") {
    @Override
    public Target target(Shape shape, Link link, StreamKey key) {
      double[] w = directions(key, 1, shape.coordinates())[0];
      int at = shape.tokens() - shape.distance();
      return tokens -> link.value(dot(w, tokens[at]));
    }
  },
  /** {@code u_i u_n}, i {@code distance} before n: uncorrelated with every sum over positions. */
  PRODUCT("product") {
    @Override
    public Target target(Shape shape, Link link, StreamKey key) {
      int last = shape.tokens() - 1;
      int first = last - shape.distance();
      return tokens -> letter(tokens[first]) * letter(tokens[last]);
    }
  },
  /**
   * {@code 1/sqrt(p) sum_r b_r phi(<w_r, [x_1, .., x_n]>)}, b = 1 or -1, w_r unit vectors of n (D -
   * 1) coordinates: (2) of Panigrahi and Goyal, not additive.
   */
  DENSE("dense") {
    @Override
    public Target target(Shape shape, Link link, StreamKey key) {
      int terms = shape.terms();
      double[] signs = LinearComplexity.signs(key.name("signs"), 0, terms);
      double[][] w = directions(key, shape.tokens() * terms, shape.coordinates());
      double scale = 1 / Math.sqrt(shape.tokens());
      return tokens -> {
        double sum = 0;
        for (int r = 0; r < terms; r++) {
          double along = 0;
          for (int i = 0; i < tokens.length; i++) {
            along += scale * dot(w[i * terms + r], tokens[i]);
          }
          sum += signs[r] * link.value(along);
        }
        return sum / Math.sqrt(terms);
      };
    }
  },
  /**
   * {@link #ADDITIVE} plus kappa times {@link #PRODUCT}. Given any one token the product's law is
   * symmetric, and so is its loss's derivative: under every even convex loss the best sum over
   * positions is the additive part.
   */
  MISSPECIFIED("misspecified") {
    @Override
    public Target target(Shape shape, Link link, StreamKey key) {
      Target inside = ADDITIVE.target(shape, link, key);
      Target outside = PRODUCT.target(shape, link, key);
      return tokens -> inside.value(tokens) + shape.outside() * outside.value(tokens);
    }
  };

  /**
   * What a concept needs to know.
   *
   * @param tokens n, at least 1
   * @param coordinates D - 1 of a true token, at least 2
   * @param terms p, at least 1
   * @param distance of a position from the end
   * @param outside kappa, what is not in the class
   */
  public record Shape(int tokens, int coordinates, int terms, int distance, double outside) {

    /** In the class. */
    public Shape(int tokens, int coordinates, int terms, int distance) {
      this(tokens, coordinates, terms, distance, 0);
    }

    public Shape {
      if (!(tokens >= 1 && coordinates >= 2 && terms >= 1 && distance >= 0 && distance <= tokens)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "at least 1 token, 2 coordinates and 1 term, and a distance inside the sequence,"
                    + " found %d, %d, %d and %d",
                tokens,
                coordinates,
                terms,
                distance));
      }
    }
  }

  /**
   * The weights of {@link #TWO_LAYER}: at every lag a matrix of p rows and a row of p numbers.
   *
   * @param hidden [i][r] is row r of W_(L-i)
   * @param outer [i][r] is coordinate r of a_(L-i)
   */
  public record TwoLayer(double[][][] hidden, double[][] outer) {

    /** Normal weights, each lag from a stream of its own. */
    public static TwoLayer draw(Shape shape, StreamKey key) {
      int p = shape.terms();
      double[][][] hidden = new double[shape.tokens()][p][shape.coordinates()];
      double[][] outer = new double[shape.tokens()][p];
      double scale = 1 / Math.sqrt((double) shape.tokens() * p);
      for (int i = 0; i < outer.length; i++) {
        NormalStream normals = NormalStream.of(key.name("two-layer").block(i));
        for (int r = 0; r < p; r++) {
          normals.fill(hidden[i][r], 0, shape.coordinates() - 1);
          outer[i][r] = scale * normals.next();
        }
      }
      return new TwoLayer(hidden, outer);
    }

    /** As the example has it: a matrix times a token, the link, a row times that. */
    public double value(Link link, double[][] tokens) {
      double sum = 0;
      for (int i = 0; i < tokens.length; i++) {
        for (int r = 0; r < outer[i].length; r++) {
          sum += outer[i][r] * link.value(dot(hidden[i][r], tokens[i]));
        }
      }
      return sum;
    }

    /**
     * As the class (3.1) has it: {@code Phi_(i,r)(z) = a_r phi(|W_r| z)} of {@code <w, x_i>} with
     * the unit vector {@code w = W_r / |W_r|}.
     */
    public double member(Link link, double[][] tokens) {
      double sum = 0;
      for (int i = 0; i < tokens.length; i++) {
        for (int r = 0; r < outer[i].length; r++) {
          double norm = Math.sqrt(dot(hidden[i][r], hidden[i][r]));
          double[] unit = Arrays.stream(hidden[i][r]).map(x -> x / norm).toArray();
          sum += outer[i][r] * link.value(norm * dot(unit, tokens[i]));
        }
      }
      return sum;
    }
  }

  private final String label;

  Concept(String label) {
    this.label = label;
  }

  /**
   * The function of true tokens.
   *
   * @param link phi, of no account where a concept has none
   * @param key split by what shall have one target
   */
  public abstract Target target(Shape shape, Link link, StreamKey key);

  /** The name used in experiment files. */
  public String label() {
    return label;
  }

  /** The concept of this name. */
  public static Concept ofLabel(String label) {
    for (Concept concept : values()) {
      if (concept.label.equals(label)) {
        return concept;
      }
    }
    throw new IllegalArgumentException(
        "no concept is called '"
            + label
            + "', the names are "
            + Arrays.stream(values()).map(Concept::label).collect(Collectors.joining(", ")));
  }

  /** u of a token. */
  public static double letter(double[] token) {
    return 2 / Math.sqrt(3) * token[0];
  }

  private static Target weighted(double[] weights) {
    return tokens -> {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * letter(tokens[i]);
      }
      return sum;
    };
  }

  private static double[] constant(int count, double value) {
    double[] all = new double[count];
    Arrays.fill(all, value);
    return all;
  }

  /** Unit vectors whose last coordinate is 0. */
  private static double[][] directions(StreamKey key, int count, int coordinates) {
    double[][] directions = new double[count][coordinates];
    for (int k = 0; k < count; k++) {
      NormalStream normals = NormalStream.of(key.name("directions").block(k));
      double square = 0;
      while (!(square > 0)) {
        normals.fill(directions[k], 0, coordinates - 1);
        square = dot(directions[k], directions[k]);
      }
      double norm = Math.sqrt(square);
      for (int j = 0; j < coordinates; j++) {
        directions[k][j] /= norm;
      }
    }
    return directions;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
