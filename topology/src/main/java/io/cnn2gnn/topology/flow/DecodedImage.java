package io.cnn2gnn.topology.flow;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.Query;
import java.time.Instant;

/**
 * An accepted image, ready for the model.
 *
 * @param source the record it came in
 * @param capturedAt when it was taken, as its producer says
 * @param query its id, label and samples
 * @param input of the model that the samples are for
 */
public record DecodedImage(Source source, Instant capturedAt, Query query, InputSpec input) {
  /** Whether a model takes the samples as they are; it normalises them itself. */
  public boolean fits(InputSpec other) {
    return input.height() == other.height()
        && input.width() == other.width()
        && input.channels() == other.channels();
  }
}
