package org.rnnsweep.driver.config;

import java.util.List;
import org.rnnsweep.driver.analyse.Relation;

/**
 * One statement to be judged, fixed in the experiment file before the run.
 *
 * @param id the catalogue's id of the statement, for example {@code pg-inversion-theorem}
 * @param part which of several statements under that id; may be empty
 * @param reading {@code printed} or {@code repaired}
 * @param statement the statement in one line
 * @param source paper and number of theorem or figure
 * @param metric the scalar metric X; judged is log X
 * @param axis the parameter along which the relation speaks
 * @param shape expression g over parameter names, a known factor to divide out; "1" if none
 * @param relation the allowed set
 * @param logs lambda: the power of log m in the stated bound
 * @param margin delta, by which the allowed set is widened
 * @param where predicate over parameter names that selects cells; empty selects all
 * @param attacks for "for all" statements, the families tried
 * @param prediction our own prediction, an equality where it is not monotone; null if none
 * @param predictionSource where our prediction comes from; may be empty
 */
public record Claim(
    String id,
    String part,
    String reading,
    String statement,
    String source,
    String metric,
    String axis,
    String shape,
    Relation relation,
    double logs,
    double margin,
    String where,
    List<String> attacks,
    Relation prediction,
    String predictionSource) {}
