package org.rnnsweep.driver.report;

import java.util.List;

/**
 * A judged claim as the page shows it; plain text throughout.
 *
 * @param title id, part and reading of the claim
 * @param statement the statement in one line
 * @param source paper and number; may be empty
 * @param metric the metric judged
 * @param axis the parameter along which it speaks
 * @param verdict verdict on the paper's statement at all settings together
 * @param words the same in words
 * @param prediction our own prediction and its verdict, in words; empty if there is none
 * @param settings one row a fixed setting of the other axes
 */
public record ClaimRow(
    String title,
    String statement,
    String source,
    String metric,
    String axis,
    String verdict,
    String words,
    String prediction,
    List<Setting> settings) {

  /**
   * A claim at one setting of the other axes.
   *
   * @param where the setting; empty if there is none
   * @param verdict verdict in words, with its reservations
   * @param estimate what was measured, with its interval
   * @param allowed what the statement allows
   * @param explanation the verdict in plain sentences
   * @param details anything else, name and value by turns
   */
  public record Setting(
      String where,
      String verdict,
      String estimate,
      String allowed,
      String explanation,
      List<String> details) {
    public Setting {
      details = List.copyOf(details);
    }
  }

  public ClaimRow {
    settings = List.copyOf(settings);
  }
}
