package io.cnn2gnn.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.image.InputSpec;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ThumbnailsTest {
  private static BufferedImage drawn(Thumbnails thumbnails) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(thumbnails.jpeg()));
  }

  @Test
  void eachImageStandsInItsPlaceAndKeepsItsShape() throws IOException {
    InputSpec input = new InputSpec(24, 48, 3, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    byte[] pixels = new byte[40 * input.bytes()];
    for (int i = 0; i < 40; i++) {
      for (int k = 0; k < input.bytes(); k += 3) {
        pixels[i * input.bytes() + k] = (byte) (6 * i);
      }
    }
    BufferedImage sheet = drawn(Thumbnails.of(input, pixels));
    assertThat(sheet.getWidth()).isEqualTo(32 * 32);
    assertThat(sheet.getHeight()).isEqualTo(2 * 32);
    for (int i : new int[] {0, 17, 31, 33, 39}) {
      int x = i % 32 * 32;
      int y = i / 32 * 32;
      assertThat(new Color(sheet.getRGB(x + 16, y + 16)).getRed())
          .as("image %d", i)
          .isCloseTo(6 * i, within(6));
      assertThat(new Color(sheet.getRGB(x + 16, y + 2)).getRed()).as("above it").isLessThan(20);
    }
  }

  @Test
  void greyImagesMakeAGreySheetAndTheSameImagesTheSameBytes() throws IOException {
    InputSpec input = new InputSpec(28, 28, 1, List.of(0f), List.of(1f));
    byte[] pixels = new byte[3 * input.bytes()];
    Arrays.fill(pixels, input.bytes(), 2 * input.bytes(), (byte) 200);
    Thumbnails thumbnails = Thumbnails.of(input, pixels);
    BufferedImage sheet = drawn(thumbnails);
    assertThat(sheet.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    assertThat(sheet.getRaster().getSample(48, 16, 0)).isCloseTo(200, within(3));
    assertThat(Thumbnails.of(input, pixels)).isEqualTo(thumbnails);
    assertThat(Thumbnails.read(thumbnails.jpeg())).isEqualTo(thumbnails);
  }

  @Test
  void noImagesHaveNoneAndWhatIsNoJpegIsRefused() {
    InputSpec input = new InputSpec(28, 28, 1, List.of(0f), List.of(1f));
    assertThat(Thumbnails.of(input, new byte[0])).isEqualTo(Thumbnails.NONE);
    assertThatThrownBy(
            () -> Thumbnails.read("<html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no JPEG");
  }
}
