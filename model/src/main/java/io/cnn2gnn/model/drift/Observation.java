package io.cnn2gnn.model.drift;

import io.cnn2gnn.model.inference.Answer;
import java.util.Optional;

/**
 * What of an answer the watch over drift looks at.
 *
 * @param label the predicted class
 * @param confidence its probability
 * @param distance to the nearest prototype; see {@link Answer#distance()}
 * @param truth the image's known label, if it has one
 */
public record Observation(String label, float confidence, float distance, Optional<String> truth) {
  /** Of an answer to an image whose label may be known. */
  public static Observation of(Answer answer, Optional<String> truth) {
    return new Observation(answer.label(), answer.confidence(), answer.distance(), truth);
  }
}
