package io.cnn2gnn.faults;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Pictures that cost far more than their bytes. */
public final class CostlyPictures {
  private static final int MOST_RUN = 32_767;

  private CostlyPictures() {}

  /**
   * A grey progressive JPEG whose scans say no more than that there is nothing: each is a walk over
   * the whole image for the decoder, and some ten bytes for its sender.
   */
  public static byte[] jpeg(int side, int scans) {
    int blocks = ((side + 7) / 8) * ((side + 7) / 8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    words(out, 0xffd8);
    words(out, 0xffdb, 67);
    out.write(0);
    out.writeBytes(ones(64));
    words(out, 0xffc2, 11);
    out.write(8);
    words(out, side, side);
    out.writeBytes(new byte[] {1, 1, 0x11, 0});
    table(out, 0x00, 0x00); // a difference of no bits
    table(out, 0x10, 0xe0); // a run of blocks without anything, of 14 more bits
    scan(out, 0, 0);
    bits(out, blocks, 1);
    for (int i = 1; i < scans; i++) {
      scan(out, 1, 63);
      Bits run = new Bits(out);
      for (int left = blocks; left > 0; ) {
        int length = Math.min(left, MOST_RUN);
        // Runs are of 16,384 to 32,767 blocks; the last one may reach past the image.
        run.put(0, 1);
        run.put(Math.max(0, length - 16_384), 14);
        left -= Math.max(16_384, length);
      }
      run.end();
    }
    words(out, 0xffd9);
    return out.toByteArray();
  }

  /** One colour, and four bytes for each pixel while it is decoded. */
  static byte[] png(int side) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_4BYTE_ABGR), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  private static byte[] ones(int count) {
    byte[] ones = new byte[count];
    Arrays.fill(ones, (byte) 1);
    return ones;
  }

  private static void words(ByteArrayOutputStream out, int... words) {
    for (int word : words) {
      out.write(word >> 8);
      out.write(word);
    }
  }

  /** A Huffman table of one symbol, which is the bit 0. */
  private static void table(ByteArrayOutputStream out, int kind, int symbol) {
    words(out, 0xffc4, 20);
    out.write(kind);
    out.write(1);
    out.writeBytes(new byte[15]);
    out.write(symbol);
  }

  private static void scan(ByteArrayOutputStream out, int from, int to) {
    words(out, 0xffda, 8);
    out.writeBytes(new byte[] {1, 1, 0, (byte) from, (byte) to, 0});
  }

  private static void bits(ByteArrayOutputStream out, int zeros, int width) {
    Bits bits = new Bits(out);
    for (int i = 0; i < zeros; i++) {
      bits.put(0, width);
    }
    bits.end();
  }

  /** Coded data: a byte of ones is followed by a byte of nothing, and the last is filled up. */
  private static final class Bits {
    private final ByteArrayOutputStream out;
    private int held;
    private int count;

    Bits(ByteArrayOutputStream out) {
      this.out = out;
    }

    void put(int value, int width) {
      for (int bit = width - 1; bit >= 0; bit--) {
        held = held << 1 | (value >> bit & 1);
        if (++count == 8) {
          out.write(held);
          if ((held & 255) == 255) {
            out.write(0);
          }
          held = 0;
          count = 0;
        }
      }
    }

    void end() {
      while (count != 0) {
        put(1, 1);
      }
    }
  }
}
