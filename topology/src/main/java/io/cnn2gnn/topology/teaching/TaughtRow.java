package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.label.LabelledRow.Own;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A labelled image as the application's topic keeps it, by the image's name.
 *
 * @param row what models are taught
 * @param key of the image's record; empty if it has none
 * @param labelledBy who said it; empty if the image's own record did
 * @param image where the image's record is
 * @param owner the partition whose task wrote it, and embeds it again for another model
 * @param said the label's record; empty if the image's own record said it
 */
public record TaughtRow(
    LabelledRow row,
    Optional<byte[]> key,
    String labelledBy,
    Coordinates image,
    int owner,
    Optional<Coordinates> said) {
  private static final int VERSION = 2;

  /**
   * The same in another embedding space.
   *
   * @param own what that space's model makes of the image by itself
   */
  TaughtRow in(String space, float[] metric, Optional<String> own) {
    return new TaughtRow(
        new LabelledRow(
            row.image(),
            row.source(),
            row.imageId(),
            row.label(),
            space,
            metric.clone(),
            row.own() == Own.UNKNOWN ? Own.UNKNOWN : judged(own, row.label())),
        key,
        labelledBy,
        image,
        owner,
        said);
  }

  /** Judges what a model makes of an image by itself, if it can. */
  static Own judged(Optional<String> own, String label) {
    return own.map(said -> Own.of(said, label)).orElse(Own.UNKNOWN);
  }

  /** As the topic holds it. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(row.image());
      out.writeUTF(row.source());
      out.writeUTF(row.imageId());
      out.writeUTF(row.label());
      out.writeUTF(row.space());
      out.writeInt(key.map(k -> k.length).orElse(-1));
      out.write(key.orElse(new byte[0]));
      out.writeUTF(labelledBy);
      write(out, image);
      out.writeInt(owner);
      out.writeBoolean(said.isPresent());
      if (said.isPresent()) {
        write(out, said.get());
      }
      out.writeUTF(row.own().name());
      Floats.write(out, row.metric());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Coordinates at) throws IOException {
    out.writeUTF(at.topic());
    out.writeInt(at.partition());
    out.writeLong(at.offset());
  }

  /**
   * Reads a row.
   *
   * @throws UncheckedIOException if it is damaged, or of a later build
   */
  public static TaughtRow decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version < 1 || version > VERSION) {
        throw new IOException("version " + version + ", this build reads 1 to " + VERSION);
      }
      String image = in.readUTF();
      String source = in.readUTF();
      String imageId = in.readUTF();
      String label = in.readUTF();
      String space = in.readUTF();
      int length = in.readInt();
      Optional<byte[]> key = length < 0 ? Optional.empty() : Optional.of(in.readNBytes(length));
      String labelledBy = in.readUTF();
      Coordinates at = readCoordinates(in);
      int owner = in.readInt();
      Optional<Coordinates> said =
          in.readBoolean() ? Optional.of(readCoordinates(in)) : Optional.empty();
      Own own = version == 1 ? Own.UNKNOWN : own(in.readUTF());
      float[] metric = Floats.read(in);
      return new TaughtRow(
          new LabelledRow(image, source, imageId, label, space, metric, own),
          key,
          labelledBy,
          at,
          owner,
          said);
    } catch (IOException e) {
      throw new UncheckedIOException("a row of the labelled tier is damaged: " + e, e);
    }
  }

  private static Own own(String name) throws IOException {
    try {
      return Own.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }

  private static Coordinates readCoordinates(DataInputStream in) throws IOException {
    return new Coordinates(in.readUTF(), in.readInt(), in.readLong());
  }

  /** Vectors in rows. */
  static final class Floats {
    private Floats() {}

    static void write(DataOutputStream out, float[] values) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES);
      buffer.asFloatBuffer().put(values);
      out.writeInt(values.length);
      out.write(buffer.array());
    }

    /** The last of a row. */
    static float[] read(DataInputStream in) throws IOException {
      int length = in.readInt();
      if (in.available() != (long) length * Float.BYTES) {
        throw new IOException(length + " values in " + in.available() + " bytes");
      }
      float[] values = new float[length];
      ByteBuffer.wrap(in.readAllBytes()).asFloatBuffer().get(values);
      if (!areFinite(values)) {
        throw new IOException("a value is not finite");
      }
      return values;
    }

    static boolean areFinite(float[] values) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
      return true;
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof TaughtRow other && Arrays.equals(encode(), other.encode());
  }

  @Override
  public int hashCode() {
    return row.hashCode();
  }
}
