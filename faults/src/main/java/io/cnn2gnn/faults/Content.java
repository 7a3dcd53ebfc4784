package io.cnn2gnn.faults;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A record's value by its length and hash, so that hours of them fit in memory.
 *
 * @param length in bytes; -1 for a record without a value
 */
record Content(int length, String sha256) {
  static Content of(byte[] value) {
    if (value == null) {
      return new Content(-1, "");
    }
    try {
      return new Content(
          value.length,
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
