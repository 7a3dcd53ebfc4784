package io.cnn2gnn.model.torch;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named float32 tensors as bytes, in the safetensors format: an 8-byte little-endian header length,
 * a JSON header of names, shapes and offsets, then the raw values. It holds no code, so reading a
 * stranger's file runs none.
 */
public final class SafeTensors {
  private static final int MAX_HEADER = 1 << 20;

  /** Values that are brought to bytes at once. */
  private static final int PIECE = 1 << 18;

  private SafeTensors() {}

  /** Writes them to an array. */
  public static byte[] write(Map<String, Tensor> tensors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      write(tensors, Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The SHA-256 of what {@link #write} makes of them, in hexadecimal. */
  public static String digest(Map<String, Tensor> tensors) {
    Sha256.Digest digest = new Sha256.Digest();
    try {
      write(tensors, digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest.hex();
  }

  /**
   * Writes them piece by piece: a teacher's checkpoint is large.
   *
   * @throws IOException if it cannot be written, or would be too large to be read
   */
  public static void write(Map<String, Tensor> tensors, WritableByteChannel out)
      throws IOException {
    long bytes =
        tensors.values().stream().mapToLong(t -> (long) t.data().length * Float.BYTES).sum();
    if (bytes > Integer.MAX_VALUE - MAX_HEADER) {
      throw new IOException("%,d MiB of tensors are more than a file holds".formatted(bytes >> 20));
    }
    byte[] json = header(tensors).toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer head = ByteBuffer.allocate(Long.BYTES + json.length).order(ByteOrder.LITTLE_ENDIAN);
    AtomicFile.writeAll(head.putLong(json.length).put(json).flip(), out);
    ByteBuffer piece = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : tensors.values()) {
      float[] data = tensor.data();
      for (int from = 0; from < data.length; from += PIECE) {
        int count = Math.min(PIECE, data.length - from);
        piece.clear().asFloatBuffer().put(data, from, count);
        AtomicFile.writeAll(piece.position(count * Float.BYTES).flip(), out);
      }
    }
  }

  private static JsonObject header(Map<String, Tensor> tensors) {
    JsonObject header = new JsonObject();
    long offset = 0;
    for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", "F32");
      JsonArray shape = new JsonArray();
      for (long n : e.getValue().shape()) {
        shape.add(n);
      }
      entry.add("shape", shape);
      JsonArray range = new JsonArray();
      range.add(offset);
      offset += (long) e.getValue().data().length * Float.BYTES;
      range.add(offset);
      entry.add("data_offsets", range);
      header.add(e.getKey(), entry);
    }
    return header;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException as for bytes, or if it is larger than 2 GiB
   */
  public static Map<String, Tensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("safetensors: larger than 2 GiB");
      }
      return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  /**
   * Reads what {@link #write} or any safetensors writer of float32 wrote.
   *
   * @throws IllegalArgumentException if the bytes are not that, naming the first fault
   */
  public static Map<String, Tensor> read(byte[] bytes) {
    return read(ByteBuffer.wrap(bytes));
  }

  private static Map<String, Tensor> read(ByteBuffer bytes) {
    ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < Long.BYTES) {
      throw new IllegalArgumentException("safetensors: shorter than its length field");
    }
    long length = in.getLong();
    if (length < 2 || length > MAX_HEADER || length > in.remaining()) {
      throw new IllegalArgumentException("safetensors: impossible header length " + length);
    }
    byte[] json = new byte[(int) length];
    in.get(json);
    ByteBuffer body = in.slice().order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long left = body.capacity();
    try {
      JsonObject header =
          JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
      for (Map.Entry<String, JsonElement> e : header.entrySet()) {
        if (!e.getKey().equals("__metadata__")) {
          Tensor tensor = tensor(e.getKey(), e.getValue().getAsJsonObject(), body);
          left -= (long) tensor.data().length * Float.BYTES;
          if (left < 0) {
            // A short header could name the same bytes ten thousand times.
            throw new IllegalArgumentException("safetensors: " + e.getKey() + " overlaps another");
          }
          tensors.put(e.getKey(), tensor);
        }
      }
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | ClassCastException
        | IndexOutOfBoundsException
        | UnsupportedOperationException
        | ArithmeticException e) {
      throw new IllegalArgumentException("safetensors: malformed header: " + e.getMessage(), e);
    }
    return tensors;
  }

  private static Tensor tensor(String name, JsonObject entry, ByteBuffer body) {
    if (!entry.get("dtype").getAsString().equals("F32")) {
      throw new IllegalArgumentException("safetensors: " + name + " is not F32");
    }
    JsonArray dims = entry.getAsJsonArray("shape");
    long[] shape = new long[dims.size()];
    long size = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dims.get(i).getAsLong();
      if (shape[i] < 0) {
        throw new IllegalArgumentException("safetensors: " + name + " has a negative extent");
      }
      size = Math.multiplyExact(size, shape[i]);
    }
    JsonArray range = entry.getAsJsonArray("data_offsets");
    long from = range.get(0).getAsLong();
    long to = range.get(1).getAsLong();
    if (from < 0
        || to < from
        || to > body.capacity()
        || to - from != Math.multiplyExact(size, Float.BYTES)) {
      throw new IllegalArgumentException("safetensors: " + name + " lies outside the file");
    }
    float[] data = new float[(int) size];
    body.slice((int) from, (int) (to - from))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(data);
    return new Tensor(shape, data);
  }
}
