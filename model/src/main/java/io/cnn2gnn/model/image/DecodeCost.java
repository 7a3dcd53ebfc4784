package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageHeader.Kind;
import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * What the JDK's readers cost of a processor here, so that a file can be told from a trap: a
 * picture of a few kilobytes can be made to cost a hundred times what others of its size do. The
 * native library costs less, but what it says a word about comes to them.
 *
 * @param decoder that decodes
 * @param nanosPerPixel of an ordinary file of each kind, in processor time
 */
public record DecodeCost(DecoderChoice decoder, Map<Kind, Double> nanosPerPixel) {
  /** So many times what an ordinary file of its size costs is the most that one may. */
  public static final int MOST_TIMES = 4;

  /** A file's tables and a cold cache, whatever its size; also the clock's grain. */
  public static final long FLOOR_NANOS = 100_000_000;

  /** So many times faster than the JDK's the native library reads a JPEG, at the least. */
  private static final double QUICKER = 4;

  private static final int SIDE = 320;
  private static final int SETTLING_RUNS = 3;
  private static final int MEASURED_RUNS = 5;
  private static final String UNREADABLE = "images that this JDK writes cannot be read";
  private static final int USUAL_SCANS = 10;
  private static final int USUAL_BITS = 32;
  private static final int USUAL_JPEG_BITS = 24;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  public DecodeCost {
    nanosPerPixel = Map.copyOf(nanosPerPixel);
  }

  /** For files that somebody trusts: what one may cost has no bound. */
  public static DecodeCost unbounded(DecoderChoice decoder) {
    Map<Kind, Double> any =
        Arrays.stream(Kind.values())
            .collect(Collectors.toMap(kind -> kind, kind -> Double.POSITIVE_INFINITY));
    return new DecodeCost(decoder, any);
  }

  /**
   * Decodes a picture of each kind some times over and takes the median; some tenths of a second.
   * The decoders are warm after it.
   */
  public static DecodeCost measure(DecoderChoice choice) {
    Map<Kind, Double> costs = new EnumMap<>(Kind.class);
    for (Kind kind : List.of(Kind.JPEG, Kind.PROGRESSIVE_JPEG, Kind.PNG, Kind.PACKED_PNG)) {
      boolean packed = kind == Kind.PACKED_PNG;
      int type = packed ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_3BYTE_BGR;
      byte[] file = encode(picture(type), kind);
      costs.put(kind, nanosPerPixel(file));
      warm(file, choice);
    }
    // By its bits, of which it has more.
    costs.put(Kind.DEEP_PNG, costs.get(Kind.PNG));
    // The JDK has no reader of it. A lossless one costs the native library about as much as this.
    costs.put(Kind.WEBP, costs.get(Kind.PROGRESSIVE_JPEG));
    return new DecodeCost(choice, costs);
  }

  private static double nanosPerPixel(byte[] file) {
    try (ImageDecoder decoder = decoder(DecoderChoice.JAVA)) {
      double[] nanos = new double[MEASURED_RUNS];
      for (int run = -SETTLING_RUNS; run < MEASURED_RUNS; run++) {
        long start = THREADS.getCurrentThreadCpuTime();
        decoder.decode(file);
        if (run >= 0) {
          nanos[run] = THREADS.getCurrentThreadCpuTime() - start;
        }
      }
      Arrays.sort(nanos);
      return nanos[MEASURED_RUNS / 2] / SIDE / SIDE;
    } catch (ImageRejectedException e) {
      throw new IllegalStateException(UNREADABLE, e);
    }
  }

  /** Once is enough: a native library has nothing to compile. */
  private static void warm(byte[] file, DecoderChoice choice) {
    try (ImageDecoder decoder = decoder(choice)) {
      decoder.decode(file);
    } catch (ImageRejectedException e) {
      throw new IllegalStateException(UNREADABLE, e);
    }
  }

  private static ImageDecoder decoder(DecoderChoice choice) {
    return new ImageDecoder((long) SIDE * SIDE, unbounded(choice));
  }

  /**
   * Processor time that an ordinary file with this header costs, with the scans that it has.
   *
   * @param quick whether the native library reads it; a PNG costs it as much as the JDK's readers,
   *     for both have to inflate it
   */
  public double ordinaryNanos(ImageHeader header, boolean quick) {
    return quick && header.jpeg().isPresent()
        ? ordinaryNanos(header) / QUICKER
        : ordinaryNanos(header);
  }

  private double ordinaryNanos(ImageHeader header) {
    boolean progressive = header.kind() == Kind.PROGRESSIVE_JPEG;
    double scans = progressive ? Math.max(1, (double) header.scans() / USUAL_SCANS) : 1;
    return scans * nanos(header);
  }

  private double nanos(ImageHeader header) {
    int usual = header.jpeg().isPresent() ? USUAL_JPEG_BITS : USUAL_BITS;
    double deep = Math.max(1, (double) header.bits() / usual);
    return deep * nanosPerPixel.get(header.kind()) * header.pixels();
  }

  /** Processor time after which the JDK's readers are stopped at a file with this header. */
  public double mostNanos(ImageHeader header) {
    return FLOOR_NANOS + MOST_TIMES * nanos(header);
  }

  ImageRejectedException tooMuch(ImageHeader header, Exception cause) {
    return new ImageRejectedException(
        Reason.TOO_COSTLY,
        "%d x %d pixels were not decoded after %.0f ms of processor time, %d times the usual"
            .formatted(header.width(), header.height(), mostNanos(header) / 1e6, MOST_TIMES),
        cause);
  }

  /** Waves and grain: about a bit for a pixel, as a photograph has. */
  private static BufferedImage picture(int type) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, type);
    SplittableRandom random = new SplittableRandom(1);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int level = (int) (120 + 60 * Math.sin(x / 37.0) * Math.cos(y / 23.0)) + random.nextInt(24);
        image.setRGB(x, y, level << 16 | (255 - level) << 8 | level / 2);
      }
    }
    return image;
  }

  private static byte[] encode(BufferedImage image, Kind kind) {
    String format = kind.isPng() ? "png" : "jpeg";
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (kind == Kind.PROGRESSIVE_JPEG) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
