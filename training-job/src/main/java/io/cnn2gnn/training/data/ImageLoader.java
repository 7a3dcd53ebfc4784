package io.cnn2gnn.training.data;

import io.cnn2gnn.intake.files.BadFiles;
import io.cnn2gnn.intake.files.FoundImage;
import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageHeader;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.training.data.DataSets.Size;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decodes images to one size; their number of channels is known when all are read. */
final class ImageLoader implements AutoCloseable {
  private static final long MAX_PIXELS = 64_000_000;
  private static final int MAX_FILE = 64 << 20;

  private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS);
  private final List<Pixels> images = new ArrayList<>();
  private final BadFiles bad;
  private Optional<Size> size;
  private int channels = 1;

  /**
   * To a size.
   *
   * @param size empty for that of the first image
   * @param bad takes images that cannot be decoded
   */
  ImageLoader(Optional<Size> size, BadFiles bad) {
    this.size = size;
    this.bad = bad;
  }

  /**
   * Decodes an image. One that cannot be decoded is told, and those after it are none the worse.
   *
   * @throws IOException if it is the first, and of a size that no model takes
   */
  void load(FoundImage image) throws IOException {
    Optional<Pixels> decoded = decode(image);
    if (decoded.isPresent()) {
      Pixels pixels = decoded.get();
      Size target = target(image, pixels);
      size = Optional.of(target);
      channels = Math.max(channels, pixels.channels());
      byte[] samples = Resize.to(spec(target, pixels.channels()), pixels);
      images.add(new Pixels(target.width(), target.height(), pixels.channels(), samples));
    }
  }

  private Size target(FoundImage image, Pixels first) throws IOException {
    if (size.isPresent()) {
      return size.get();
    }
    try {
      return new Size(first.height(), first.width());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          image.file() + ": " + e.getMessage() + "; choose an --input-size for all", e);
    }
  }

  private Optional<Pixels> decode(FoundImage image) {
    try (InputStream in = image.content().open()) {
      byte[] bytes = in.readNBytes(MAX_FILE + 1);
      if (bytes.length > MAX_FILE) {
        throw new IOException("larger than " + (MAX_FILE >> 20) + " MiB");
      }
      ImageHeader header = decoder.header(bytes);
      return Optional.of(
          size.isPresent()
              ? decoder.decode(bytes, header, spec(size.get(), header.channels()))
              : decoder.decode(bytes));
    } catch (ImageRejectedException e) {
      bad.add(image.file(), e.getMessage());
    } catch (IOException e) {
      bad.add(image.file(), "cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static InputSpec spec(Size size, int channels) {
    return new Frame(size.height(), size.width(), channels).spec();
  }

  /** Of all images that were decoded. */
  Frame frame() {
    Size target = size.orElseThrow();
    return new Frame(target.height(), target.width(), channels);
  }

  /**
   * The samples of the images from (inclusive) to to (exclusive).
   *
   * @param name of the set that they become
   * @throws IOException if they are too many for an array
   */
  byte[] samples(String name, int from, int to) throws IOException {
    InputSpec spec = frame().spec();
    if ((long) spec.bytes() * (to - from) > Integer.MAX_VALUE - 8) {
      throw new IOException(
          "%s: %d images of %d x %d do not fit in memory at once; choose a smaller --input-size"
              .formatted(name, to - from, spec.width(), spec.height()));
    }
    byte[] samples = new byte[spec.bytes() * (to - from)];
    for (int i = from; i < to; i++) {
      System.arraycopy(
          Resize.to(spec, images.get(i)), 0, samples, (i - from) * spec.bytes(), spec.bytes());
    }
    return samples;
  }

  @Override
  public void close() {
    decoder.close();
  }
}
