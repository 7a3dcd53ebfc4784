package io.cnn2gnn.training.topic;

import io.cnn2gnn.model.files.Sha256;
import java.nio.charset.StandardCharsets;

/** On which side of the held-out share an image falls: a matter of its id alone, for ever. */
final class Side {
  private static final int DIGITS = 13;

  private Side() {}

  /** The SHA-256 of the id as a fraction in [0, 1), by its first 52 bits. */
  static double fraction(String id) {
    String hex = Sha256.hex(id.getBytes(StandardCharsets.UTF_8));
    return Long.parseLong(hex.substring(0, DIGITS), 16) * 0x1p-52;
  }
}
