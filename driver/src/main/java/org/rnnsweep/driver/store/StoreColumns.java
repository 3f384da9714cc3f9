package org.rnnsweep.driver.store;

import java.util.List;

/**
 * Names of the columns that depend on the jobs of a store; jobs in the order of their ids, columns
 * in the order of each job.
 *
 * @param parameters parameters
 * @param metrics scalar metrics
 * @param series series metrics
 */
public record StoreColumns(List<String> parameters, List<String> metrics, List<String> series) {}
