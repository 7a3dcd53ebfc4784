package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.intake.files.FileTree;
import io.cnn2gnn.intake.files.FoundImage;
import io.cnn2gnn.intake.files.LeftOut;
import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;

/** Image files as the contents of records: PNG files of a zip, enlarged, or any others. */
public final class Workload {
  private static final long MAX_PIXELS = 1 << 24;

  private final List<byte[]> files;
  private final ImageFormat format;

  private Workload(List<byte[]> files, ImageFormat format) {
    this.files = files;
    this.format = format;
  }

  /** Files that are there already. */
  static Workload of(List<byte[]> files, ImageFormat format) {
    return new Workload(List.copyOf(files), format);
  }

  /**
   * Reads at most so many files, in an order of the seed.
   *
   * @param side pixels of the enlarged square; no image is shrunk
   */
  public static Workload of(Path zip, int most, int side, long seed) throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (FileTree tree = FileTree.of(zip, new LeftOut())) {
      List<FoundImage> images =
          new ArrayList<>(
              tree.images().stream().filter(image -> image.format() == ImageFormat.PNG).toList());
      Collections.shuffle(images, new Random(seed));
      for (FoundImage image : images.subList(0, Math.min(most, images.size()))) {
        try (InputStream in = image.content().open()) {
          files.add(enlarged(in.readAllBytes(), side));
        }
      }
    }
    if (files.isEmpty()) {
      throw new IOException(zip + " holds no PNG files");
    }
    return new Workload(files, ImageFormat.PNG);
  }

  private static byte[] enlarged(byte[] png, int side) throws IOException {
    BufferedImage small = ImageIO.read(new ByteArrayInputStream(png));
    if (small.getWidth() >= side) {
      return png;
    }
    BufferedImage large = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D g = large.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.drawImage(small, 0, 0, side, side, null);
    g.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(large, "png", out);
    return out.toByteArray();
  }

  /** The value of the i-th record; files come again when they run out, under other ids. */
  public byte[] record(WireWriter<Image> writer, int i) {
    return record(writer, i, content(format, 0, 0, file(i)));
  }

  private static byte[] record(WireWriter<Image> writer, int i, InlineImage content) {
    return writer.write(
        Image.newBuilder()
            .setId("image-" + i)
            .setCapturedAt(Instant.EPOCH)
            .setContent(content)
            .setLabel(null)
            .setAttributes(Map.of())
            .build());
  }

  private static InlineImage content(ImageFormat format, int width, int height, byte[] bytes) {
    return InlineImage.newBuilder()
        .setFormat(format)
        .setWidth(width)
        .setHeight(height)
        .setBytes(ByteBuffer.wrap(bytes))
        .build();
  }

  /** The i-th file; they come again when they run out. */
  public byte[] file(int i) {
    return files.get(i % files.size());
  }

  /** Each file as the samples that the service's decoder makes of it. */
  List<byte[]> samples(InputSpec input) throws ImageRejectedException {
    List<byte[]> samples = new ArrayList<>(files.size());
    try (ImageDecoder decoder = new ImageDecoder(MAX_PIXELS)) {
      for (byte[] file : files) {
        samples.add(Resize.to(input, decoder.decode(file)));
      }
    }
    return samples;
  }

  /** The value of the i-th record of samples. */
  static byte[] record(WireWriter<Image> writer, int i, InputSpec input, List<byte[]> samples) {
    ImageFormat format = input.channels() == 1 ? ImageFormat.GRAY8 : ImageFormat.RGB8;
    byte[] bytes = samples.get(i % samples.size());
    return record(writer, i, content(format, input.width(), input.height(), bytes));
  }

  /** Samples as records of the {@link Adapter}: channel after channel, in [0, 1]. */
  static List<byte[]> json(InputSpec input, List<byte[]> samples) {
    JsonFormat format = JsonFormat.withOneMapper();
    List<byte[]> records = new ArrayList<>(samples.size());
    for (byte[] image : samples) {
      List<Float> point = new ArrayList<>(image.length);
      for (int c = 0; c < input.channels(); c++) {
        for (int at = c; at < image.length; at += input.channels()) {
          point.add((image[at] & 255) / 255f);
        }
      }
      records.add(format.write(new JsonBatch(0, List.of(point), Optional.empty())));
    }
    return records;
  }

  /** Of a file. */
  public double meanBytes() {
    return meanBytes(files);
  }

  static double meanBytes(List<byte[]> files) {
    return files.stream().mapToInt(file -> file.length).average().orElseThrow();
  }
}
