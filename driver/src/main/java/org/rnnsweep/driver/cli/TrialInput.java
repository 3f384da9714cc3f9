package org.rnnsweep.driver.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;

/** A trial as named on the command line: its id, or the beginning of it. */
final class TrialInput {
  private static final String ID = "[0-9a-f]{1,32}";
  private static final int SHOWN = 5;

  private TrialInput() {}

  /** Whether the text can be an id or the beginning of one. */
  static boolean isId(String text) {
    return text.toLowerCase(Locale.ROOT).matches(ID);
  }

  /** Every record that the store has of the one trial meant; more than one if it ran twice. */
  static List<TrialRecord> records(FolderTrialStore store, String text) throws IOException {
    if (!isId(text)) {
      throw new WrongInputException(
          "'" + text + "' is no trial id: up to 32 of the digits 0-9 and a-f");
    }
    List<TrialRecord> records = store.records(text.toLowerCase(Locale.ROOT));
    List<String> ids = records.stream().map(TrialRecord::trialId).distinct().sorted().toList();
    if (ids.isEmpty()) {
      throw new WrongInputException("no trial of " + store.location() + " begins with " + text);
    }
    if (ids.size() > 1) {
      throw new WrongInputException(
          String.format(
              Locale.ROOT,
              "%d trials of %s begin with %s: %s%s",
              ids.size(),
              store.location(),
              text,
              ids.stream().limit(SHOWN).collect(Collectors.joining(", ")),
              ids.size() > SHOWN ? ", ..." : ""));
    }
    return records;
  }
}
