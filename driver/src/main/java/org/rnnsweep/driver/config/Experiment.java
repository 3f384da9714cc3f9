package org.rnnsweep.driver.config;

import java.util.List;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Job;
import org.rnnsweep.kernels.NumericsProfile;

/**
 * One experiment file, read and found right.
 *
 * @param name lower-case kebab name; also the default store's folder
 * @param description a few sentences for the report; may be empty
 * @param job the job that runs its trials
 * @param numerics precision and library
 * @param seeds root seed and how many Monte-Carlo draws
 * @param axes names of the parameters that take more than one value, in the file's order
 * @param configurations every point of the axes, in the file's order, without repetition
 * @param claims what theory predicts, fixed before the run
 * @param figures what the report draws
 * @param comparison the published table that the report puts the numbers beside; null without one
 * @param specHash hash of the resolved file, for provenance
 * @param source what it was read from, which a store keeps
 */
public record Experiment(
    String name,
    String description,
    Job job,
    NumericsProfile numerics,
    SeedPlan seeds,
    List<String> axes,
    List<Configuration> configurations,
    List<Claim> claims,
    List<Figure> figures,
    Comparison comparison,
    String specHash,
    ExperimentSource source) {

  /** An experiment that is not put beside a published table. */
  public Experiment(
      String name,
      String description,
      Job job,
      NumericsProfile numerics,
      SeedPlan seeds,
      List<String> axes,
      List<Configuration> configurations,
      List<Claim> claims,
      List<Figure> figures,
      String specHash,
      ExperimentSource source) {
    this(
        name,
        description,
        job,
        numerics,
        seeds,
        axes,
        configurations,
        claims,
        figures,
        null,
        specHash,
        source);
  }
}
