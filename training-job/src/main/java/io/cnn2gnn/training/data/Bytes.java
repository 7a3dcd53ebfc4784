package io.cnn2gnn.training.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens a file, gzipped or not, whatever it is called. */
final class Bytes {
  private static final int BUFFER = 1 << 16;

  private Bytes() {}

  static DataInputStream open(Path file) throws IOException {
    PushbackInputStream raw =
        new PushbackInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER), 2);
    byte[] head = raw.readNBytes(2);
    raw.unread(head);
    boolean gzip = head.length == 2 && (head[0] & 255) == 0x1f && (head[1] & 255) == 0x8b;
    InputStream in = gzip ? new GZIPInputStream(raw, BUFFER) : raw;
    return new DataInputStream(new BufferedInputStream(in, BUFFER));
  }
}
