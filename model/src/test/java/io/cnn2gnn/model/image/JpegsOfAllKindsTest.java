package io.cnn2gnn.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every browser shows right. */
@ParameterizedClass
@EnumSource(names = {"NATIVE", "JAVA"})
class JpegsOfAllKindsTest {
  private static final int APP1 = 0xe1;
  private static final int APP2 = 0xe2;
  private static final int COM = 0xfe;

  private final ImageDecoder decoder;
  private final Pixels picture = Jpegs.picture(48, 32);

  JpegsOfAllKindsTest(DecoderChoice choice) {
    decoder = new ImageDecoder(1_000_000, DecodeCost.unbounded(choice));
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  private static void isCorrupt(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ImageRejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT_IMAGE));
  }

  private static Pixels turned(int orientation, Pixels stored) throws IOException {
    return Turn.of(orientation).of(stored, new Deadline(1e12));
  }

  @Test
  void aPictureOfAPhoneStandsUprightHoweverItWasHeld() throws Exception {
    // What undoes each, in the order of EXIF's numbers.
    int[] inverse = {1, 2, 3, 4, 5, 8, 7, 6};
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      for (int orientation = 1; orientation <= 8; orientation++) {
        Pixels stored = turned(inverse[orientation - 1], picture);
        byte[] jpeg = Jpegs.with(Jpegs.fine(stored), APP1, Jpegs.exif(orientation, order));
        Pixels upright = decoder.decode(jpeg);
        assertThat(upright.width()).as("orientation %d", orientation).isEqualTo(48);
        assertThat(upright.height()).isEqualTo(32);
        assertThat(Jpegs.difference(upright.samples(), picture.samples()))
            .as("orientation %d", orientation)
            .isLessThan(2);
      }
    }
  }

  @Test
  void aQuarterTurnIsClockwiseForSixAndTheOtherWayForEight() throws Exception {
    Pixels row = new Pixels(3, 1, 1, new byte[] {1, 2, 3});
    assertThat(turned(6, row)).isEqualTo(new Pixels(1, 3, 1, new byte[] {1, 2, 3}));
    assertThat(turned(8, row)).isEqualTo(new Pixels(1, 3, 1, new byte[] {3, 2, 1}));
    assertThat(turned(2, row).samples()).containsExactly(3, 2, 1);
    Pixels square = new Pixels(2, 2, 1, new byte[] {1, 2, 3, 4});
    assertThat(turned(6, square).samples()).containsExactly(3, 1, 4, 2);
    assertThat(turned(5, square).samples()).containsExactly(1, 3, 2, 4);
    assertThat(turned(7, square).samples()).containsExactly(4, 2, 3, 1);
  }

  @Test
  void notesThatMakeNoSenseTurnNothing() throws Exception {
    byte[] jpeg = Jpegs.baseline(picture);
    byte[] samples = decoder.decode(jpeg).samples();
    byte[] sound = Jpegs.exif(6, ByteOrder.BIG_ENDIAN);
    Random random = new Random(8);
    for (int orientation : new int[] {0, 9, -1, 1000}) {
      byte[] exif = Jpegs.exif(orientation, ByteOrder.LITTLE_ENDIAN);
      assertThat(decoder.decode(Jpegs.with(jpeg, APP1, exif)).samples()).isEqualTo(samples);
    }
    for (int length = 0; length < sound.length; length++) {
      byte[] cut = Jpegs.with(jpeg, APP1, Arrays.copyOf(sound, length));
      assertThat(decoder.decode(cut).samples()).hasSameSizeAs(samples);
      byte[] noise = sound.clone();
      noise[6 + random.nextInt(noise.length - 6)] = (byte) random.nextInt(256);
      assertThat(decoder.decode(Jpegs.with(jpeg, APP1, noise)).samples()).hasSameSizeAs(samples);
    }
  }

  @Test
  void aMissingEndMarkerAndATrailerAreNoDamage() throws Exception {
    for (byte[] jpeg : new byte[][] {Jpegs.baseline(picture), Jpegs.progressive(picture)}) {
      byte[] samples = decoder.decode(jpeg).samples();
      byte[] bare = Arrays.copyOf(jpeg, jpeg.length - 2);
      assertThat(decoder.decode(bare).samples()).isEqualTo(samples);
      for (byte[] trailer :
          new byte[][] {
            Jpegs.baseline(picture),
            "SEFHk".getBytes(StandardCharsets.US_ASCII),
            new byte[5000],
            {-1, (byte) 0xc0, 0, 11, 8, 1, 1, 1, 1, 1, 0, 0, 0}
          }) {
        for (byte[] first : new byte[][] {bare, jpeg}) {
          byte[] both = Arrays.copyOf(first, first.length + trailer.length);
          System.arraycopy(trailer, 0, both, first.length, trailer.length);
          assertThat(decoder.decode(both).samples()).isEqualTo(samples);
        }
      }
    }
  }

  @Test
  void dataThatEndsEarlyIsDamageWithAnEndMarkerAndWithout() throws Exception {
    for (byte[] jpeg : new byte[][] {Jpegs.baseline(picture), Jpegs.progressive(picture)}) {
      for (double share : new double[] {0.6, 0.8, 0.95}) {
        byte[] cut = Arrays.copyOf(jpeg, (int) (share * jpeg.length));
        isCorrupt(() -> decoder.decode(cut));
      }
    }
    byte[] marked = Jpegs.baseline(picture);
    byte[] cut = Arrays.copyOf(marked, marked.length * 4 / 5);
    cut[cut.length - 2] = -1;
    cut[cut.length - 1] = (byte) 0xd9;
    isCorrupt(() -> decoder.decode(cut));
  }

  @Test
  void aProgressiveFileThatLacksWholeScansIsDamaged() throws Exception {
    byte[] jpeg = Jpegs.progressive(picture);
    int last = jpeg.length - 3;
    while ((jpeg[last] & 255) != 0xff || (jpeg[last + 1] & 255) != 0xda) {
      last--;
    }
    byte[] cut = Arrays.copyOf(jpeg, last);
    isCorrupt(() -> decoder.decode(cut));
  }

  @Test
  void profilesAndCommentsOfAnyKindChangeNothing() throws Exception {
    byte[] jpeg = Jpegs.baseline(picture);
    byte[] samples = decoder.decode(jpeg).samples();
    byte[] first = "ICC_PROFILE\0\1\2garbage".getBytes(StandardCharsets.ISO_8859_1);
    byte[] twice = Jpegs.with(Jpegs.with(jpeg, APP2, first), APP2, first);
    assertThat(decoder.decode(Jpegs.with(jpeg, APP2, first)).samples()).isEqualTo(samples);
    assertThat(decoder.decode(twice).samples()).isEqualTo(samples);
    assertThat(decoder.decode(Jpegs.with(jpeg, APP2, new byte[0])).samples()).isEqualTo(samples);
    assertThat(decoder.decode(Jpegs.with(jpeg, COM, new byte[60_000])).samples())
        .isEqualTo(samples);
  }

  @Test
  void threeChannelsAreYCbCrUnlessTheySayOtherwise() throws Exception {
    byte[] jfif = Jpegs.fine(picture);
    byte[] samples = decoder.decode(jfif).samples();
    assertThat(decoder.decode(Jpegs.named(jfif, 0, 1, 2)).samples()).isEqualTo(samples);
    assertThat(decoder.decode(Jpegs.named(jfif, 1, 2, 3)).samples()).isEqualTo(samples);
    assertThat(decoder.decode(Jpegs.named(jfif, 7, 40, 200)).samples()).isEqualTo(samples);
    WritableRaster raster = raster(3);
    byte[] rgb = Jpegs.named(Jpegs.channels(raster), 'R', 'G', 'B');
    assertThat(Jpegs.difference(decoder.decode(rgb).samples(), bytes(raster))).isLessThan(3);
    byte[] adobe = "Adobe\0d\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] said = Jpegs.with(Jpegs.named(Jpegs.channels(raster), 1, 2, 3), 0xee, adobe);
    assertThat(decoder.decode(said).samples()).isEqualTo(decoder.decode(rgb).samples());
  }

  @Test
  void inksAreWhatTheyLetThrough() throws Exception {
    WritableRaster raster = raster(4);
    byte[] cmyk = Jpegs.named(Jpegs.channels(raster), 1, 2, 3, 4);
    byte[] inks = bytes(raster);
    byte[] expected = new byte[inks.length / 4 * 3];
    for (int i = 0; i < inks.length / 4; i++) {
      for (int c = 0; c < 3; c++) {
        expected[3 * i + c] =
            (byte) Math.round((inks[4 * i + c] & 255) * (inks[4 * i + 3] & 255) / 255.0);
      }
    }
    assertThat(Jpegs.difference(decoder.decode(cmyk).samples(), expected)).isLessThan(3);
  }

  @Test
  void ofYcckTheComplementOfItsColourIsInk() throws Exception {
    // Red, 200 40 40, as YCbCr, and half of the light.
    int[] red = {88, 101, 208, 128};
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    for (int i = 0; i < 256; i++) {
      raster.setPixel(i % 16, i / 16, red);
    }
    byte[] jpeg = Jpegs.named(Jpegs.channels(raster), 1, 2, 3, 4);
    for (int transform : new int[] {1, 2, 7}) {
      byte[] adobe = "Adobe\0d\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
      adobe[adobe.length - 1] = (byte) transform;
      byte[] samples = decoder.decode(Jpegs.with(jpeg, 0xee, adobe)).samples();
      assertThat(samples[0] & 255).isCloseTo(55 / 2, within(3));
      assertThat(samples[1] & 255).isCloseTo(215 / 2, within(3));
      assertThat(samples[2] & 255).isCloseTo(215 / 2, within(3));
    }
  }

  @Test
  void fillBytesBeforeASegmentThatIsDroppedMakeNoOtherMarker() throws Exception {
    byte[] jpeg = Jpegs.baseline(picture);
    byte[] samples = decoder.decode(jpeg).samples();
    // Without the segment between them the first and the last would begin a frame of 5000 x 5000.
    byte[] trap = {
      -1,
      -1,
      (byte) 0xe0,
      0,
      2,
      (byte) 0xc2,
      0,
      17,
      8,
      0x13,
      (byte) 0x88,
      0x13,
      (byte) 0x88,
      3,
      1,
      0x22,
      0,
      2,
      0x11,
      1,
      3,
      0x11,
      1
    };
    byte[] file = Arrays.copyOf(jpeg, jpeg.length + trap.length);
    System.arraycopy(trap, 0, file, 2, trap.length);
    System.arraycopy(jpeg, 2, file, 2 + trap.length, jpeg.length - 2);
    assertThat(decoder.decode(file).samples()).isEqualTo(samples);
    byte[] filled = Jpegs.with(jpeg, COM, new byte[] {1, 2, 3, -1});
    assertThat(decoder.decode(filled).samples()).isEqualTo(samples);
  }

  @Test
  void notesWithoutEndAreRefused() throws Exception {
    byte[] notes = new byte[40_000];
    for (int i = 0; i < notes.length; i += 4) {
      notes[i] = -1;
      notes[i + 1] = (byte) 0xe0;
      notes[i + 3] = 2;
    }
    byte[] jpeg = Jpegs.baseline(picture);
    byte[] file = Arrays.copyOf(jpeg, jpeg.length + notes.length);
    System.arraycopy(notes, 0, file, 2, notes.length);
    System.arraycopy(jpeg, 2, file, 2 + notes.length, jpeg.length - 2);
    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessage("the JPEG has more than 1000 segments of notes");
  }

  @Test
  void whatTakesMoreThanUsualForAPixelMayHaveFewer() throws Exception {
    byte[] plain = Jpegs.progressive(picture);
    byte[] turned = Jpegs.with(plain, APP1, Jpegs.exif(6, ByteOrder.BIG_ENDIAN));
    try (ImageDecoder tight = new ImageDecoder(48 * 32)) {
      assertThat(tight.decode(plain).width()).isEqualTo(48);
      assertThatThrownBy(() -> tight.decode(turned))
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
          .hasMessageContaining("bytes to decode");
    }
    assertThat(decoder.header(turned).memoryBytes()).isEqualTo(48 * 32 * 15L + turned.length);
  }

  private static WritableRaster raster(int bands) {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 40, 24, bands, null);
    for (int y = 0; y < 24; y++) {
      for (int x = 0; x < 40; x++) {
        for (int c = 0; c < bands; c++) {
          raster.setSample(x, y, c, 60 + 4 * (c % 2 == 0 ? x : y) + 10 * c);
        }
      }
    }
    return raster;
  }

  private static byte[] bytes(WritableRaster raster) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int sample : raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null)) {
      bytes.write(sample);
    }
    return bytes.toByteArray();
  }
}
