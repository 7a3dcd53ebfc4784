package io.cnn2gnn.benchmarks.pipeline;

import java.util.List;
import java.util.Optional;

/**
 * A record of the adapter, input and result alike.
 *
 * @param creationTimestamp when the record was made, ms since 1970
 * @param points values of each data point
 * @param prediction scores as text, once there are any
 */
record JsonBatch(long creationTimestamp, List<List<Float>> points, Optional<String> prediction) {
  JsonBatch with(List<List<Float>> scores) {
    return new JsonBatch(creationTimestamp, points, Optional.of(scores.toString()));
  }
}
