package io.cnn2gnn.topology.bank;

import io.cnn2gnn.model.inference.BankRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A bank row as the store keeps it.
 *
 * @param sequence how many rows were admitted before it
 * @param space the embedding space it belongs to
 */
record StoredRow(long sequence, String space, BankRow row) {
  private static final int VERSION = 4;

  /** Where every version has them, in bytes from the start. */
  private static final int SEQUENCE_AT = 1;

  private static final int SPACE_AT = SEQUENCE_AT + Long.BYTES;

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(sequence);
      out.writeUTF(space);
      out.writeUTF(row.imageId());
      out.writeUTF(row.label());
      out.writeBoolean(row.known());
      out.writeUTF(row.image());
      out.writeUTF(row.source());
      out.writeInt(row.values().length);
      ByteBuffer values = ByteBuffer.allocate(row.values().length * Float.BYTES);
      values.asFloatBuffer().put(row.values());
      out.write(values.array());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /** What can be told of a row without its values. */
  record Head(long sequence, String space) {}

  /** A row without its values. */
  record Tag(Head head, String imageId, String label, boolean known, String image, String source) {}

  /**
   * Reads a row's head.
   *
   * @throws UncheckedIOException if it is damaged
   */
  static Head head(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      readVersion(in);
      return readHead(in);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /**
   * Reads all of a row but its values.
   *
   * @throws UncheckedIOException if it is damaged
   */
  static Tag tag(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return readTag(in);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private static Tag readTag(DataInputStream in) throws IOException {
    int version = readVersion(in);
    // Version 1 did not say whether a label was known, version 2 not what the image's name is,
    // version 3 not which source it is of.
    return new Tag(
        readHead(in),
        in.readUTF(),
        in.readUTF(),
        version > 1 && in.readBoolean(),
        version > 2 ? in.readUTF() : "",
        version > 3 ? in.readUTF() : "");
  }

  /** An image's id as rows have it, for {@link #isOf}. */
  static byte[] encodedId(String imageId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(imageId);
    } catch (IOException e) {
      throw new UncheckedIOException("an id of " + imageId.length() + " characters is too long", e);
    }
    return bytes.toByteArray();
  }

  /**
   * How many rows were admitted before one, without reading the rest of it.
   *
   * @throws UncheckedIOException if it is damaged
   */
  static long sequence(byte[] row) {
    if (row.length < SPACE_AT + Short.BYTES) {
      throw damaged(new IOException(row.length + " bytes"));
    }
    checkVersion(row[0]);
    return ByteBuffer.wrap(row).getLong(SEQUENCE_AT);
  }

  /** Whether a row that has a {@link #sequence} is of an image, without making a text of its id. */
  static boolean isOf(byte[] row, byte[] encodedId) {
    int space = Short.toUnsignedInt(ByteBuffer.wrap(row).getShort(SPACE_AT));
    int from = SPACE_AT + Short.BYTES + space;
    int to = from + encodedId.length;
    return to <= row.length && Arrays.equals(row, from, to, encodedId, 0, encodedId.length);
  }

  private static int readVersion(DataInputStream in) throws IOException {
    return checkVersion(in.readByte());
  }

  private static int checkVersion(int version) {
    if (version < 1 || version > VERSION) {
      throw new IllegalStateException(
          "the bank holds rows of version " + version + ", this build reads up to " + VERSION);
    }
    return version;
  }

  private static Head readHead(DataInputStream in) throws IOException {
    return new Head(in.readLong(), in.readUTF());
  }

  private static UncheckedIOException damaged(IOException e) {
    return new UncheckedIOException("the bank holds a damaged row: " + e, e);
  }

  /**
   * Reads a row.
   *
   * @throws UncheckedIOException if it is damaged
   */
  static StoredRow decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Tag tag = readTag(in);
      int length = in.readInt();
      if (in.available() != (long) length * Float.BYTES) {
        throw new IOException(length + " values in " + in.available() + " bytes");
      }
      float[] values = new float[length];
      ByteBuffer.wrap(in.readAllBytes()).asFloatBuffer().get(values);
      return new StoredRow(
          tag.head().sequence(),
          tag.head().space(),
          new BankRow(tag.imageId(), tag.label(), tag.known(), values, tag.image(), tag.source()));
    } catch (IOException e) {
      throw damaged(e);
    }
  }
}
