package io.cnn2gnn.training.stream;

import io.cnn2gnn.model.inference.Answer.Score;
import java.util.List;
import java.util.Optional;

/**
 * What was answered to an image.
 *
 * @param label the most probable class
 * @param confidence its probability
 * @param alone what the model says of the image by itself
 * @param scores most probable first; of a service the first few
 * @param nearest label of the nearest labelled image, of any source, if there was one; a service
 *     does not tell
 * @param batch images of the batch in which it was answered
 */
public record Reply(
    String label,
    float confidence,
    Score alone,
    List<Score> scores,
    Optional<String> nearest,
    int batch) {
  public Reply {
    scores = List.copyOf(scores);
  }
}
