package org.rnnsweep.driver.store;

import java.util.Map;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.jobs.Trial;

/**
 * One row of the store: a trial and how it ended.
 *
 * @param trialId {@link Trial#id()}, kept so that a store can be read without computing hashes
 * @param trial its inputs
 * @param outcome how it ended
 * @param message why, where it did not complete; empty otherwise
 * @param metrics scalar metrics by name
 * @param series series metrics by name
 * @param provenance where and when; never part of a comparison
 */
public record TrialRecord(
    String trialId,
    Trial trial,
    Outcome outcome,
    String message,
    Map<String, Double> metrics,
    Map<String, double[]> series,
    Provenance provenance) {}
