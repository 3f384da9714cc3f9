/**
 * Decides, distributes, keeps, judges and shows. A run flows {@code config} -&gt; {@code plan}
 * -&gt; {@code execute} -&gt; {@code store} -&gt; {@code analyse} -&gt; {@code report}; {@code cli}
 * is the door. Only {@code execute} sees Spark's scheduler.
 */
package org.rnnsweep.driver;
