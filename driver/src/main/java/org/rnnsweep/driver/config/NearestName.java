package org.rnnsweep.driver.config;

import java.util.Collection;
import java.util.Locale;

/** The right name that a misspelt one most likely meant. */
public final class NearestName {
  private NearestName() {}

  /**
   * The first of {@code names} at the least distance from {@code found}, upper and lower case
   * alike; empty where none is nearer than half of {@code found}'s length, for then it is a guess.
   */
  public static String of(String found, Collection<String> names) {
    String nearest = "";
    int least = Math.max(2, (found.length() + 1) / 2);
    for (String name : names) {
      if (Math.abs(name.length() - found.length()) < least) {
        int distance = distance(found.toLowerCase(Locale.ROOT), name);
        if (distance < least) {
          least = distance;
          nearest = name;
        }
      }
    }
    return nearest;
  }

  /**
   * Damerau-Levenshtein distance in its restricted form: insertions, deletions, replacements and
   * swaps of neighbours, no place edited twice.
   */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
