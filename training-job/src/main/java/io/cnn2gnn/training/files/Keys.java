package io.cnn2gnn.training.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Short names for what was computed from given settings. */
public final class Keys {
  private static final int LENGTH = 12;

  private Keys() {}

  /** Hexadecimal digits that differ where any of the parts differs in its text form. */
  public static String of(Object... parts) {
    return hex(Arrays.toString(parts).getBytes(StandardCharsets.UTF_8)).substring(0, LENGTH);
  }

  /** The SHA-256 of the chunks, one after the other, in hexadecimal. */
  public static String hex(byte[]... chunks) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] chunk : chunks) {
        digest.update(chunk);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
