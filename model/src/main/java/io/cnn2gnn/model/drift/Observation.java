package io.cnn2gnn.model.drift;

import java.util.Optional;

/**
 * What of an answer the watch over drift looks at.
 *
 * @param label the predicted class
 * @param confidence its probability
 * @param distance to the nearest prototype; squared Euclidean, in [0, 4]
 * @param truth the image's known label, if it has one
 */
public record Observation(String label, float confidence, float distance, Optional<String> truth) {}
