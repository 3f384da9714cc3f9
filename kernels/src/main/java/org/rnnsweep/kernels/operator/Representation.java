package org.rnnsweep.kernels.operator;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.Arena;
import org.rnnsweep.kernels.linalg.Blas;
import org.rnnsweep.kernels.random.StreamKey;

/** The two ways to have a Gaussian matrix. A result says which one it was computed with. */
public enum Representation {
  /** Formed: {@link DenseGaussian}. */
  DENSE("dense") {
    @Override
    public GaussianOperator draw(
        Blas blas,
        Arena arena,
        Precision precision,
        long rows,
        long columns,
        double standardDeviation,
        Products products,
        StreamKey key) {
      return DenseGaussian.draw(blas, arena, precision, rows, columns, standardDeviation, key);
    }

    @Override
    public long memoryBytes(long rows, long columns, Products products, Precision precision) {
      return DenseGaussian.memoryBytes(rows, columns, precision);
    }

    @Override
    public double costFlops(long rows, long columns, Products products) {
      return (double) rows * columns * (NORMAL_FLOPS + DENSE_FLOPS * products.total());
    }
  },
  /** Never formed: {@link ConditionedGaussian}. */
  CONDITIONED("conditioned") {
    @Override
    public GaussianOperator draw(
        Blas blas,
        Arena arena,
        Precision precision,
        long rows,
        long columns,
        double standardDeviation,
        Products products,
        StreamKey key) {
      return ConditionedGaussian.of(
          blas, arena, precision, rows, columns, standardDeviation, products, key);
    }

    @Override
    public long memoryBytes(long rows, long columns, Products products, Precision precision) {
      return ConditionedGaussian.memoryBytes(rows, columns, products, precision);
    }

    @Override
    public double costFlops(long rows, long columns, Products products) {
      double total = products.total();
      return total
          * (QUERY_FLOPS + ((double) rows + columns) / 2 * (VECTOR_FLOPS + KNOWN_FLOPS * total));
    }
  };

  /** Stands in experiment files for {@link #choose}. */
  public static final String AUTO = "auto";

  // In flops of a large product, from measured times (DESIGN_NOTES.md): a normal drawn; an entry
  // of a formed matrix times one of a few vectors; and of a query that is conditioned, for every
  // vector, what it costs by itself, by coordinate, and by coordinate and vector known. All are
  // twice what a trial alone takes: beside others it waits for the memory that all share.
  private static final double NORMAL_FLOPS = 1000;
  private static final double DENSE_FLOPS = 40;
  private static final double QUERY_FLOPS = 8e6;
  private static final double VECTOR_FLOPS = 4000;
  private static final double KNOWN_FLOPS = 40;

  private final String label;

  Representation(String label) {
    this.label = label;
  }

  /** The name used in experiment files and results. */
  public String label() {
    return label;
  }

  /**
   * A matrix of independent N(0, sd^2). For one key the two representations draw unrelated numbers.
   *
   * @param products how many vectors it will be applied to
   * @param key of the matrix; with the key of {@link org.rnnsweep.kernels.rnn.ElmanNetwork}'s W,
   *     {@code seedKey.name("W").with("width", m)}, and its standard deviation, the formed one is
   *     that W
   */
  public abstract GaussianOperator draw(
      Blas blas,
      Arena arena,
      Precision precision,
      long rows,
      long columns,
      double standardDeviation,
      Products products,
      StreamKey key);

  /** The most bytes that {@link #draw} and this many products take from the arena. */
  public abstract long memoryBytes(long rows, long columns, Products products, Precision precision);

  /**
   * A rough cost of drawing and multiplying a few vectors at a time, in flops of a large product.
   */
  public abstract double costFlops(long rows, long columns, Products products);

  /**
   * What {@link #AUTO} means: the cheaper one by {@link #costFlops}, and the formed one wherever
   * more vectors are multiplied on a side than have room in it. A function of its arguments alone,
   * never of the machine.
   */
  public static Representation choose(long rows, long columns, Products products) {
    boolean fits = products.right() <= columns && products.left() <= rows;
    return fits
            && CONDITIONED.costFlops(rows, columns, products)
                < DENSE.costFlops(rows, columns, products)
        ? CONDITIONED
        : DENSE;
  }

  /** The representation of this name, which may be {@link #AUTO}. */
  public static Representation of(String label, long rows, long columns, Products products) {
    return label.equals(AUTO) ? choose(rows, columns, products) : ofLabel(label);
  }

  /** The representation of this name. */
  public static Representation ofLabel(String label) {
    for (Representation representation : values()) {
      if (representation.label.equals(label)) {
        return representation;
      }
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "no representation is called '%s', the names are %s",
            label,
            Arrays.stream(values()).map(Representation::label).collect(Collectors.joining(", "))));
  }
}
