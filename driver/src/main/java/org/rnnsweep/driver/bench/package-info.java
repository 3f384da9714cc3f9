/**
 * How fast the main job runs on this machine, beside what this machine's library can do: counted
 * operations over measured time, against the time that plain products of each precision would take.
 *
 * <p>May use: jobs and kernels. Writes nothing and decides nothing: no result depends on it.
 */
package org.rnnsweep.driver.bench;
