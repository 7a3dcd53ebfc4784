package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * On which side of the held-out share an image falls: a matter of its source, its id and a salt.
 * With a salt that nobody else knows, whoever sends images does not choose by their ids what models
 * are measured on. Two models are compared fairly only if both were trained with one salt.
 */
public final class Side {
  private static final int DIGITS = 13;
  private static final int SALT_BYTES = 32;

  private final String salt;

  private Side(String salt) {
    this.salt = salt;
  }

  /** By a salt that everybody who knows the seed knows: for runs that keep no secret. */
  public static Side of(long seed) {
    return new Side(Long.toString(seed));
  }

  /**
   * By the salt in a file, which is made at random, for its owner alone, if it is not there.
   *
   * @throws IOException if the file cannot be read or made, or holds something else
   */
  public static Side in(Path file) throws IOException {
    String salt = Files.exists(file) ? read(file) : "";
    if (salt.isEmpty()) {
      salt = made(file);
    }
    if (!Sha256.isDigest(salt)) {
      throw new IOException(
          file
              + " is no salt of 64 hexadecimal digits; restore it, or remove it to have another"
              + " held-out share from now on");
    }
    return new Side(salt);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
  }

  /** Of two processes that begin at once one makes the salt, and the other one waits for it. */
  private static String made(Path file) throws IOException {
    AtomicFile.prepare(file.toAbsolutePath().getParent());
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.lock(); // until it is closed
      if (channel.size() == 0) {
        byte[] random = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(random);
        String salt = HexFormat.of().formatHex(random) + "\n";
        channel.write(ByteBuffer.wrap(salt.getBytes(StandardCharsets.US_ASCII)));
        channel.force(true);
      }
      return read(file);
    }
  }

  /** The SHA-256 of salt and name as a fraction in [0, 1), by its first 52 bits. */
  double fraction(ImageName name) {
    String hex =
        Sha256.hex(
            salt.getBytes(StandardCharsets.UTF_8),
            ("/" + name.digest()).getBytes(StandardCharsets.UTF_8));
    return Long.parseLong(hex.substring(0, DIGITS), 16) * 0x1p-52;
  }
}
