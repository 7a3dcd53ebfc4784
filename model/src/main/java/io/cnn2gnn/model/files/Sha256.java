package io.cnn2gnn.model.files;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 as people compare it. */
public final class Sha256 {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");

  private Sha256() {}

  /** Whether a text is a digest in hexadecimal, and so safe in the name of a file. */
  public static boolean isDigest(String text) {
    return DIGEST.matcher(text).matches();
  }

  /** The digest of the chunks, one after the other, in hexadecimal. */
  public static String hex(byte[]... chunks) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] chunk : chunks) {
        digest.update(chunk);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
