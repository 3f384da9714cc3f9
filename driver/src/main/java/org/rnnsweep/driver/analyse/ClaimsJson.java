package org.rnnsweep.driver.analyse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * {@code claims.json}: an array with one object a row of the scoreboard, in its order. Keys are in
 * snake case and always there; a number that does not exist, or is not finite, is null. Sealed: a
 * key may be added, none is renamed or changes its meaning.
 */
public final class ClaimsJson {
  private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * The text of the file, ending in a line feed; the same bytes on every machine.
   *
   * @param scoreboards of all experiments that are shown together
   */
  public String write(List<Scoreboard> scoreboards) {
    ArrayNode array = mapper.createArrayNode();
    Set<ClaimResult> surviving = Scoreboard.of("", scoreboards).survivingHolm();
    for (Scoreboard scoreboard : scoreboards) {
      for (JudgedClaim judged : scoreboard.claims()) {
        for (ClaimResult row : judged.rows()) {
          array.add(row(scoreboard.experiment(), judged, row, surviving.contains(row)));
        }
      }
    }
    try {
      // Jackson's printer ends lines as the platform does.
      return mapper.writeValueAsString(array).replace("\r\n", "\n") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and text can be written", e);
    }
  }

  private ObjectNode row(
      String experiment, JudgedClaim judged, ClaimResult row, boolean survivesHolm) {
    Judgement statement = row.statement();
    ObjectNode node = mapper.createObjectNode();
    node.put("experiment", experiment);
    node.put("claim", row.claim().id());
    node.put("part", row.claim().part());
    node.put("reading", row.claim().reading());
    node.put("statement", row.claim().statement());
    node.put("source", row.claim().source());
    node.put("metric", row.claim().metric());
    node.put("axis", row.claim().axis());
    node.put("shape", row.claim().shape());
    node.put("where", row.claim().where());
    ObjectNode setting = node.putObject("setting");
    row.setting().forEach((name, value) -> setting.putPOJO(name, value));
    measured(node, statement);
    number(node, "logs", row.claim().logs());
    number(node, "logs_width", statement.logsWidth());
    pair(node, "range", row.from(), row.to());
    node.put("points", row.points());
    node.put("seeds", row.seeds());
    node.put("look", row.look());
    node.put("looks", row.looks());
    node.put("trials", row.trials());
    node.put("seeds_dropped", row.seedsDropped());
    node.put("claim_verdict", judged.verdict().name());
    node.put("tightness", statement.label());
    number(node, "slack", statement.slack());
    number(node, "detectable", statement.detectable());
    number(node, "refuting_tail", statement.refutingTail());
    node.put("survives_holm", survivesHolm);
    ArrayNode attacks = node.putArray("attacks");
    row.claim().attacks().forEach(attacks::add);
    node.put("explanation", row.explanation());
    if (row.prediction() == null) {
      node.putNull("prediction");
    } else {
      ObjectNode prediction = node.putObject("prediction");
      prediction.put("source", row.claim().predictionSource());
      measured(prediction, row.prediction());
      prediction.put("claim_verdict", judged.predictionVerdict().name());
      prediction.put("explanation", row.predictionExplanation());
    }
    return node;
  }

  private static void measured(ObjectNode node, Judgement judgement) {
    node.put("relation", judgement.relation().toString());
    number(node, "predicted", judgement.relation().bound());
    pair(node, "allowed", judgement.allowed().low(), judgement.allowed().high());
    number(node, "margin", judgement.margin());
    number(node, "fitted", judgement.estimate());
    pair(node, "ci95", judgement.low(), judgement.high());
    number(node, "next", judgement.next());
    number(node, "next_error", judgement.nextError());
    node.put("verdict", judgement.verdict().name());
    node.put("reason", judgement.reason());
    node.put("would_decide", judgement.decides());
    ArrayNode parts = node.putArray("parts");
    for (Judgement.PartResult part : judgement.parts()) {
      ObjectNode object = parts.addObject();
      object.put("name", part.name());
      number(object, "fitted", part.estimate());
      pair(object, "ci95", part.low(), part.high());
    }
    ArrayNode notes = node.putArray("notes");
    judgement.notes().forEach(notes::add);
  }

  private static void pair(ObjectNode node, String name, double low, double high) {
    ArrayNode array = node.putArray(name);
    for (double value : new double[] {low, high}) {
      if (Double.isFinite(value)) {
        array.add(value);
      } else {
        array.addNull();
      }
    }
  }

  private static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
