package org.rnnsweep.driver.config;

/**
 * A statement that could be judged, whether or not an experiment does.
 *
 * @param id what claims in experiment files refer to
 * @param paper authors, as readers name it
 * @param statement in one line
 * @param feasibility how well it can be tested
 */
public record CataloguedClaim(String id, String paper, String statement, Feasibility feasibility) {

  /** How well a statement can be tested on a computer. */
  public enum Feasibility {
    /** The statement itself is computed or measured. */
    EXACT("exact"),
    /** An exponent, a constant or a trend is measured at sizes that can be reached. */
    APPROXIMATE("approximate"),
    /** Only a direction or an example can be shown. */
    QUALITATIVE("qualitative");

    private final String label;

    Feasibility(String label) {
      this.label = label;
    }

    /** The word in files and on the scoreboard. */
    public String label() {
      return label;
    }
  }
}
