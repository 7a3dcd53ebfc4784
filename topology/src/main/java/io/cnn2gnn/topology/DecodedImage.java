package io.cnn2gnn.topology;

import io.cnn2gnn.model.inference.Query;
import java.time.Instant;

/**
 * An accepted image, ready for the model.
 *
 * @param source the record it came in
 * @param capturedAt when it was taken, as its producer says
 * @param query its id, label and samples at the model's input size
 */
public record DecodedImage(Source source, Instant capturedAt, Query query) {}
