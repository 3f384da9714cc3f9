package org.rnnsweep.kernels.inversion;

/**
 * Sequences cut into blocks of one width: all BLAS calls of a computation then have one shape. The
 * last block is padded; the blocks are balanced, so that at most {@code count - 1} rows are
 * padding.
 *
 * @param sequences how many there are
 * @param width sequences in a block, padding included
 */
public record BlockPlan(long sequences, int width) {

  public BlockPlan {
    if (sequences < 1 || width < 1) {
      throw new IllegalArgumentException(
          "sequences and width must be positive, found " + sequences + " and " + width);
    }
  }

  /** The fewest balanced blocks of at most {@code widest} sequences. */
  public static BlockPlan balanced(long sequences, int widest) {
    long count = (sequences + widest - 1) / widest;
    return new BlockPlan(sequences, (int) ((sequences + count - 1) / count));
  }

  /** Number of blocks. */
  public long count() {
    return (sequences + width - 1) / width;
  }

  /** Sequences in a block, padding not counted. */
  public int sequencesIn(long block) {
    return (int) Math.min(width, sequences - block * width);
  }
}
