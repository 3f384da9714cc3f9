package org.rnnsweep.jobs;

import java.util.Objects;

/**
 * One number, or one series of numbers, that a job returns for each trial.
 *
 * @param name lower-case snake name: the same in experiment files, tables and Parquet columns
 * @param label for axes of figures, for example {@code mean relative L2 error}
 * @param unit unit, or "1" for a pure number
 * @param meaning the formula or one sentence
 * @param shape one number, or an array
 * @param roundingFloor values within 10 times this are below resolution; 0 when there is none
 */
public record Metric(
    String name, String label, String unit, String meaning, Shape shape, double roundingFloor) {

  /** One number a trial, or an array of numbers a trial. */
  public enum Shape {
    SCALAR,
    SERIES
  }

  public Metric {
    Parameter.requireName(name);
    Objects.requireNonNull(label);
    Objects.requireNonNull(unit);
    Objects.requireNonNull(meaning);
    Objects.requireNonNull(shape);
    if (!(roundingFloor >= 0)) {
      throw new IllegalArgumentException("roundingFloor must not be negative: " + roundingFloor);
    }
  }

  /** One number a trial. */
  public static Metric scalar(String name, String label, String unit, String meaning) {
    return new Metric(name, label, unit, meaning, Shape.SCALAR, 0);
  }

  /** One array a trial; {@code meaning} says what its index is. */
  public static Metric series(String name, String label, String unit, String meaning) {
    return new Metric(name, label, unit, meaning, Shape.SERIES, 0);
  }

  /** The same metric, of which values within 10 times {@code floor} are below resolution. */
  public Metric withRoundingFloor(double floor) {
    return new Metric(name, label, unit, meaning, shape, floor);
  }
}
