package io.cnn2gnn.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.Pixels;
import org.junit.jupiter.api.Test;

class PhotoTest {
  @Test
  void isAJpegOfAboutTheSizeAskedFor() throws Exception {
    byte[] jpeg = Photo.jpeg(640, 480, 100 << 10, 1);
    assertThat(jpeg.length).isBetween(100 << 10, 115 << 10);
    try (ImageDecoder decoder = new ImageDecoder(640 * 480)) {
      Pixels pixels = decoder.decode(jpeg);
      assertThat(pixels.width()).isEqualTo(640);
      assertThat(pixels.channels()).isEqualTo(3);
    }
  }
}
