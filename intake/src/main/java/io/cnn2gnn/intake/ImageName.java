package io.cnn2gnn.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Which image: its source, which is the key of its record, and its id, which is unique per source.
 *
 * @param source the key's bytes; empty where the record has none
 */
public record ImageName(Optional<byte[]> source, String id) {
  /** Hexadecimal digits of a digest: 128 bits, beyond what a hostile writer can make meet. */
  private static final int DIGITS = 32;

  /**
   * The name in 32 hexadecimal digits, the same in every process. Two names of different source or
   * id have different ones.
   */
  public String digest() {
    MessageDigest sha = sha256();
    byte[] key = source.orElse(new byte[0]);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, source.isPresent() ? key.length : -1));
    sha.update(key);
    sha.update(id.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(sha.digest()).substring(0, DIGITS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ImageName other
        && id.equals(other.id)
        && source.isPresent() == other.source.isPresent()
        && Arrays.equals(source.orElse(new byte[0]), other.source.orElse(new byte[0]));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(source.orElse(new byte[0])) + id.hashCode();
  }

  @Override
  public String toString() {
    return source.map(key -> new String(key, StandardCharsets.UTF_8) + "/").orElse("") + id;
  }
}
