package org.rnnsweep.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rnnsweep.driver.cli.CommandLines.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rnnsweep.driver.FakeJob;
import org.rnnsweep.driver.store.Disagreement;
import org.rnnsweep.driver.store.FolderTrialStore;
import org.rnnsweep.driver.store.TrialRecord;

class ExportCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private FolderTrialStore store;
  private List<TrialRecord> records;

  @BeforeEach
  void fill() throws Exception {
    store =
        CommandLines.store(
            folder.resolve("s"),
            FakeJob.trial(6, "well", 0),
            FakeJob.trial(7, "well", 1), // has no metric `rarely`
            FakeJob.trial(6, "nan", 2),
            FakeJob.trial(4, "fail", 3)); // its message has several lines, and no metrics
    records = CommandLines.records(store);
    store.append(CommandLines.JOB, List.of(records.get(0))); // a duplicate, to be seen once
  }

  private CommandLines.Result export(String... options) {
    List<String> arguments = new ArrayList<>(List.of(folder.resolve("s").toString()));
    arguments.addAll(Arrays.asList(options));
    return call(new ExportCommand(), arguments.toArray(String[]::new));
  }

  /** An independent reader of RFC 4180. */
  private static List<List<String>> parsed(String csv) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
          field.append(csv.charAt(++i));
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == ',' || c == '\n') {
        row.add(field.toString());
        field.setLength(0);
        if (c == '\n') {
          rows.add(row);
          row = new ArrayList<>();
        }
      } else {
        field.append(c);
      }
    }
    assertThat(field).isEmpty();
    return rows;
  }

  @Test
  void csvHasEveryTrialOnceAndEveryBit() throws Exception {
    CommandLines.Result result = export("--format", "csv");
    assertThat(result.exitCode()).as(result.err()).isZero();
    List<List<String>> rows = parsed(result.out());
    List<String> header = rows.get(0);
    assertThat(header)
        .startsWith("trial_id", "job", "job_version")
        .contains("width", "scale", "manner", "drawn", "rarely", "draws", "fingerprint")
        .doesNotHaveDuplicates();
    assertThat(rows).hasSize(1 + records.size()).allMatch(row -> row.size() == header.size());
    for (int i = 0; i < records.size(); i++) {
      TrialRecord record = records.get(i); // scanned, so in the order of ids
      List<String> row = rows.get(i + 1);
      assertThat(row.get(header.indexOf("trial_id"))).isEqualTo(record.trialId());
      assertThat(row.get(header.indexOf("message"))).isEqualTo(record.message());
      for (String metric : List.of("drawn", "rarely")) {
        String field = row.get(header.indexOf(metric));
        Double value = record.metrics().get(metric);
        assertThat(field.isEmpty() ? null : Double.valueOf(field)).isEqualTo(value);
      }
      String series = row.get(header.indexOf("draws"));
      double[] values = record.series().get("draws");
      assertThat(series.isEmpty() ? null : JSON.readValue(series, double[].class))
          .isEqualTo(values);
    }
  }

  @Test
  void jsonLinesHoldTheSame() throws Exception {
    List<String> lines = export("--format", "jsonl").out().lines().toList();
    assertThat(lines).hasSize(records.size());
    for (int i = 0; i < lines.size(); i++) {
      JsonNode row = JSON.readTree(lines.get(i));
      TrialRecord record = records.get(i);
      assertThat(row.get("trial_id").asText()).isEqualTo(record.trialId());
      assertThat(row.get("width").asLong()).isEqualTo(record.trial().configuration().get("width"));
      assertThat(row.has("rarely")).isEqualTo(record.metrics().containsKey("rarely"));
      Double drawn = record.metrics().get("drawn");
      if (drawn != null && drawn.isNaN()) {
        assertThat(row.get("drawn").isTextual()).isTrue();
        assertThat(row.get("drawn").asText()).isEqualTo("NaN");
      } else if (drawn != null) {
        assertThat(row.get("drawn").isNumber()).isTrue();
        assertThat(row.get("drawn").asDouble()).isEqualTo(drawn);
      }
    }
  }

  /** Put where a part would lie, the file is read as one: the rows are the scan's. */
  @Test
  void parquetIsOneFileThatReadsBack() throws Exception {
    Path file = folder.resolve("out.parquet");
    assertThat(export("--format", "parquet", "--out", file.toString()).exitCode()).isZero();
    FolderTrialStore other = CommandLines.store(folder.resolve("other"));
    Path job = Files.createDirectories(folder.resolve("other/trials/job=fake"));
    Files.copy(file, job.resolve("part-1.parquet"));
    List<TrialRecord> read = CommandLines.records(other);
    assertThat(read).hasSameSizeAs(records);
    for (int i = 0; i < read.size(); i++) {
      TrialRecord written = read.get(i);
      TrialRecord scanned = records.get(i);
      assertThat(written.trial()).isEqualTo(scanned.trial());
      assertThat(written.message()).isEqualTo(scanned.message());
      assertThat(written.provenance()).isEqualTo(scanned.provenance());
      assertThat(Disagreement.between(written, scanned)).isEmpty(); // compares bits
    }
  }

  @Test
  void anEmptyStoreGivesAHeaderAndAWrongJobIsNamed() throws Exception {
    CommandLines.store(folder.resolve("empty"));
    String empty = folder.resolve("empty").toString();
    CommandLines.Result csv = call(new ExportCommand(), empty, "--format", "csv");
    assertThat(csv.out().lines()).hasSize(1);
    CommandLines.Result parquet = export("--format", "parquet");
    assertThat(parquet.exitCode()).isEqualTo(2);
    assertThat(parquet.err()).contains("--out FILE");
    String file = folder.resolve("x").toString();
    assertThat(export("--format", "parquet", "--out", file, "--job", "none").err())
        .isEqualTo("no trials of job none here; there are [fake]");
    assertThat(Path.of(file)).doesNotExist();
  }

  @Test
  void anExistingFileIsNotOverwritten() throws Exception {
    Path file = Files.writeString(folder.resolve("kept.csv"), "kept");
    CommandLines.Result result = export("--format", "csv", "--out", file.toString());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(file).hasContent("kept");
  }
}
