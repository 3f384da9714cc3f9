package org.rnnsweep.driver.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Trial;

/**
 * The trial among others that is most like a wanted one: it differs in the fewest inputs, and among
 * such the numbers that differ are nearest in ratio.
 *
 * @param trial that trial
 * @param differences one line an input that differs, in plain words: the wanted value, then its
 */
public record NearestTrial(Trial trial, List<String> differences) {

  /** The nearest of the same job; empty where there is none. Ties go to the smallest id. */
  public static Optional<NearestTrial> of(Trial wanted, Collection<Trial> others) {
    Trial nearest = null;
    Distance least = null;
    for (Trial other : others) {
      if (!other.job().equals(wanted.job())) {
        continue;
      }
      Distance distance = Distance.between(wanted, other);
      int order = least == null ? -1 : distance.compareTo(least);
      if (order < 0 || order == 0 && other.id().compareTo(nearest.id()) < 0) {
        nearest = other;
        least = distance;
      }
    }
    return nearest == null
        ? Optional.empty()
        : Optional.of(new NearestTrial(nearest, differences(wanted, nearest)));
  }

  private record Distance(int inputs, double ratios) implements Comparable<Distance> {
    static Distance between(Trial a, Trial b) {
      int inputs = 0;
      double ratios = 0;
      inputs += a.jobVersion() == b.jobVersion() ? 0 : 1;
      inputs += a.numerics().equals(b.numerics()) ? 0 : 1;
      inputs += a.rootSeed() == b.rootSeed() ? 0 : 1;
      inputs += a.seedIndex() == b.seedIndex() ? 0 : 1;
      for (String name : names(a.configuration(), b.configuration())) {
        Object x = a.configuration().get(name);
        Object y = b.configuration().get(name);
        if (x != null && x.equals(y)) {
          continue;
        }
        inputs++;
        ratios +=
            x instanceof Number p && y instanceof Number q
                ? relative(p.doubleValue(), q.doubleValue())
                : 1;
      }
      return new Distance(inputs, ratios);
    }

    /** 0 for equal ones, 1 for zero against anything, 2 for opposite ones. */
    private static double relative(double x, double y) {
      return Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y));
    }

    @Override
    public int compareTo(Distance other) {
      return inputs != other.inputs
          ? Integer.compare(inputs, other.inputs)
          : Double.compare(ratios, other.ratios);
    }
  }

  private static List<String> differences(Trial wanted, Trial stored) {
    List<String> lines = new ArrayList<>();
    add(lines, "the job's version", wanted.jobVersion(), stored.jobVersion());
    add(
        lines,
        "the numerics profile",
        wanted.numerics().canonical(),
        stored.numerics().canonical());
    add(lines, "the root seed", wanted.rootSeed(), stored.rootSeed());
    add(lines, "the seed index", wanted.seedIndex(), stored.seedIndex());
    for (String name : names(wanted.configuration(), stored.configuration())) {
      add(lines, name, wanted.configuration().get(name), stored.configuration().get(name));
    }
    return List.copyOf(lines);
  }

  private static void add(List<String> lines, String input, Object wanted, Object stored) {
    if (wanted == null) {
      lines.add(input + " has no meaning here, stored with " + stored);
    } else if (!wanted.equals(stored)) {
      lines.add(
          input + " is " + wanted + ", stored " + (stored == null ? "without" : "with " + stored));
    }
  }

  private static TreeSet<String> names(Configuration a, Configuration b) {
    TreeSet<String> names = new TreeSet<>(a.names());
    names.addAll(b.names());
    return names;
  }
}
