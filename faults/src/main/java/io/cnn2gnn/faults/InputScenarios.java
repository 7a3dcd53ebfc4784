package io.cnn2gnn.faults;

import io.cnn2gnn.schemas.avro.ImageFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** What should not be in the input topic, and what may be there but is unusual. */
final class InputScenarios {
  private InputScenarios() {}

  /** Sends a bad record between good ones. */
  private static void bad(Trial trial, byte[] value, String... reasons)
      throws InterruptedException {
    trial.feeder().send(trial.random().nextInt(8), 0);
    String key = "camera-" + trial.random().nextInt(3);
    trial.expectRefusal(trial.feeder().place(key, value), reasons);
    trial.feeder().send(trial.random().nextInt(8), 0);
  }

  /** Records that are not images of our schema. */
  static final class Incompatible implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      Feeder feeder = trial.feeder();
      byte[] whole = feeder.noise(feeder.nextId());
      bad(trial, "no magic byte".getBytes(StandardCharsets.UTF_8), "NO_MAGIC_BYTE");
      bad(trial, new byte[0], "EMPTY_VALUE");
      bad(trial, new byte[] {0, 0, 0}, "NO_MAGIC_BYTE");
      bad(trial, feeder.anotherRecord(), "WRONG_SCHEMA");
      bad(trial, withId(whole, 999_999), "UNKNOWN_SCHEMA_ID");
      bad(trial, Arrays.copyOf(whole, 5 + trial.random().nextInt(20)), "CORRUPT_AVRO");
      bad(trial, Arrays.copyOf(whole, whole.length + 1), "CORRUPT_AVRO");
      feeder.send(null, feeder.noise(feeder.nextId()));
    }

    private static byte[] withId(byte[] record, int id) {
      byte[] copy = record.clone();
      ByteBuffer.wrap(copy).putInt(1, id);
      return copy;
    }
  }

  /** Images that are damaged, empty or something else. */
  static final class BrokenImages implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      byte[] png = file("png", 28);
      byte[] jpeg = file("jpeg", 28);
      bad(trial, png(trial, Arrays.copyOf(png, png.length / 2)), "CORRUPT_IMAGE");
      bad(trial, jpeg(trial, Arrays.copyOf(jpeg, jpeg.length / 2)), "CORRUPT_IMAGE");
      bad(trial, png(trial, new byte[0]), "EMPTY_IMAGE");
      bad(trial, png(trial, text("GIF89a, not a PNG")), "UNSUPPORTED_FORMAT");
      bad(trial, jpeg(trial, text("%PDF-1.7")), "UNSUPPORTED_FORMAT");
      byte[] flipped = png.clone();
      flipped[png.length / 2] ^= 0x10;
      bad(trial, png(trial, flipped), "CORRUPT_IMAGE");
      Feeder feeder = trial.feeder();
      bad(
          trial,
          feeder.image(feeder.nextId(), ImageFormat.RGB8, 28, 28, new byte[28 * 28]),
          "RAW_SIZE_MISMATCH");
      // A JPEG that says it is a PNG is still a JPEG, and is answered.
      feeder.send("camera-0", png(trial, jpeg));
    }
  }

  /** Small files that claim, or hold, very many pixels. */
  static final class Bombs implements Scenario {
    @Override
    public void prepare(Trial trial) throws Exception {
      // Room for all the pixels that are allowed: a smaller heap allows fewer.
      trial.setHeap(1024);
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      bad(trial, png(trial, header(60_000, 60_000)), "TOO_MANY_PIXELS");
      bad(trial, png(trial, header(4_900, 4_900)), "DECOMPRESSION_BOMB");
      bad(trial, png(trial, header(Integer.MAX_VALUE, 1)), "TOO_MANY_PIXELS");
      bad(trial, png(trial, file("png", 5_100)), "TOO_MANY_PIXELS");
      // Honest by its header, of one colour, a thousand to one.
      trial.feeder().send("camera-0", png(trial, file("png", 2_000)));
    }

    /** A PNG of that size whose pixels are missing. */
    private static byte[] header(int width, int height) {
      byte[] png = file("png", 8);
      ByteBuffer buffer = ByteBuffer.wrap(png);
      buffer.putInt(16, width).putInt(20, height);
      CRC32 crc = new CRC32();
      crc.update(png, 12, 17);
      buffer.putInt(29, (int) crc.getValue());
      return png;
    }
  }

  /** Larger than any later hop takes. */
  static final class Oversize implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      Feeder feeder = trial.feeder();
      byte[] noise = new byte[(1 << 20) + trial.random().nextInt(1 << 20)];
      trial.random().nextBytes(noise);
      bad(
          trial,
          feeder.image(feeder.nextId(), ImageFormat.GRAY8, noise.length, 1, noise),
          "RECORD_TOO_LARGE");
      byte[] large = new byte[900_000];
      feeder.send("camera-0", feeder.image(feeder.nextId(), ImageFormat.GRAY8, 1000, 900, large));
      bad(trial, feeder.noise("x".repeat(700)), "INVALID_ID");
    }
  }

  /** Two records with one id are two images. */
  static final class DuplicateIds implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      Feeder feeder = trial.feeder();
      String id = feeder.nextId();
      for (int i = 0; i < 5; i++) {
        feeder.send("camera-" + i % 2, feeder.noise(id));
        feeder.send(trial.random().nextInt(4), 0);
      }
    }
  }

  /** Record times that lie far back, far ahead, and out of order. */
  static final class LateTimestamps implements Scenario {
    private static final long DAY = 86_400_000L;

    @Override
    public void round(Trial trial) throws Exception {
      Feeder feeder = trial.feeder();
      long now = System.currentTimeMillis();
      for (int i = 0; i < 20; i++) {
        // Kafka's own limit is an hour ahead; a year back is fine.
        long shift = i % 4 == 3 ? DAY / 48 : -(long) (trial.random().nextDouble() * 365 * DAY);
        feeder.sendAt(Math.max(0, now + shift), "camera-" + i % 3, feeder.noise(feeder.nextId()));
      }
      feeder.sendAt(0, "camera-0", feeder.noise(feeder.nextId()));
    }
  }

  /** A bank that is full many times over keeps its size, in memory and in its changelog. */
  static final class FullBank implements Scenario {
    private static final int CAPACITY = 32;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("cnn2gnn.bank.capacity", Integer.toString(CAPACITY));
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(300, 0.5);
    }

    @Override
    public void finish(Trial trial) throws Exception {
      int slots = trial.slotsOfBankChangelog();
      trial.check(slots == CAPACITY, "a bank of " + CAPACITY + " rows has " + slots + " slots");
      trial.note("slots in the fullest changelog: %d of %d".formatted(slots, CAPACITY));
    }
  }

  private static byte[] png(Trial trial, byte[] bytes) {
    return trial.feeder().image(trial.feeder().nextId(), ImageFormat.PNG, 0, 0, bytes);
  }

  private static byte[] jpeg(Trial trial, byte[] bytes) {
    return trial.feeder().image(trial.feeder().nextId(), ImageFormat.JPEG, 0, 0, bytes);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] file(String format, int side) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < side; i++) {
      image.getRaster().setSample(i, i, 0, 255);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }
}
