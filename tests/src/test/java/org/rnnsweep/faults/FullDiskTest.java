package org.rnnsweep.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.store.TrialRecord;
import org.rnnsweep.jobs.Outcome;
import org.rnnsweep.packaging.Checkout;

/** A store on a file system that is full in the middle of the sweep. */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
  private static final int TRIALS = 200;

  /** A disk of a few parts; what is on it is copied out, then it grows and the sweep goes on. */
  private static final String SCRIPT =
      """
      disk=$1; out=$2; shift 2
      mount -t tmpfs -o size=100k none "$disk" || exit 99
      "$@" > "$out/first.txt" 2>&1
      echo $? > "$out/first.code"
      cp -r "$disk/store" "$out/first"
      mount -o remount,size=64m "$disk" || exit 98
      "$@" > "$out/second.txt" 2>&1
      echo $? > "$out/second.code"
      cp -r "$disk/store" "$out/second"
      """;

  @TempDir Path folder;

  @Test
  void stopsTheSweepWithAMessageAndTheStoreResumes() throws Exception {
    assumeTrue(mountsArePossible(), "this system lets no user mount a file system");
    FaultySweep sweep =
        new FaultySweep(
            folder,
            "axes { number = "
                + IntStream.range(0, TRIALS).boxed().toList()
                + " }\nparameters { millis = 50 }\n");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path out = Files.createDirectory(folder.resolve("out"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of("unshare", "-rm", "sh", "-c", SCRIPT, "sh"));
    command.addAll(List.of(disk.toString(), out.toString()));
    command.addAll(
        List.of(
            Checkout.root().resolve("bin/rnnsweep").toString(),
            "run",
            sweep.file().toString(),
            "--store",
            disk.resolve("store").toString(),
            "--cores",
            "2"));
    FaultySweep.Ended ended = sweep.await(sweep.start(command));
    assertThat(ended.code()).as(ended.text()).isZero();

    String first = Files.readString(out.resolve("first.txt"));
    assertThat(Files.readString(out.resolve("first.code")).strip()).as(first).isEqualTo("1");
    assertThat(first)
        .contains("cannot write to the store file:" + disk + "/store: No space left on device")
        .contains("the same command goes on from there")
        .doesNotContain("\tat ", "going on in a new one");
    int stored = sweep.at(out.resolve("first")).outcomes().size();
    assertThat(stored).as(first).isBetween(0, TRIALS - 1);

    String second = Files.readString(out.resolve("second.txt"));
    assertThat(Files.readString(out.resolve("second.code")).strip()).as(second).isEqualTo("0");
    assertThat(second).contains(TRIALS + " trials, " + stored + " of them stored already");
    assertThat(sweep.at(out.resolve("second")).outcomes().values())
        .extracting(TrialRecord::outcome)
        .containsOnly(Outcome.COMPLETED)
        .hasSize(TRIALS);
  }

  private static boolean mountsArePossible() throws Exception {
    try {
      return new ProcessBuilder("unshare", "-rm", "sh", "-c", "mount -t tmpfs none /mnt")
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }
}
