package io.cnn2gnn.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.image.ImageHeader.Kind;
import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"NATIVE", "JAVA"})
class ImageDecoderTest {
  private final ImageDecoder decoder;

  ImageDecoderTest(DecoderChoice choice) {
    decoder = new ImageDecoder(1_000_000, DecodeCost.unbounded(choice));
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  private static BufferedImage noise(int type, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, type);
    Random random = new Random(3);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < image.getRaster().getNumBands(); band++) {
          image.getRaster().setSample(x, y, band, random.nextInt(256));
        }
      }
    }
    return image;
  }

  private static byte[] encode(String format, BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  private static void rejects(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ImageRejectedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void keepsTheSamplesOfAGreyPng() throws Exception {
    BufferedImage image = noise(BufferedImage.TYPE_BYTE_GRAY, 13, 7);
    Pixels pixels = decoder.decode(encode("png", image));
    assertThat(pixels.channels()).isEqualTo(1);
    for (int y = 0; y < 7; y++) {
      for (int x = 0; x < 13; x++) {
        assertThat(pixels.samples()[y * 13 + x] & 255)
            .isEqualTo(image.getRaster().getSample(x, y, 0));
      }
    }
  }

  @Test
  void keepsTheUpperByteOfASixteenBitGreyPng() throws Exception {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0x1234);
    image.getRaster().setSample(1, 0, 0, 0xfedc);
    Pixels pixels = decoder.decode(encode("png", image));
    assertThat(pixels.channels()).isEqualTo(1);
    assertThat(pixels.samples()).containsExactly(0x12, 0xfe);
  }

  @Test
  void readsColourInTheOrderRedGreenBlue() throws Exception {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x102030);
    assertThat(decoder.decode(encode("png", image)).samples()).containsExactly(0x10, 0x20, 0x30);
  }

  @Test
  void readsAJpegAfterADamagedOneWithTheSameReader() throws Exception {
    byte[] jpeg = encode("jpeg", noise(BufferedImage.TYPE_INT_RGB, 32, 32));
    rejects(Reason.CORRUPT_IMAGE, () -> decoder.decode(Arrays.copyOf(jpeg, jpeg.length / 2)));
    assertThat(decoder.decode(jpeg).width()).isEqualTo(32);
  }

  @Test
  void keepsNoImageAlive() throws Exception {
    byte[] png = encode("png", new BufferedImage(5000, 4000, BufferedImage.TYPE_BYTE_GRAY));
    byte[] jpeg = encode("jpeg", new BufferedImage(5000, 4000, BufferedImage.TYPE_BYTE_GRAY));
    try (ImageDecoder large = new ImageDecoder(25_000_000)) {
      long before = usedHeap();
      assertThat(large.decode(png).width()).isEqualTo(5000);
      assertThat(large.decode(jpeg).width()).isEqualTo(5000);
      assertThat(usedHeap() - before).isLessThan(10_000_000);
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void rejectsATruncatedPng() throws Exception {
    byte[] png = encode("png", noise(BufferedImage.TYPE_BYTE_GRAY, 32, 32));
    for (int length : new int[] {12, 40, png.length / 2, png.length - 30}) {
      rejects(Reason.CORRUPT_IMAGE, () -> decoder.decode(Arrays.copyOf(png, length)));
    }
  }

  @Test
  void rejectsNoBytesAndText() {
    rejects(Reason.EMPTY_IMAGE, () -> decoder.decode(new byte[0]));
    rejects(
        Reason.UNSUPPORTED_FORMAT,
        () -> decoder.decode("hello, this is text".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void rejectsASixtyThousandSquareHeaderWithoutDecoding() {
    rejects(Reason.TOO_MANY_PIXELS, () -> decoder.decode(pngHeader(60_000, 60_000)));
  }

  @Test
  void deepPixelsCountForAsManyAsTheyTakeMemory() throws Exception {
    try (ImageDecoder thousand = new ImageDecoder(1000)) {
      byte[] deep = pngHeader(30, 30);
      deep[24] = 16;
      deep[25] = 6;
      assertThatThrownBy(() -> thousand.decode(deep))
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
          .hasMessageContaining("30 x 30 pixels of 64 bits, the limit is 1000 of 32");
      byte[] usual = encode("png", noise(BufferedImage.TYPE_INT_ARGB, 30, 30));
      assertThat(thousand.decode(usual).width()).isEqualTo(30);
    }
  }

  @Test
  void rejectsMorePixelsPerByteThanAnyHonestFileHas() {
    rejects(Reason.DECOMPRESSION_BOMB, () -> decoder.decode(pngHeader(1000, 1000)));
  }

  @Test
  void rejectsASideLongerThanAJpegCanHave() {
    rejects(Reason.TOO_MANY_PIXELS, () -> decoder.decode(pngHeader(1, 65_536)));
    rejects(Reason.TOO_MANY_PIXELS, () -> decoder.raw(new byte[65_536], 65_536, 1, 1));
    assertThatCode(() -> decoder.raw(new byte[65_535], 65_535, 1, 1)).doesNotThrowAnyException();
  }

  @Test
  void countsTheBitsOfAPixelAgainstDeflatesLimit() throws Exception {
    byte[] deep = pngHeader(300, 300);
    rejects(Reason.DECOMPRESSION_BOMB, () -> decoder.decode(deep));
    // One bit a pixel may be honest, so the decoder finds out itself that there is none.
    deep[24] = 1;
    rejects(Reason.CORRUPT_IMAGE, () -> decoder.decode(deep));
  }

  @Test
  void readsAOneBitPngAtDeflatesLimit() throws Exception {
    BufferedImage blank = new BufferedImage(1000, 1000, BufferedImage.TYPE_BYTE_BINARY);
    assertThat(decoder.decode(encode("png", blank)).samples()).hasSize(1_000_000);
  }

  @Test
  void readsABlankProgressiveJpeg() throws Exception {
    BufferedImage blank = new BufferedImage(1000, 1000, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(decoder.decode(jpeg(new IIOImage(blank, null, null), true)).samples())
        .hasSize(1_000_000);
  }

  @Test
  void rejectsAProgressiveJpegOfThousandsOfScans() throws Exception {
    byte[] jpeg = jpeg(new IIOImage(noise(BufferedImage.TYPE_INT_RGB, 32, 32), null, null), true);
    int last = lastScan(jpeg);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(jpeg, 0, last);
    for (int i = 0; i < 2000; i++) {
      bomb.write(jpeg, last, jpeg.length - 2 - last);
    }
    rejects(Reason.DECOMPRESSION_BOMB, () -> decoder.decode(bomb.toByteArray()));
    assertThat(decoder.decode(jpeg).width()).isEqualTo(32);
  }

  @Test
  void rejectsMoreScansThanAPictureOfItsSizeIsWorth() throws Exception {
    byte[] small = withScans(32, 60);
    assertThat(decoder.decode(small).width()).isEqualTo(32);
    assertThatThrownBy(() -> decoder.decode(withScans(900, 60)))
        .isInstanceOfSatisfying(
            ImageRejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.DECOMPRESSION_BOMB))
        .hasMessageContaining("scans over 900 x 900 pixels");
    assertThat(decoder.decode(withScans(900, 16)).width()).isEqualTo(900);
  }

  /** A progressive JPEG whose last scan comes again until there are so many. */
  private static byte[] withScans(int side, int scans) throws IOException {
    byte[] jpeg =
        jpeg(new IIOImage(noise(BufferedImage.TYPE_INT_RGB, side, side), null, null), true);
    int last = lastScan(jpeg);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(jpeg, 0, last);
    for (int i = 9; i < scans; i++) {
      many.write(jpeg, last, jpeg.length - 2 - last);
    }
    many.write(jpeg, jpeg.length - 2, 2);
    return many.toByteArray();
  }

  @Test
  void decodingIsCutOffWhereItCostsMoreThanItsPixelsAreWorth() throws Exception {
    byte[] jpeg = withScans(900, 16);
    // By these costs no picture costs anything: what is left is the time that any file has.
    Map<Kind, Double> nothing = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      nothing.put(kind, 0.0);
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    try (ImageDecoder strict =
        new ImageDecoder(1_000_000, new DecodeCost(DecoderChoice.JAVA, nothing))) {
      long start = threads.getCurrentThreadCpuTime();
      rejects(Reason.TOO_COSTLY, () -> strict.decode(jpeg));
      assertThat(threads.getCurrentThreadCpuTime() - start)
          .isBetween(DecodeCost.FLOOR_NANOS, 3 * DecodeCost.FLOOR_NANOS);
      assertThat(decoder.decode(jpeg).width()).isEqualTo(900);
      assertThat(strict.decode(encode("jpeg", noise(BufferedImage.TYPE_INT_RGB, 32, 32))).width())
          .isEqualTo(32);
    }
  }

  @Test
  void anOrdinaryPictureStaysWellWithinItsTime() throws Exception {
    DecodeCost cost = DecodeCost.measure(DecoderChoice.JAVA);
    try (ImageDecoder bounded = new ImageDecoder(1_000_000, cost)) {
      for (int type :
          new int[] {
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_BYTE_BINARY,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_USHORT_GRAY
          }) {
        assertThat(bounded.decode(encode("png", new BufferedImage(900, 900, type))).width())
            .isEqualTo(900);
      }
      assertThat(bounded.decode(withScans(900, 16)).width()).isEqualTo(900);
    }
  }

  @Test
  void coloursAreWhatTheJdkMakesOfThem() throws Exception {
    WritableRaster deep = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 40, 30, 4, null);
    Random random = new Random(5);
    for (int i = 0; i < 40 * 30 * 4; i++) {
      deep.getDataBuffer().setElem(i, random.nextInt(65_536));
    }
    ComponentColorModel sixteen =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    byte[] reds = new byte[200];
    byte[] greens = new byte[200];
    random.nextBytes(reds);
    random.nextBytes(greens);
    IndexColorModel palette = new IndexColorModel(8, 200, reds, greens, reds);
    BufferedImage indexed = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_INDEXED, palette);
    for (int i = 0; i < 40 * 30; i++) {
      indexed.getRaster().setSample(i % 40, i / 40, 0, random.nextInt(200));
    }
    for (BufferedImage image :
        new BufferedImage[] {
          new BufferedImage(sixteen, deep, false, null),
          indexed,
          noise(BufferedImage.TYPE_4BYTE_ABGR, 40, 30),
          noise(BufferedImage.TYPE_INT_RGB, 40, 30)
        }) {
      byte[] png = encode("png", image);
      assertThat(decoder.decode(png).samples()).isEqualTo(byTheJdk(png));
    }
  }

  private static byte[] byTheJdk(byte[] file) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
    ByteArrayOutputStream samples = new ByteArrayOutputStream();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int colour = image.getRGB(x, y);
        samples.write(colour >> 16);
        samples.write(colour >> 8);
        samples.write(colour);
      }
    }
    return samples.toByteArray();
  }

  @Test
  void rejectsALosslessJpegAsAFormat() throws Exception {
    byte[] jpeg = encode("jpeg", noise(BufferedImage.TYPE_BYTE_GRAY, 8, 8));
    for (int i = 0; i + 1 < jpeg.length; i++) {
      if ((jpeg[i] & 255) == 0xff && (jpeg[i + 1] & 255) == 0xc0) {
        jpeg[i + 1] = (byte) 0xc3;
      }
    }
    rejects(Reason.UNSUPPORTED_FORMAT, () -> decoder.decode(jpeg));
  }

  @Test
  void dropsAlphaAndKeepsTheColourBehindIt() throws Exception {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00102030);
    image.setRGB(1, 0, 0x80405060);
    assertThat(decoder.decode(encode("png", image)).samples())
        .containsExactly(0x10, 0x20, 0x30, 0x40, 0x50, 0x60);
  }

  private static int lastScan(byte[] jpeg) {
    int last = 0;
    for (int i = 0; i + 1 < jpeg.length; i++) {
      if ((jpeg[i] & 255) == 0xff && (jpeg[i + 1] & 255) == 0xda) {
        last = i;
      }
    }
    return last;
  }

  private static byte[] jpeg(IIOImage image, boolean progressive) throws IOException {
    return Jpegs.written(image, progressive, 0.75f);
  }

  @Test
  void rejectsRawSamplesThatDoNotFitTheirSize() {
    rejects(Reason.RAW_SIZE_MISMATCH, () -> decoder.raw(new byte[10], 3, 3, 1));
    rejects(Reason.RAW_SIZE_MISMATCH, () -> decoder.raw(new byte[10], -2, -5, 1));
  }

  @Test
  void answersAnyDamageWithPixelsOrARejection() throws Exception {
    Random random = new Random(11);
    byte[][] originals = {
      encode("png", noise(BufferedImage.TYPE_BYTE_GRAY, 28, 28)),
      encode("png", noise(BufferedImage.TYPE_INT_ARGB, 20, 20)),
      encode("jpeg", noise(BufferedImage.TYPE_INT_RGB, 28, 28)),
      encode("jpeg", noise(BufferedImage.TYPE_BYTE_GRAY, 28, 28))
    };
    int rejected = 0;
    for (int trial = 0; trial < 3000; trial++) {
      byte[] damaged = originals[trial % originals.length].clone();
      for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(decoder.decode(damaged).samples()).isNotEmpty();
      } catch (ImageRejectedException e) {
        rejected++;
      }
    }
    assertThat(rejected).isBetween(300, 2999);
  }

  /** A PNG of nothing but a correct header. */
  private static byte[] pngHeader(int width, int height) {
    ByteBuffer chunk = ByteBuffer.allocate(17);
    chunk.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height);
    chunk.put(new byte[] {8, 0, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.array());
    return ByteBuffer.allocate(33)
        .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})
        .putInt(13)
        .put(chunk.array())
        .putInt((int) crc.getValue())
        .array();
  }
}
