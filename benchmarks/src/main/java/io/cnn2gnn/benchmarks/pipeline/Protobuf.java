package io.cnn2gnn.benchmarks.pipeline;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message of protocol buffers, field by field: the three kinds that ONNX files are made of. */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Protobuf number(int field, long value) {
    variable(((long) field << 3) | VARINT);
    variable(value);
    return this;
  }

  Protobuf bytes(int field, byte[] value) {
    variable(((long) field << 3) | DELIMITED);
    variable(value.length);
    out.writeBytes(value);
    return this;
  }

  Protobuf text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  Protobuf message(int field, Protobuf value) {
    return bytes(field, value.toBytes());
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void variable(long value) {
    long rest = value;
    while ((rest & ~127L) != 0) {
      out.write((int) ((rest & 127) | 128));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
