package io.cnn2gnn.model.image;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** JPEGs as cameras, phones and tools write them, made of what the JDK writes. */
final class Jpegs {
  private static final String NATIVE = "javax_imageio_jpeg_image_1.0";

  private Jpegs() {}

  /** A picture that looks different however it is turned. */
  static Pixels picture(int width, int height) {
    byte[] samples = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        samples[at] = (byte) (40 + 180 * x / width);
        samples[at + 1] = (byte) (40 + 180 * y / height);
        samples[at + 2] = (byte) (x < width / 3 && y < height / 2 ? 220 : 40);
      }
    }
    return new Pixels(width, height, 3, samples);
  }

  static byte[] baseline(Pixels pixels) throws IOException {
    return of(pixels, false, false);
  }

  static byte[] progressive(Pixels pixels) throws IOException {
    return of(pixels, true, false);
  }

  /** Without chroma subsampling. */
  static byte[] fine(Pixels pixels) throws IOException {
    return of(pixels, false, true);
  }

  /** Channels as they are, whatever they mean; there is no segment that says it. */
  static byte[] channels(WritableRaster raster) throws IOException {
    return written(new IIOImage(raster, null, null), false, 0.98f);
  }

  private static BufferedImage image(Pixels pixels) {
    BufferedImage image =
        new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < pixels.width() * pixels.height(); i++) {
      int colour = 0;
      for (int c = 0; c < 3; c++) {
        colour = colour << 8 | (pixels.samples()[3 * i + c] & 255);
      }
      image.setRGB(i % pixels.width(), i / pixels.width(), colour);
    }
    return image;
  }

  private static byte[] of(Pixels pixels, boolean progressive, boolean fine) throws IOException {
    BufferedImage image = image(pixels);
    return written(new IIOImage(image, null, fine ? fine(image) : null), progressive, 0.95f);
  }

  private static IIOMetadata fine(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
      IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(NATIVE);
      IIOMetadataNode luma = (IIOMetadataNode) root.getElementsByTagName("componentSpec").item(0);
      luma.setAttribute("HsamplingFactor", "1");
      luma.setAttribute("VsamplingFactor", "1");
      metadata.setFromTree(NATIVE, root);
      return metadata;
    } finally {
      writer.dispose();
    }
  }

  static byte[] written(IIOImage image, boolean progressive, float quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** With a segment behind the first marker. */
  static byte[] with(byte[] jpeg, int marker, byte[] contents) {
    return ByteBuffer.allocate(jpeg.length + 4 + contents.length)
        .put(jpeg, 0, 2)
        .putShort((short) (0xff00 | marker))
        .putShort((short) (2 + contents.length))
        .put(contents)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  /** EXIF with one entry before the Orientation. */
  static byte[] exif(int orientation, ByteOrder order) {
    ByteBuffer exif = ByteBuffer.allocate(6 + 8 + 2 + 2 * 12 + 4);
    exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    exif.order(order).putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4d4d : 0x4949));
    exif.putShort((short) 42).putInt(8).putShort((short) 2);
    exif.putShort((short) 0x0110).putShort((short) 2).putInt(1).putInt(0);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return exif.array();
  }

  /** Without its first segment, which says that it is JFIF, and with components of these names. */
  static byte[] named(byte[] jpeg, int... ids) {
    boolean jfif = (jpeg[3] & 255) == 0xe0;
    byte[] bare = jpeg.clone();
    if (jfif) {
      int length = 2 + ((jpeg[4] & 255) << 8 | (jpeg[5] & 255));
      bare = Arrays.copyOf(jpeg, jpeg.length - length);
      System.arraycopy(jpeg, 2 + length, bare, 2, bare.length - 2);
    }
    for (int at = 2; (bare[at + 1] & 255) != 0xd9; ) {
      int marker = bare[at + 1] & 255;
      int length = (bare[at + 2] & 255) << 8 | (bare[at + 3] & 255);
      for (int c = 0; c < ids.length; c++) {
        if (marker == 0xc0) {
          bare[at + 10 + 3 * c] = (byte) ids[c];
        } else if (marker == 0xda) {
          bare[at + 5 + 2 * c] = (byte) ids[c];
        }
      }
      if (marker == 0xda) {
        return bare;
      }
      at += 2 + length;
    }
    return bare;
  }

  /** Mean difference of samples. */
  static double difference(byte[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 255) - (b[i] & 255));
    }
    return (double) sum / a.length;
  }
}
