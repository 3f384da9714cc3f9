/**
 * How fast the program is on this machine, beside what would be ideal. {@link
 * org.rnnsweep.driver.bench.Bench}: the main job, counted operations over measured time, against
 * the time that plain products of each precision would take. {@link
 * org.rnnsweep.driver.bench.OperatorBench}: a W that is never formed, over octaves of the width.
 * {@link org.rnnsweep.driver.bench.DescentBench}: steps of gradient descent, beside their products.
 * {@link org.rnnsweep.driver.bench.LimitBench}: kernels of infinite width, beside {@link
 * org.rnnsweep.driver.bench.Units}. {@link org.rnnsweep.driver.bench.EngineBench}: the engine, by
 * sweeps whose trials do nothing or sleep.
 *
 * <p>May use everything but the commands. Decides nothing: no result depends on it. What it writes
 * are stores in a folder that it is given.
 */
package org.rnnsweep.driver.bench;
