package io.cnn2gnn.faults.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damage that knows no format. */
final class Mutations {
  private static final byte[] BYTES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};
  private static final int[] NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x3ff,
    0x7fff,
    0x8000,
    0xffff,
    0x10000,
    0xfffff,
    0x1000000,
    0x3fffffff,
    0x7ffffff0,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    -2,
    -1
  };
  private static final int MAX_LENGTH = 1 << 17;
  private static final int MAX_NOISE = 256;

  private Mutations() {}

  /** One of the corpus with one to eight mutations, few more often than many; or noise. */
  static byte[] of(RandomGenerator random, List<byte[]> corpus) {
    if (random.nextInt(50) == 0) {
      return noise(random, random.nextInt(MAX_NOISE));
    }
    byte[] bytes = pick(random, corpus);
    for (int n = Math.min(8, 1 + random.nextInt(1, 6) * random.nextInt(2)); n > 0; n--) {
      bytes = once(random, bytes, corpus);
    }
    return bytes;
  }

  static byte[] pick(RandomGenerator random, List<byte[]> corpus) {
    return corpus.get(random.nextInt(corpus.size())).clone();
  }

  private static byte[] noise(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Applies one mutation; the array given may be changed. */
  static byte[] once(RandomGenerator random, byte[] bytes, List<byte[]> corpus) {
    if (bytes.length == 0) {
      return noise(random, 1 + random.nextInt(8));
    }
    int at = random.nextInt(bytes.length);
    int number = NUMBERS[random.nextInt(NUMBERS.length)];
    switch (random.nextInt(12)) {
      case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes[at] = BYTES[random.nextInt(BYTES.length)];
      case 3 -> bytes[at] = (byte) random.nextInt();
      case 4 -> overwrite(bytes, at, integer(random, Short.BYTES, number));
      case 5 -> overwrite(bytes, at, integer(random, Integer.BYTES, number));
      case 6 -> overwrite(bytes, at, varint(random.nextBoolean() ? number : (long) number << 31));
      case 7 -> bytes = Arrays.copyOf(bytes, at);
      case 8 -> bytes = cut(bytes, at, at + slice(random, bytes.length - at), new byte[0]);
      case 9 -> {
        byte[] other = pick(random, corpus);
        int from = random.nextInt(other.length);
        byte[] slice = Arrays.copyOfRange(other, from, from + slice(random, other.length - from));
        bytes = cut(bytes, at, random.nextBoolean() ? at : at + slice.length, slice);
      }
      case 10 -> {
        byte[] slice = Arrays.copyOfRange(bytes, at, at + slice(random, bytes.length - at));
        bytes = cut(bytes, at, at, slice);
      }
      default -> {
        // Cheap to send, dear to read if a reader does work for each.
        byte[] slice = Arrays.copyOfRange(bytes, at, at + slice(random, bytes.length - at));
        int times = 1 << random.nextInt(12);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < times && many.size() + slice.length + bytes.length < MAX_LENGTH; i++) {
          many.writeBytes(slice);
        }
        bytes = cut(bytes, at, at, many.toByteArray());
      }
    }
    return bytes;
  }

  /** Short slices as often as long ones: the parts of headers are short. */
  private static int slice(RandomGenerator random, int available) {
    return 1 + random.nextInt(random.nextBoolean() ? Math.min(24, available) : available);
  }

  private static byte[] cut(byte[] bytes, int from, int to, byte[] replacement) {
    int end = Math.min(to, bytes.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(replacement);
    out.write(bytes, end, bytes.length - end);
    return out.size() > MAX_LENGTH
        ? Arrays.copyOf(out.toByteArray(), MAX_LENGTH)
        : out.toByteArray();
  }

  private static void overwrite(byte[] bytes, int at, byte[] with) {
    System.arraycopy(with, 0, bytes, at, Math.min(with.length, bytes.length - at));
  }

  private static byte[] integer(RandomGenerator random, int width, int number) {
    ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer buffer = ByteBuffer.allocate(width).order(order);
    return (width == Short.BYTES ? buffer.putShort((short) number) : buffer.putInt(number)).array();
  }

  /** As Avro writes numbers, counts and lengths. */
  private static byte[] varint(long number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = (number << 1) ^ (number >> 63);
    for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
      out.write((int) ((rest & 0x7f) | 0x80));
    }
    out.write((int) rest);
    return out.toByteArray();
  }
}
