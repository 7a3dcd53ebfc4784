package io.cnn2gnn.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the native library decodes is what the JDK decodes, or is left to the JDK. */
class NativeReaderTest {
  private final NativeReader fast = new NativeReader();
  private final FileHeaders headers = new FileHeaders(1_000_000);
  private final ImageDecoder slow =
      new ImageDecoder(1_000_000, DecodeCost.unbounded(DecoderChoice.JAVA));

  @AfterEach
  void close() {
    slow.close();
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static BufferedImage noise(BufferedImage image) {
    Random random = new Random(image.getType());
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }

  private static InputSpec input(int width, int height, int channels) {
    List<Float> half = Collections.nCopies(channels, 0.5f);
    return new InputSpec(height, width, channels, half, half);
  }

  private Optional<Pixels> read(byte[] file, Scale scale) throws ImageRejectedException {
    ImageHeader header = headers.of(file);
    byte[] plain =
        header.kind().isPng() ? PlainPng.of(file) : PlainJpeg.of(file, header.jpeg().orElseThrow());
    return fast.read(plain, header, scale);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void palettesOfAnyDepthAndWithAlphaAreTheSame(int bits) throws Exception {
    byte[] level = new byte[1 << bits];
    byte[] other = new byte[1 << bits];
    Random random = new Random(bits);
    random.nextBytes(level);
    random.nextBytes(other);
    IndexColorModel palette =
        new IndexColorModel(bits, level.length, level, other, level, new byte[level.length]);
    for (int width : new int[] {1, 7, 61}) {
      int type = bits < 8 ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_BYTE_INDEXED;
      byte[] file = png(noise(new BufferedImage(width, 5, type, palette)));
      assertThat(read(file, Scale.WHOLE)).contains(slow.decode(file));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_BYTE_BINARY
      })
  void coloursGreysAndAlphaAreTheSame(int type) throws Exception {
    for (int width : new int[] {1, 7, 61}) {
      byte[] file = png(noise(new BufferedImage(width, 37, type)));
      assertThat(read(file, Scale.WHOLE)).contains(slow.decode(file));
    }
  }

  @Test
  void sixteenBitsAndInksAreLeftToTheJdk() throws Exception {
    byte[] deep = png(noise(new BufferedImage(9, 9, BufferedImage.TYPE_USHORT_GRAY)));
    assertThat(read(deep, Scale.WHOLE)).isEmpty();
    assertThat(slow.decode(deep).channels()).isOne();
  }

  @Test
  void jpegsDifferByRoundingAlone() throws Exception {
    Pixels picture = Jpegs.picture(61, 47);
    for (byte[] file : new byte[][] {Jpegs.baseline(picture), Jpegs.progressive(picture)}) {
      Pixels found = read(file, Scale.WHOLE).orElseThrow();
      assertThat(Jpegs.difference(found.samples(), slow.decode(file).samples())).isLessThan(1);
    }
  }

  @Test
  void whatIsOddIsLeftToTheJdkToTell() throws Exception {
    byte[] jpeg = Jpegs.baseline(Jpegs.picture(61, 47));
    byte[] cut = Arrays.copyOf(jpeg, jpeg.length * 3 / 4);
    cut[cut.length - 2] = -1;
    cut[cut.length - 1] = (byte) 0xd9;
    assertThat(read(cut, Scale.WHOLE)).isEmpty();
  }

  @Test
  void aScaleIsTheSmallestThatIsNoSmallerThanTheInput() throws Exception {
    ImageHeader header = headers.of(Jpegs.baseline(Jpegs.picture(640, 480)));
    assertThat(Scale.of(header, input(28, 28, 1))).isEqualTo(new Scale(8, true));
    assertThat(Scale.of(header, input(84, 84, 3))).isEqualTo(new Scale(4, false));
    assertThat(Scale.of(header, input(80, 60, 3)).denominator()).isEqualTo(8);
    assertThat(Scale.of(header, input(81, 60, 3)).denominator()).isEqualTo(4);
    assertThat(Scale.of(header, input(80, 61, 3)).denominator()).isEqualTo(4);
    assertThat(Scale.of(header, input(224, 224, 3)).denominator()).isEqualTo(2);
    assertThat(Scale.of(header, input(640, 480, 3)).denominator()).isOne();
    assertThat(Scale.of(header, input(1000, 1000, 3)).denominator()).isOne();
    byte[] exif = Jpegs.exif(6, ByteOrder.BIG_ENDIAN);
    ImageHeader turned =
        headers.of(Jpegs.with(Jpegs.baseline(Jpegs.picture(640, 480)), 0xe1, exif));
    assertThat(Scale.of(turned, input(80, 60, 3)).denominator()).isEqualTo(4);
    assertThat(Scale.of(turned, input(60, 80, 3)).denominator()).isEqualTo(8);
  }

  @Test
  void aSmallScaleIsWhatTheWholeShrinksTo() throws Exception {
    Pixels picture = Jpegs.picture(640, 480);
    byte[] jpeg = Jpegs.fine(picture);
    InputSpec input = input(60, 50, 3);
    try (ImageDecoder quick = new ImageDecoder(1_000_000)) {
      Pixels small = quick.decode(jpeg, quick.header(jpeg), input);
      assertThat(small.width()).isEqualTo(80);
      assertThat(Jpegs.difference(Resize.to(input, small), Resize.to(input, slow.decode(jpeg))))
          .isLessThan(2);
    }
  }

  @Test
  void luminanceIsWhatGreyModelsMakeOfColours() throws Exception {
    byte[] jpeg = Jpegs.fine(Jpegs.picture(61, 47));
    Pixels luma = read(jpeg, new Scale(1, true)).orElseThrow();
    byte[] grey = Resize.to(input(61, 47, 1), slow.decode(jpeg));
    assertThat(luma.channels()).isOne();
    assertThat(Jpegs.difference(luma.samples(), grey)).isLessThan(1);
  }

  private static byte[] webp(String name) throws IOException {
    try (InputStream in = NativeReaderTest.class.getResourceAsStream(name + ".webp")) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lossy", "lossless", "alpha"})
  void aWebpIsReadInColourAndRefusedWhereItIsCut(String name) throws Exception {
    byte[] file = webp(name);
    try (ImageDecoder decoder = new ImageDecoder(1_000_000)) {
      Pixels pixels = decoder.decode(file);
      assertThat(pixels.width()).isEqualTo(21);
      assertThat(pixels.height()).isEqualTo(10);
      assertThat(pixels.channels()).isEqualTo(3);
      for (int length = 12; length < file.length - 1; length++) {
        byte[] cut = Arrays.copyOf(file, length);
        assertThatThrownBy(() -> decoder.decode(cut))
            .isInstanceOfSatisfying(
                ImageRejectedException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT_IMAGE));
      }
    }
    assertThatThrownBy(() -> slow.decode(file)).hasMessageContaining("native decoder");
    Scale small = Scale.of(headers.of(file), input(2, 2, 1));
    assertThat(fast.read(file, headers.of(file), small).orElseThrow().width()).isEqualTo(21);
  }

  @Test
  void aWebpOfSeveralFramesOrOfTooManyPixelsIsRefusedByItsHeader() throws Exception {
    byte[] animated = webp("alpha");
    animated[20] |= 2;
    assertThatThrownBy(() -> headers.of(animated)).hasMessageContaining("animated");
    byte[] wide = webp("alpha");
    wide[26] = 1;
    assertThatThrownBy(() -> headers.of(wide))
        .isInstanceOfSatisfying(
            ImageRejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS));
    byte[] large = webp("alpha");
    large[25] = 100;
    large[28] = 100;
    try (ImageDecoder decoder = new ImageDecoder(1_000_000_000)) {
      assertThatThrownBy(() -> decoder.decode(large))
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.DECOMPRESSION_BOMB));
    }
  }

  @Test
  void aPngIsRewrittenWithoutWhatItsPixelsDoNotNeed() throws Exception {
    byte[] png = png(noise(new BufferedImage(9, 9, BufferedImage.TYPE_3BYTE_BGR)));
    byte[] plain = PlainPng.of(png);
    assertThat(plain).isEqualTo(png);
    byte[] text = {0, 0, 0, 2, 't', 'E', 'X', 't', 'a', 'b', 1, 2, 3, 4};
    byte[] with = new byte[png.length + text.length];
    System.arraycopy(png, 0, with, 0, 33);
    System.arraycopy(text, 0, with, 33, text.length);
    System.arraycopy(png, 33, with, 33 + text.length, png.length - 33);
    assertThat(PlainPng.of(with)).isEqualTo(png);
    assertThat(PlainPng.of(Arrays.copyOf(png, png.length - 12))).isEqualTo(png);
    byte[] cut = Arrays.copyOf(png, png.length - 20);
    assertThatThrownBy(() -> PlainPng.of(cut)).hasMessage("the PNG has no data");
  }

  @Test
  void aSecondHeaderIsNoWayAroundTheLimits() throws Exception {
    byte[] large = png(new BufferedImage(2000, 2000, BufferedImage.TYPE_BYTE_GRAY));
    byte[] small = png(new BufferedImage(10, 10, BufferedImage.TYPE_BYTE_GRAY));
    byte[] both = new byte[33 + large.length - 8];
    System.arraycopy(small, 0, both, 0, 33);
    System.arraycopy(large, 8, both, 33, large.length - 8);
    try (ImageDecoder decoder = new ImageDecoder(1_000_000)) {
      // The second one is gone, and with it what is more than 10 x 10.
      assertThat(decoder.decode(both).width()).isEqualTo(10);
      byte[] hidden = both.clone();
      hidden[12] = 'J';
      assertThatThrownBy(() -> decoder.decode(hidden))
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT_IMAGE));
    }
  }
}
