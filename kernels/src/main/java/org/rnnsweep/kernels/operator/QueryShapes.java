package org.rnnsweep.kernels.operator;

import org.rnnsweep.kernels.Precision;
import org.rnnsweep.kernels.linalg.OffHeapMatrix;

/** Refuses queries that do not fit. */
final class QueryShapes {
  private QueryShapes() {}

  static void check(
      OffHeapMatrix x, OffHeapMatrix y, long domain, long codomain, Precision precision) {
    if (x.columns() != domain
        || y.columns() != codomain
        || x.rows() != y.rows()
        || x.precision() != precision
        || y.precision() != precision) {
      throw new IllegalArgumentException(
          "a query is batch x "
              + domain
              + " and its answer batch x "
              + codomain
              + ", both "
              + precision.label()
              + ", found "
              + x
              + " and "
              + y);
    }
  }
}
