package io.cnn2gnn.cli.label;

import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.LabelResult;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a label that was written.
 *
 * @param outcome empty if the service said nothing in time
 */
public record Answer(LabelRequest request, Optional<LabelOutcome> outcome) {
  public boolean is(LabelResult result) {
    return outcome.filter(one -> one.getResult() == result).isPresent();
  }

  /** The label is taken, or taken back. */
  boolean isDone() {
    return is(LabelResult.TAUGHT) || is(LabelResult.TAKEN_BACK);
  }

  /** In a line: the image, what became of its label, and what had been answered. */
  public String line() {
    return request.image() + ": " + outcome.map(Answer::words).orElse("no outcome yet");
  }

  private static String words(LabelOutcome outcome) {
    return switch (outcome.getResult()) {
      case TAUGHT -> "taught as %s; %s".formatted(outcome.getLabel(), answered(outcome));
      case TAKEN_BACK -> "taken back; " + answered(outcome);
      case NOT_FOUND, REFUSED, LEFT, OTHER -> failed(outcome);
    };
  }

  private static String failed(LabelOutcome outcome) {
    String result = outcome.getResult().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String reason = outcome.getReason().isEmpty() ? "" : " (" + outcome.getReason() + ")";
    String message = outcome.getMessage().isEmpty() ? "" : ": " + outcome.getMessage();
    return result + reason + message;
  }

  private static String answered(LabelOutcome outcome) {
    if (outcome.getAnswered() == null) {
      return "what it had been answered with is not known any more";
    }
    String by = outcome.getModelVersion() == null ? "" : " by " + outcome.getModelVersion();
    return "it had been answered with " + outcome.getAnswered() + by;
  }
}
