package org.rnnsweep.kernels.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * Names a stream of random numbers; immutable, 128 bits. A key is split by components: seed index,
 * name, values of axes, in that order or another, but always the same one: the order counts, as do
 * the kind and the text of every component. A trial's id is never a component, for trials that
 * share work need the same draws.
 *
 * <p>{@link #of}, {@link #seed}, {@link #name} and {@link #with} hash the key so far and the
 * component by SHA-256, cut to 128 bits: n different keys collide anywhere with probability n^2 /
 * 2^129 (10^-20 for 10^9 keys). {@link #block} is a cheap mixer for millions of blocks: within a
 * stream two blocks never have the same key (each half is a bijection of the index), across streams
 * with the odds above.
 *
 * <p>The bits of every key are promised for good: a change would need a new version of every job.
 */
public final class StreamKey {
  private final long high;
  private final long low;

  private StreamKey(long high, long low) {
    this.high = high;
    this.low = low;
  }

  /** The key of everything an experiment draws. */
  public static StreamKey of(long rootSeed) {
    return new StreamKey(0, 0).digest('r', "", rootSeed);
  }

  /** The part of one Monte-Carlo seed. A key without it gives draws that all seeds share. */
  public StreamKey seed(int seedIndex) {
    return digest('s', "", seedIndex);
  }

  /** The stream of this name. */
  public StreamKey name(String name) {
    return digest('n', name, 0);
  }

  /** The part of one value of an integer axis. */
  public StreamKey with(String axis, long value) {
    return digest('l', axis, value);
  }

  /** The part of one value of a real axis, told apart by its bits. */
  public StreamKey with(String axis, double value) {
    return digest('d', axis, Double.doubleToLongBits(value));
  }

  /**
   * One block of fixed size, for example a row of a matrix: the same numbers wherever and whenever
   * it is drawn. A few nanoseconds.
   */
  public StreamKey block(long index) {
    return new StreamKey(
        mixHigh(high + 0x9e3779b97f4a7c15L * index), mixLow(low + 0xd1342543de82ef95L * index));
  }

  /** First half of the 128 bits that seed a generator. */
  public long high() {
    return high;
  }

  /** Second half of the 128 bits that seed a generator. */
  public long low() {
    return low;
  }

  private StreamKey digest(char kind, String text, long value) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = ByteBuffer.allocate(3 * Long.BYTES + Character.BYTES + utf8.length);
    message.putLong(high).putLong(low).putChar(kind).putLong(value).put(utf8);
    try {
      ByteBuffer digest =
          ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(message.array()));
      return new StreamKey(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Variant 13 of Stafford's 64-bit finalizers, as in SplitMix64. */
  private static long mixHigh(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Lea's 64-bit finalizer, so that the halves are mixed by unrelated functions. */
  private static long mixLow(long z) {
    z = (z ^ (z >>> 32)) * 0xdaba0b6eb09322e3L;
    z = (z ^ (z >>> 32)) * 0xdaba0b6eb09322e3L;
    return z ^ (z >>> 32);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StreamKey key && key.high == high && key.low == low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%016x%016x", high, low);
  }
}
