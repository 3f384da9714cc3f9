package org.rnnsweep.driver.analyse;

/** How a measurement compares with a statement. */
public enum Verdict {
  /** Every value in the 95% interval is allowed, give or take the margin. */
  CONSISTENT("agrees with the data"),
  /** At an error rate of 0.001 the value is outside what margin and stated logs allow. */
  REFUTED("is contradicted by the data"),
  /** One of the above inside the range, but the trend of the slope says otherwise beyond it. */
  NOT_ASYMPTOTIC("is out of reach: the range is not asymptotic"),
  /** Neither; the row says what would decide. */
  UNDECIDED("is undecided");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** In words, to follow "the statement". */
  public String words() {
    return words;
  }
}
