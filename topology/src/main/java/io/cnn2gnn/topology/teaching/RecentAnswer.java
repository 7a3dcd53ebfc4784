package io.cnn2gnn.topology.teaching;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An answer that was given, as the store of recent ones keeps it.
 *
 * @param sequence how many answers the partition had given before it
 * @param image the image's name
 * @param offset of its record
 * @param label that it was answered with
 * @param own what the model made of it by itself
 * @param model that answered
 * @param counts whether a label that becomes known tells if it was right: not if one had decided
 *     it, nor twice
 * @param space the embedding space of the metric vector
 * @param metric float32 [projection], of length one
 */
record RecentAnswer(
    long sequence,
    String image,
    long offset,
    String label,
    String own,
    String model,
    boolean counts,
    String space,
    float[] metric) {
  private static final int VERSION = 2;

  RecentAnswer counted() {
    return new RecentAnswer(
        sequence, image, offset, label, own, model, false, space, metric.clone());
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(sequence);
      out.writeUTF(image);
      out.writeLong(offset);
      out.writeUTF(label);
      out.writeUTF(own);
      out.writeUTF(model);
      out.writeBoolean(counts);
      out.writeUTF(space);
      TaughtRow.Floats.write(out, metric);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads an answer.
   *
   * @throws UncheckedIOException if it is damaged, or of a later build
   */
  static RecentAnswer decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version < 1 || version > VERSION) {
        throw new IOException("version " + version + ", this build reads 1 to " + VERSION);
      }
      long sequence = in.readLong();
      String image = in.readUTF();
      long offset = in.readLong();
      String label = in.readUTF();
      // Version 1 kept the answer alone, which mostly is the model's own.
      String own = version == 1 ? label : in.readUTF();
      return new RecentAnswer(
          sequence,
          image,
          offset,
          label,
          own,
          in.readUTF(),
          in.readBoolean(),
          in.readUTF(),
          TaughtRow.Floats.read(in));
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** A chunk of encoded answers. */
  static byte[] chunk(List<byte[]> answers) {
    ByteBuffer chunk =
        ByteBuffer.allocate(answers.stream().mapToInt(a -> Integer.BYTES + a.length).sum());
    answers.forEach(answer -> chunk.putInt(answer.length).put(answer));
    return chunk.array();
  }

  /**
   * The answers of a chunk.
   *
   * @throws UncheckedIOException as {@link #decode}
   */
  static List<RecentAnswer> ofChunk(byte[] chunk) {
    List<RecentAnswer> answers = new ArrayList<>();
    ByteBuffer left = ByteBuffer.wrap(chunk);
    try {
      while (left.hasRemaining()) {
        int length = left.getInt();
        if (length < 0 || length > left.remaining()) {
          throw new IOException(length + " bytes of " + left.remaining());
        }
        byte[] answer = new byte[length];
        left.get(answer);
        answers.add(decode(answer));
      }
    } catch (BufferUnderflowException e) {
      throw damaged(new IOException(e));
    } catch (IOException e) {
      throw damaged(e);
    }
    return answers;
  }

  private static UncheckedIOException damaged(IOException e) {
    return new UncheckedIOException("a recent answer is damaged: " + e, e);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof RecentAnswer other && Arrays.equals(encode(), other.encode());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(sequence);
  }
}
