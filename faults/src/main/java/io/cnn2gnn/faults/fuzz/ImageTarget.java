package io.cnn2gnn.faults.fuzz;

import io.cnn2gnn.faults.CostlyPictures;
import io.cnn2gnn.faults.fuzz.FuzzTarget.Subject;
import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.model.image.DecoderChoice;
import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageHeader;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * {@link ImageDecoder} and {@link Resize}. An input that begins with {@code RAW}, four bytes each
 * of width and height and one of channels, is raw samples.
 */
final class ImageTarget {
  /** As the service has it by default. */
  private static final long MAX_PIXELS = 25_000_000;

  private static final byte[] RAW = {'R', 'A', 'W'};
  private static final int RAW_HEADER = RAW.length + 2 * Integer.BYTES + 1;
  private static final int PNG_SIGNATURE = 8;
  private static final int CHUNK_HEADER = 2 * Integer.BYTES;
  private static final int IHDR = 13;
  private static final int IDAT = 0x49444154;
  private static final int PLTE = 0x504c5445;
  private static final int[] SIDES = {1, 2, 3, 1000, 65_535, 65_536, 3_000_000};
  private static final int MAX_BLANK = 3_000_000;
  private static final int MAX_COPIES = 2000;

  /**
   * The JDK's decoder is asked about its time between rows and blocks, not within them, and the
   * native one has been at the file before it.
   */
  private static final double TOLERANCE = 1.5;

  private static final int COSTLY_SIDE = 300;
  private static final int COSTLY_SCANS = 20;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WIDTH = 21;
  private static final int HEIGHT = 10;

  private ImageTarget() {}

  static FuzzTarget of(List<byte[]> files) {
    List<byte[]> corpus = new ArrayList<>(files);
    try {
      addPngs(corpus);
      addJpegs(corpus);
      for (String name : List.of("lossy", "lossless", "alpha")) {
        try (InputStream in = ImageTarget.class.getResourceAsStream(name + ".webp")) {
          corpus.add(in.readAllBytes());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    corpus.add(raw(WIDTH, HEIGHT, 1));
    corpus.add(raw(HEIGHT, WIDTH, 3));
    corpus.add(CostlyPictures.jpeg(COSTLY_SIDE, COSTLY_SCANS));
    DecodeCost cost = DecodeCost.measure(DecoderChoice.AUTO);
    return new FuzzTarget(
        "image", corpus, random -> mutate(random, corpus), () -> new Decoding(cost));
  }

  private static byte[] mutate(RandomGenerator random, List<byte[]> corpus) {
    if (random.nextInt(2000) == 0) {
      return blank(random);
    }
    byte[] bytes =
        random.nextInt(8) == 0
            ? segments(random, Mutations.pick(random, corpus))
            : Mutations.of(random, corpus);
    if (random.nextBoolean() && isPng(bytes)) {
      seal(bytes);
    }
    return bytes;
  }

  /** A PNG of nothing but zeros in one of the odd shapes that small files can have. */
  private static byte[] blank(RandomGenerator random) {
    int width = SIDES[random.nextInt(SIDES.length)];
    int height = Math.min(SIDES[random.nextInt(SIDES.length)], MAX_BLANK / width);
    int depth = random.nextBoolean() ? 1 : 8;
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream zeros = new DeflaterOutputStream(data)) {
      byte[] row = new byte[1 + (width * depth + 7) / 8];
      for (int y = 0; y < height; y++) {
        zeros.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] png =
        ByteBuffer.allocate(PNG_SIGNATURE + 3 * (CHUNK_HEADER + 4) + IHDR + data.size())
            .putLong(0x89504e470d0a1a0aL)
            .putInt(IHDR)
            .put(ascii("IHDR"))
            .putInt(width)
            .putInt(height)
            .put(new byte[] {(byte) depth, 0, 0, 0, 0})
            .putInt(0)
            .putInt(data.size())
            .put(ascii("IDAT"))
            .put(data.toByteArray())
            .putInt(0)
            .putInt(0)
            .put(ascii("IEND"))
            .putInt(0)
            .array();
    seal(png);
    return png;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * A chunk of a PNG or a segment of a JPEG, with the data behind it, removed or repeated; the
   * image often larger than it was.
   */
  private static byte[] segments(RandomGenerator random, byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    List<Integer> starts = new ArrayList<>();
    for (int at = 2; at + 9 < file.length; at++) {
      boolean frame = (file[at] & 255) == 0xff && (file[at + 1] & 0xfc) == 0xc0;
      boolean marker = (file[at] & 255) == 0xff && (file[at + 1] & 255) >= 0xc0;
      boolean chunk = bytes.getInt(at + 4) == IDAT || bytes.getInt(at + 4) == PLTE;
      if (isPng(file) ? chunk : marker) {
        starts.add(at);
      }
      if (!isPng(file) && frame && random.nextBoolean()) {
        bytes.putShort(at + 5, (short) (16 << random.nextInt(9)));
        bytes.putShort(at + 7, (short) (16 << random.nextInt(9)));
      }
    }
    if (starts.isEmpty()) {
      return file;
    }
    int which = random.nextInt(starts.size());
    int from = starts.get(which);
    int to = which + 1 < starts.size() ? starts.get(which + 1) : file.length;
    int copies = random.nextInt(16) == 0 ? MAX_COPIES : random.nextInt(8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, from);
    for (int i = 0; i < copies; i++) {
      out.write(file, from, to - from);
    }
    out.write(file, to, file.length - to);
    return out.toByteArray();
  }

  private static boolean isPng(byte[] bytes) {
    return bytes.length > PNG_SIGNATURE && (bytes[0] & 255) == 0x89 && bytes[1] == 'P';
  }

  /** Makes the checksum of every chunk right again. */
  private static void seal(byte[] png) {
    ByteBuffer file = ByteBuffer.wrap(png);
    for (long at = PNG_SIGNATURE; at + CHUNK_HEADER + Integer.BYTES <= png.length; ) {
      int length = file.getInt((int) at);
      long end = at + CHUNK_HEADER + length;
      if (length < 0 || end + Integer.BYTES > png.length) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(png, (int) at + Integer.BYTES, Integer.BYTES + length);
      file.putInt((int) end, (int) crc.getValue());
      at = end + Integer.BYTES;
    }
  }

  private static void addPngs(List<byte[]> corpus) throws IOException {
    List<RenderedImage> images = new ArrayList<>();
    for (int type :
        new int[] {
          BufferedImage.TYPE_BYTE_GRAY,
          BufferedImage.TYPE_INT_RGB,
          BufferedImage.TYPE_INT_ARGB,
          BufferedImage.TYPE_BYTE_INDEXED,
          BufferedImage.TYPE_BYTE_BINARY,
          BufferedImage.TYPE_USHORT_GRAY
        }) {
      images.add(noise(new BufferedImage(WIDTH, HEIGHT, type)));
    }
    images.add(noise(deep(ColorSpace.CS_sRGB, true)));
    images.add(noise(deep(ColorSpace.CS_GRAY, true)));
    for (RenderedImage image : images) {
      IIOImage whole = new IIOImage(image, List.of(), null);
      corpus.add(encode("png", whole, ImageWriteParam.MODE_DISABLED));
      corpus.add(encode("png", whole, ImageWriteParam.MODE_DEFAULT));
    }
  }

  private static void addJpegs(List<byte[]> corpus) throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_RGB}) {
      IIOImage image = new IIOImage(noise(new BufferedImage(WIDTH, HEIGHT, type)), List.of(), null);
      corpus.add(encode("jpeg", image, ImageWriteParam.MODE_DISABLED));
      corpus.add(encode("jpeg", image, ImageWriteParam.MODE_DEFAULT));
    }
    // Four channels, as printers have them.
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, 4, null);
    fill(raster);
    corpus.add(
        encode("jpeg", new IIOImage(raster, List.of(), null), ImageWriteParam.MODE_DISABLED));
    byte[] colour = corpus.get(corpus.size() - 2);
    corpus.add(Arrays.copyOf(colour, colour.length - 2));
    corpus.add(phone(colour));
  }

  /** With fill bytes and an Orientation. */
  private static byte[] phone(byte[] jpeg) {
    ByteBuffer file = ByteBuffer.allocate(jpeg.length + 38);
    file.put(jpeg, 0, 2).putShort((short) 0xffff).putShort((short) 0xffe1).putShort((short) 34);
    file.put("Exif\0\0MM\0*".getBytes(StandardCharsets.ISO_8859_1)).putInt(8);
    file.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
    file.putShort((short) 6).putShort((short) 0).putInt(0);
    return file.put(jpeg, 2, jpeg.length - 2).array();
  }

  private static BufferedImage deep(int space, boolean alpha) {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(space),
            alpha,
            false,
            ColorModel.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    return new BufferedImage(
        model, model.createCompatibleWritableRaster(WIDTH, HEIGHT), false, null);
  }

  private static BufferedImage noise(BufferedImage image) {
    fill(image.getRaster());
    return image;
  }

  private static void fill(WritableRaster raster) {
    SplittableRandom random = new SplittableRandom(7);
    for (int band = 0; band < raster.getNumBands(); band++) {
      int values = 1 << raster.getSampleModel().getSampleSize(band);
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          raster.setSample(x, y, band, random.nextInt(values));
        }
      }
    }
  }

  private static byte[] encode(String format, IIOImage image, int progressive) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setProgressiveMode(progressive);
      writer.setOutput(out);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static byte[] raw(int width, int height, int channels) {
    byte[] samples = new byte[width * height * channels];
    new SplittableRandom(7).nextBytes(samples);
    return ByteBuffer.allocate(RAW_HEADER + samples.length)
        .put(RAW)
        .putInt(width)
        .putInt(height)
        .put((byte) (channels / 2))
        .put(samples)
        .array();
  }

  private static final class Decoding implements Subject {
    private static final InputSpec GREY = new InputSpec(28, 28, 1, List.of(0.5f), List.of(0.5f));
    private static final InputSpec COLOUR =
        new InputSpec(32, 32, 3, List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));

    private final DecodeCost cost;
    private final ImageDecoder decoder;

    Decoding(DecodeCost cost) {
      this.cost = cost;
      this.decoder = new ImageDecoder(MAX_PIXELS, cost);
    }

    @Override
    public Optional<String> refusal(byte[] input) {
      try {
        Pixels pixels = pixels(input);
        for (InputSpec spec : List.of(GREY, COLOUR)) {
          int bytes = Resize.to(spec, pixels).length;
          if (bytes != spec.bytes()) {
            throw new IllegalStateException(bytes + " bytes for " + spec);
          }
        }
        return Optional.empty();
      } catch (ImageRejectedException e) {
        return Optional.of(e.reason().name());
      }
    }

    /** Accepted or refused, a file costs no more of a processor than its pixels are worth. */
    private Pixels file(byte[] bytes) throws ImageRejectedException {
      ImageHeader header = decoder.header(bytes);
      long start = THREADS.getCurrentThreadCpuTime();
      try {
        // Every scale and both ways to a model's channels, whichever a file happens to get.
        InputSpec spec = bytes.length % 2 == 0 ? GREY : COLOUR;
        Pixels pixels =
            bytes.length % 3 == 0 ? decoder.decode(bytes) : decoder.decode(bytes, header, spec);
        check(header, start);
        return pixels;
      } catch (ImageRejectedException e) {
        check(header, start);
        throw e;
      }
    }

    private void check(ImageHeader header, long start) {
      double took = THREADS.getCurrentThreadCpuTime() - start;
      double most = TOLERANCE * cost.mostNanos(header);
      if (took > most) {
        throw new IllegalStateException(
            "%s took %.0f ms, the bound is %.0f".formatted(header, took / 1e6, most / 1e6));
      }
    }

    private Pixels pixels(byte[] bytes) throws ImageRejectedException {
      ByteBuffer input = ByteBuffer.wrap(bytes);
      if (bytes.length < RAW_HEADER || !input.slice(0, RAW.length).equals(ByteBuffer.wrap(RAW))) {
        return file(bytes);
      }
      input.position(RAW.length);
      int width = input.getInt();
      int height = input.getInt();
      int channels = (input.get() & 1) == 1 ? 3 : 1;
      byte[] samples = new byte[input.remaining()];
      input.get(samples);
      return decoder.raw(samples, width, height, channels);
    }
  }
}
