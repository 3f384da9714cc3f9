/**
 * The folder that holds what finished: immutable Parquet parts, one row a trial, read by this
 * program and, without it, by pandas, DuckDB and Spark.
 *
 * <p>May use Hadoop's {@code FileSystem} and Parquet; must not use Spark, and nothing here decides
 * what to run. Promises: a part is seen whole or not at all; every double comes back with the bits
 * it was written with, and a NaN as NaN; reading needs no job on the class path; what cannot be
 * read is named, never taken for data. The columns of format 1 do not change their names or types.
 */
package org.rnnsweep.driver.store;
