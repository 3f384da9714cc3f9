package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rnnsweep.driver.cli.CommandLines.call;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Trial;

class ReplayCommandTest {
  private static final Trial TRIAL = FakeJob.trial(6, "well", 3);

  @TempDir Path folder;

  private CommandLines.Result replay(String... arguments) {
    return call(new ReplayCommand(), arguments);
  }

  @Test
  void anHonestRecordIsEqual() throws Exception {
    CommandLines.store(folder, TRIAL, FakeJob.trial(7, "well", 3));
    CommandLines.Result result = replay(folder.toString(), TRIAL.id().substring(0, 8));
    assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(0);
    assertThat(result.out())
        .contains("trial " + TRIAL.id(), "width=6", "drawn", "6 numbers", "equal, bit for bit")
        .doesNotContain("DIFFERS", "ALARM");
  }

  /** The twin of the test above: the smallest possible change of one number. */
  @Test
  void oneBitIsAnAlarmThatNamesBothPlaces() throws Exception {
    TrialRecord honest =
        CommandLines.records(CommandLines.store(folder.resolve("honest"), TRIAL)).get(0);
    double drawn = honest.metrics().get("drawn");
    FolderTrialStore store = CommandLines.store(folder.resolve("altered"));
    store.append(
        CommandLines.JOB, List.of(CommandLines.altered(honest, "drawn", Math.nextUp(drawn))));
    CommandLines.Result result = replay(folder.resolve("altered").toString(), TRIAL.id());
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out())
        .contains(
            "ALARM: trial " + TRIAL.id(),
            "drawn is " + Math.nextUp(drawn) + " and " + drawn,
            "faraway (another CPU; openblas-0, fingerprint bad0bad0bad0bad0; another JVM",
            honest.provenance().host(),
            "fingerprints differ");
  }

  /** Scanning withholds a trial whose records disagree; it is the one that one wants to replay. */
  @Test
  void ofTwoRecordsThatDisagreeEachIsCompared() throws Exception {
    FolderTrialStore store = CommandLines.store(folder, TRIAL);
    TrialRecord honest = CommandLines.records(store).get(0);
    store.append(CommandLines.JOB, List.of(CommandLines.altered(honest, "drawn", 0.25)));
    CommandLines.Result result = replay(folder.toString(), TRIAL.id());
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).containsOnlyOnce("equal, bit for bit").containsOnlyOnce("ALARM");
  }

  @Test
  void aFailureIsReplayedAsAFailure() throws Exception {
    Trial failing = FakeJob.trial(4, "fail", 0);
    CommandLines.store(folder, failing);
    CommandLines.Result result = replay(folder.toString(), failing.id());
    assertThat(result.exitCode()).isEqualTo(0);
    assertThat(result.out()).contains("FAILED", "no luck");
  }

  @Test
  void theTraceIsAllOfItsSeries() throws Exception {
    TrialRecord record = CommandLines.records(CommandLines.store(folder, TRIAL)).get(0);
    StringBuilder expected = new StringBuilder("series,index,value\n");
    double[] draws = record.series().get("draws");
    for (int i = 0; i < draws.length; i++) {
      expected.append("draws,").append(i).append(',').append(draws[i]).append('\n');
    }
    CommandLines.Result piped = replay(folder.toString(), TRIAL.id(), "--trace");
    assertThat(piped.out().lines().map(ReplayCommandTest::asNumber))
        .isEqualTo(expected.toString().lines().map(ReplayCommandTest::asNumber).toList());
    assertThat(piped.err()).contains("equal, bit for bit");
    Path file = folder.resolve("trace.csv");
    replay(folder.toString(), TRIAL.id(), "--trace", "--out", file.toString());
    assertThat(file).hasContent(piped.out());
  }

  /** JDKs before 19 do not always print the shortest decimal; the number is what counts. */
  private static Object asNumber(String line) {
    String value = line.substring(line.lastIndexOf(',') + 1);
    return value.equals("value") ? value : Double.valueOf(value);
  }

  @Test
  void wrongInputIsNamed() throws Exception {
    CommandLines.store(folder.resolve("s"), TRIAL);
    String store = folder.resolve("s").toString();
    assertThat(replay(store, "xyz"))
        .isEqualTo(
            new CommandLines.Result(
                2, "", "'xyz' is no trial id: up to 32 of the digits 0-9 and a-f"));
    String other = TRIAL.id().startsWith("0") ? "1" : "0";
    assertThat(replay(store, other).err()).contains("no trial of", "begins with " + other);
    assertThat(replay(folder.resolve("none").toString(), "0").err()).contains("there is no store");
    assertThat(replay(store, TRIAL.id(), "--out", "x").err()).contains("give --trace, too");
    Trial[] many = new Trial[17]; // more than there are digits: two begin alike
    for (int i = 0; i < many.length; i++) {
      many[i] = FakeJob.trial(5, "well", i);
    }
    CommandLines.store(folder.resolve("many"), many);
    String shared =
        Arrays.stream(many)
            .map(t -> t.id().substring(0, 1))
            .filter(c -> Arrays.stream(many).filter(t -> t.id().startsWith(c)).count() > 1)
            .findFirst()
            .orElseThrow();
    CommandLines.Result ambiguous = replay(folder.resolve("many").toString(), shared);
    assertThat(ambiguous.exitCode()).isEqualTo(2);
    assertThat(ambiguous.err()).contains("trials of", "begin with " + shared);
    try (Stream<Path> files = Files.list(folder.resolve("s/trials/job=fake"))) {
      assertThat(files.filter(f -> f.toString().endsWith("parquet"))).hasSize(1); // none was added
    }
  }

  @Test
  void aTrialOfAnotherVersionCannotBeReplayed() throws Exception {
    Trial old =
        new Trial("fake", 7, FakeJob.NUMERICS, 42, 3, FakeJob.trial(6, "well", 3).configuration());
    TrialRecord now = CommandLines.records(CommandLines.store(folder.resolve("now"), TRIAL)).get(0);
    FolderTrialStore store = CommandLines.store(folder.resolve("old"));
    store.append(
        CommandLines.JOB,
        List.of(
            new TrialRecord(
                old.id(), old, now.outcome(), "", now.metrics(), now.series(), now.provenance())));
    CommandLines.Result result = replay(folder.resolve("old").toString(), old.id());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "trial "
                + old.id()
                + " was computed by version 7 of job fake, which is at version 1 here");
  }
}
