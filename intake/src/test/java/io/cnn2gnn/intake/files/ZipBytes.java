package io.cnn2gnn.intake.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zips as other tools write them. */
final class ZipBytes {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;

  private ZipBytes() {}

  /** Names are written as they are, in UTF-8 and with its flag where they are not ASCII. */
  static byte[] of(String... names) throws IOException {
    return of(StandardCharsets.UTF_8, names);
  }

  /** The same in another character set, without a word of which. Each entry holds its name. */
  static byte[] of(Charset charset, String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, charset)) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  /** All entries with other flags. */
  static byte[] flagged(byte[] zip, int flags) {
    return patched(zip, 6, 8, flags);
  }

  /** All entries with another method. */
  static byte[] compressedBy(byte[] zip, int method) {
    return patched(zip, 8, 10, method);
  }

  private static byte[] patched(byte[] zip, int inLocal, int inCentral, int value) {
    ByteBuffer bytes = ByteBuffer.wrap(zip.clone()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + 46 < zip.length; at++) {
      int signature = bytes.getInt(at);
      if (signature == LOCAL || signature == CENTRAL) {
        int field = at + (signature == LOCAL ? inLocal : inCentral);
        int old = bytes.getShort(field);
        bytes.putShort(field, (short) (inLocal == 6 ? old | value : value));
      }
    }
    return bytes.array();
  }
}
