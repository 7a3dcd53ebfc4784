package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** {@code ImageIO.read}, as most Java programs have it, and the bytes that it leaves. */
final class JdkLibrary implements FileDecoder.Library {
  static {
    ImageIO.setUseCache(false);
  }

  @Override
  public Pixels read(byte[] file, InputSpec input) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
    if (image.getType() != BufferedImage.TYPE_3BYTE_BGR) {
      throw new IOException("a frame that is no colour JPEG: type " + image.getType());
    }
    byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    swap(samples);
    return new Pixels(image.getWidth(), image.getHeight(), 3, samples);
  }

  /** Blue, green and red to red, green and blue. */
  static void swap(byte[] samples) {
    for (int i = 0; i < samples.length; i += 3) {
      byte blue = samples[i];
      samples[i] = samples[i + 2];
      samples[i + 2] = blue;
    }
  }
}
