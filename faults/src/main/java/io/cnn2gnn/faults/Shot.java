package io.cnn2gnn.faults;

import io.cnn2gnn.intake.ImageName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An image of noise that can be sent again, or under another name.
 *
 * @param key of its record
 * @param pixels of a square of grey
 */
record Shot(String key, String id, byte[] pixels) {
  /** The same picture from somewhere else. */
  Shot twin(String otherKey, String otherId) {
    return new Shot(otherKey, otherId, pixels);
  }

  ImageName name() {
    return new ImageName(Optional.of(key.getBytes(StandardCharsets.UTF_8)), id);
  }
}
