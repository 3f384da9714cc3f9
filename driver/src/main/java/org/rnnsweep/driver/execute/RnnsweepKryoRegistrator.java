package org.rnnsweep.driver.execute;

import com.esotericsoftware.kryo.Kryo;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * All that Kryo carries for us between driver and executors, beside primitives and the byte arrays
 * that Spark registers itself. Spark's Kryo cannot serialise records, nor rebuild the JDK's
 * immutable collections, so neither is ever in here.
 */
public final class RnnsweepKryoRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(byte[][].class); // the bundles of one partition
    kryo.register(BundleReport.class, new BundleReport.KryoForm());
  }
}
