package org.rnnsweep.jobs;

/**
 * What a group of trials needs.
 *
 * @param flops floating-point operations, a fused multiply-add counted as two
 * @param memoryBytes peak of the memory off the heap; the trial's arena refuses more
 */
public record Cost(double flops, long memoryBytes) {
  /** A normal takes about 7 ns, in which a core does about this many operations in double. */
  public static final double FLOPS_OF_A_NORMAL = 450;

  public Cost {
    if (!(flops >= 0) || Double.isInfinite(flops)) {
      throw new IllegalArgumentException("flops must be finite and not negative: " + flops);
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException("memoryBytes must not be negative: " + memoryBytes);
    }
  }
}
