package org.rnnsweep.driver.report;

/** Shapes of points: as many as stay apart at the size of a letter. */
enum Marker {
  CIRCLE("M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z"),
  SQUARE("M-3.6 -3.6H3.6V3.6H-3.6Z"),
  TRIANGLE("M0 -4.8L4.6 3.4H-4.6Z"),
  DIAMOND("M0 -5.2L5.2 0L0 5.2L-5.2 0Z"),
  INVERTED("M0 4.8L4.6 -3.4H-4.6Z"),
  PLUS("M-1.6 -4.8H1.6V-1.6H4.8V1.6H1.6V4.8H-1.6V1.6H-4.8V-1.6H-1.6Z"),
  HOURGLASS("M-4.4 -4.4H4.4L-4.4 4.4H4.4Z"),
  BAR("M-5 -2H5V2H-5Z");

  /** Outline around the origin, in pixels. */
  final String path;

  Marker(String path) {
    this.path = path;
  }

  static Marker of(int index) {
    return values()[index % values().length];
  }
}
