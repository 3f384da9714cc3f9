package org.rnnsweep.jobs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.rnnsweep.kernels.NumericsProfile;
import org.rnnsweep.kernels.random.StreamKey;

/**
 * One configuration at one seed index: a pure function of exactly the components of this record.
 *
 * @param job id of the job
 * @param jobVersion version of the job
 * @param numerics precision and library
 * @param rootSeed seed of the experiment, recorded in its file
 * @param seedIndex which Monte-Carlo draw, from 0
 * @param configuration the relevant parameters, defaults filled in
 */
public record Trial(
    String job,
    int jobVersion,
    NumericsProfile numerics,
    long rootSeed,
    int seedIndex,
    Configuration configuration) {

  public Trial {
    Objects.requireNonNull(job);
    Objects.requireNonNull(numerics);
    Objects.requireNonNull(configuration);
    if (seedIndex < 0) {
      throw new IllegalArgumentException("seedIndex must not be negative: " + seedIndex);
    }
  }

  /** Where all that this seed draws starts: equal for trials that differ in parameters only. */
  public StreamKey key() {
    return StreamKey.of(rootSeed).seed(seedIndex);
  }

  /** The text whose hash is the trial id. */
  public String canonical() {
    return "rnnsweep-trial 1\njob="
        + job
        + "\nversion="
        + jobVersion
        + "\nnumerics="
        + numerics.canonical()
        + "\nroot="
        + rootSeed
        + "\nseed="
        + seedIndex
        + "\n"
        + configuration.canonical();
  }

  /** The first 128 bits of SHA-256 of {@link #canonical()}, as 32 hexadecimal digits. */
  public String id() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(canonical().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
