package org.rnnsweep.driver.config;

import java.util.List;

/**
 * A folder of experiments that are run over one store and judged on one scoreboard.
 *
 * @param name lower-case kebab name; also the default store's folder
 * @param title heading of the scoreboard; may be empty
 * @param description a few sentences below it; may be empty
 * @param front figures that stand on the first page, in this order
 * @param catalogue the statements that could be judged; empty if the suite names none
 * @param experiments in the order of their files' names; no two of one name
 * @param source {@code suite.conf} as a store keeps it, resolved; an empty object if there is none
 */
public record Suite(
    String name,
    String title,
    String description,
    List<FrontFigure> front,
    List<CataloguedClaim> catalogue,
    List<Experiment> experiments,
    String source) {

  /** A figure of one of the experiments. */
  public record FrontFigure(String experiment, String figure) {
    /** As suite files name it. */
    @Override
    public String toString() {
      return experiment + "/" + figure;
    }
  }

  public Suite {
    front = List.copyOf(front);
    catalogue = List.copyOf(catalogue);
    experiments = List.copyOf(experiments);
  }

  /** Hash of everything it was read from. */
  public String specHash() {
    return ExperimentReader.hash(source, experiments.stream().map(Experiment::specHash).toList());
  }

  /** The paper that a claim is from: the catalogue's word for it, else how its source begins. */
  public String paper(Claim claim) {
    return catalogue.stream()
        .filter(each -> each.id().equals(claim.id()))
        .map(CataloguedClaim::paper)
        .findFirst()
        .orElse(claim.source().replaceFirst(",.*", ""));
  }
}
