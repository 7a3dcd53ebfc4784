package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.schemas.avro.LabelResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells a user what became of labels, and what to do about the others. */
final class LabelReport {
  private final String topic;
  private final Duration waited;

  /**
   * Of labels on a topic.
   *
   * @param waited for outcomes
   */
  LabelReport(String topic, Duration waited) {
    this.topic = topic;
    this.waited = waited;
  }

  /** Tells of one label; returns the exit code. */
  int one(Answer answer) {
    if (answer.isDone()) {
      Terminal.print(answer.line());
      return 0;
    }
    String advice =
        answer.outcome().isEmpty()
            ? "; " + silence("The label is")
            : mayBeLookedUp(answer)
                ? "; give --partition and --offset of its prediction, or --look-up"
                : "";
    Terminal.complain(answer.line() + advice);
    return 1;
  }

  /**
   * Tells of many, of each that was not taken in a line.
   *
   * @return how many have an outcome that is not what was wanted, or none
   */
  int all(List<Answer> answers) {
    for (Answer answer : answers) {
      if (answer.outcome().isPresent() && !answer.isDone()) {
        String origin = answer.request().origin();
        Terminal.print((origin.isEmpty() ? "" : origin + ": ") + answer.line());
      }
    }
    Terminal.print(summary(answers));
    long silent = answers.stream().filter(answer -> answer.outcome().isEmpty()).count();
    if (silent > 0) {
      Terminal.complain("%d without an outcome; %s".formatted(silent, silence("The labels are")));
    } else if (answers.stream().anyMatch(LabelReport::mayBeLookedUp)) {
      Terminal.complain(
          "images that are not among the recent ones are found by the partition and offset of"
              + " their records: --look-up takes them from their predictions");
    }
    return (int) answers.stream().filter(answer -> !answer.isDone()).count();
  }

  private String silence(String labels) {
    return "none came for %d s: is the service running? %s on topic %s and will be taken when it is"
        .formatted(waited.toSeconds(), labels, topic);
  }

  private static boolean mayBeLookedUp(Answer answer) {
    return answer.is(LabelResult.NOT_FOUND)
        && answer.request().label().getLabel() != null
        && !answer.request().hasCoordinates();
  }

  private static String summary(List<Answer> answers) {
    List<String> parts = new ArrayList<>();
    for (LabelResult result : LabelResult.values()) {
      long count = answers.stream().filter(answer -> answer.is(result)).count();
      if (count > 0) {
        parts.add(count + " " + result.name().toLowerCase(Locale.ROOT).replace('_', ' '));
      }
    }
    long silent = answers.stream().filter(answer -> answer.outcome().isEmpty()).count();
    if (silent > 0) {
      parts.add(silent + " without an outcome");
    }
    return "of %d labels: %s".formatted(answers.size(), String.join(", ", parts));
  }
}
