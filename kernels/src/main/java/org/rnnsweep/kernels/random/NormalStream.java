package org.rnnsweep.kernels.random;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The numbers of one key, in order: XoRoShiRo128++ seeded with the key's 128 bits, and the modified
 * ziggurat of McFarland (2016) for normals, both from Commons RNG. Not safe for use by several
 * threads.
 *
 * <p>A long stream is cut into blocks of fixed size, each with a generator of its own ({@code
 * NormalStream.of(key.block(i))}, about 30 ns); then any block can be drawn again, alone, by
 * anyone.
 */
public final class NormalStream {
  private final UniformRandomProvider uniform;
  private final ZigguratSampler.NormalizedGaussian normal;

  private NormalStream(UniformRandomProvider uniform) {
    this.uniform = uniform;
    this.normal = ZigguratSampler.NormalizedGaussian.of(uniform);
  }

  /** The stream of a key (for one block: {@code NormalStream.of(key.block(i))}). */
  public static NormalStream of(StreamKey key) {
    return new NormalStream(
        RandomSource.XO_RO_SHI_RO_128_PP.create(new long[] {key.high(), key.low()}));
  }

  /** The next standard normal. */
  public double next() {
    return normal.sample();
  }

  /** The next uniform in [0, 1), a multiple of 2^-53. */
  public double nextUniform() {
    return uniform.nextDouble();
  }

  /** The next standard normals into {@code target[from..to)}. */
  public void fill(double[] target, int from, int to) {
    for (int i = from; i < to; i++) {
      target[i] = normal.sample();
    }
  }

  /** The same draws as {@link #fill(double[], int, int)}, rounded to nearest. */
  public void fill(float[] target, int from, int to) {
    for (int i = from; i < to; i++) {
      target[i] = (float) normal.sample();
    }
  }
}
