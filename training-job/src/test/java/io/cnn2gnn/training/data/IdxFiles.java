package io.cnn2gnn.training.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Writes small IDX sets: four bright patterns on noise. */
public final class IdxFiles {
  public static final int SIDE = 12;

  private IdxFiles() {}

  public static void write(Path folder, int train, int test) throws IOException {
    split(folder, "train", train, 1);
    split(folder, "t10k", test, 2);
  }

  private static void split(Path folder, String split, int count, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * SIDE * SIDE];
    random.nextBytes(pixels);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 4);
      for (int j = 0; j < SIDE * SIDE; j++) {
        int at = i * SIDE * SIDE + j;
        boolean bright = bright(labels[i], j / SIDE, j % SIDE);
        pixels[at] = (byte) (bright ? 255 : (pixels[at] & 255) / 2);
      }
    }
    Files.write(folder.resolve(split + "-images-idx3-ubyte"), images(count, pixels));
    Files.write(folder.resolve(split + "-labels-idx1-ubyte.gz"), gzip(labels(labels)));
  }

  /** Lying stripes, standing stripes, a chessboard, nothing: the same after a shift or a flip. */
  private static boolean bright(int label, int y, int x) {
    return switch (label) {
      case 0 -> y / 2 % 2 == 0;
      case 1 -> x / 2 % 2 == 0;
      case 2 -> (y / 2 + x / 2) % 2 == 0;
      default -> false;
    };
  }

  static byte[] images(int count, byte[] pixels) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0x803);
      out.writeInt(count);
      out.writeInt(SIDE);
      out.writeInt(SIDE);
      out.write(pixels);
    }
    return bytes.toByteArray();
  }

  static byte[] labels(byte[] labels) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0x801);
      out.writeInt(labels.length);
      out.write(labels);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
