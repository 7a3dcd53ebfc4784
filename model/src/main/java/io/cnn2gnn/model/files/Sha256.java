package io.cnn2gnn.model.files;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
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
    Digest digest = new Digest();
    for (byte[] chunk : chunks) {
      digest.write(ByteBuffer.wrap(chunk));
    }
    return digest.hex();
  }

  /** Takes what is to be digested piece by piece. */
  public static final class Digest implements WritableByteChannel {
    private final MessageDigest digest;

    public Digest() {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    @Override
    public int write(ByteBuffer bytes) {
      int count = bytes.remaining();
      digest.update(bytes);
      return count;
    }

    /** Of all that was written since the last call, in hexadecimal. */
    public String hex() {
      return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
