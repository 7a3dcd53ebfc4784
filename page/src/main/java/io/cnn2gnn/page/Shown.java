package io.cnn2gnn.page;

import io.cnn2gnn.schemas.avro.Prediction;
import java.util.Optional;

/**
 * An answer as the page keeps it.
 *
 * @param number in the order of their coming
 * @param key of its record, which is its source; empty if it has none
 */
record Shown(long number, Optional<byte[]> key, Prediction prediction) {
  /** Where the image's record is; empty for answers of services of before. */
  Optional<Place> place() {
    return Optional.ofNullable(prediction.getImage()).map(Place::of);
  }

  int keyBytes() {
    return key.map(bytes -> bytes.length).orElse(0);
  }

  /** How sure it is; 0 where that is no number. */
  float confidence() {
    float said = prediction.getConfidence();
    return Float.isFinite(said) ? said : 0;
  }

  /** Whether its neighbours made it another class than the image alone. */
  boolean isChanged() {
    return prediction.getAlone() != null
        && !prediction.getAlone().getLabel().equals(prediction.getLabel());
  }
}
