package org.rnnsweep.kernels.operator;

/**
 * How many vectors an operator will be applied to, declared beforehand; every row of a query
 * counts, whether it turns out to be a new direction or not.
 *
 * @param right vectors u of products W u
 * @param left vectors v of products W^T v
 */
public record Products(int right, int left) {
  public Products {
    if (right < 0 || left < 0) {
      throw new IllegalArgumentException(
          "numbers of products are not negative, found " + right + " right and " + left + " left");
    }
  }

  /** Products on both sides. */
  public long total() {
    return (long) right + left;
  }
}
