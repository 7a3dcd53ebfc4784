package io.cnn2gnn.training.teacher;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the smallest ONNX classifier: the mean over height and width of each channel times a
 * matrix. ONNX is protocol buffers; the few fields that are needed are written by hand.
 */
final class OnnxFile {
  private static final int FLOAT = 1;

  private OnnxFile() {}

  /**
   * Returns the file.
   *
   * @param matrix [channels][classes]
   */
  static byte[] of(float[][] matrix) {
    int channels = matrix.length;
    int classes = matrix[0].length;
    ByteBuffer raw = ByteBuffer.allocate(4 * channels * classes).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : matrix) {
      for (float v : row) {
        raw.putFloat(v);
      }
    }
    Message weights =
        new Message()
            .number(1, channels)
            .number(1, classes)
            .number(2, FLOAT)
            .text(8, "w")
            .bytes(9, raw.array());
    Message graph =
        new Message()
            .message(1, node("GlobalAveragePool", "pooled", "image"))
            .message(1, node("Flatten", "flat", "pooled"))
            .message(1, node("MatMul", "logits", "flat", "w"))
            .text(2, "g")
            .message(5, weights)
            .message(11, value("image", -1, channels, -1, -1))
            .message(12, value("logits", -1, classes));
    return new Message()
        .number(1, 8)
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, 13))
        .done();
  }

  private static Message node(String operator, String output, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(4, operator);
  }

  private static Message value(String name, int... dimensions) {
    Message shape = new Message();
    for (int n : dimensions) {
      shape.message(1, n < 0 ? new Message().text(2, "n" + n) : new Message().number(1, n));
    }
    Message tensor = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      variable((long) field << 3);
      variable(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      variable((long) field << 3 | 2);
      variable(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.done());
    }

    byte[] done() {
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
}
