package io.cnn2gnn.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the decoders that Debian ships make of generated files, sample by sample. Skipped where they
 * are not installed: libjpeg-turbo-progs, netpbm and webp.
 */
@ParameterizedClass
@EnumSource(names = {"NATIVE", "JAVA"})
class OtherDecodersRunTest {
  private static final double CLOSE = 1.0;

  private final DecoderChoice choice;
  private final ImageDecoder decoder;
  @TempDir private Path folder;

  OtherDecodersRunTest(DecoderChoice choice) {
    this.choice = choice;
    decoder = new ImageDecoder(1_000_000, DecodeCost.unbounded(choice));
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  private static void needs(String... programs) {
    for (String program : programs) {
      assumeTrue(
          Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
              .anyMatch(place -> Files.isExecutable(Path.of(place, program))),
          program + " is not installed");
    }
  }

  private byte[] run(byte[] input, String... command) throws Exception {
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    Files.write(in, input);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return Files.readAllBytes(out);
  }

  /** Noise on waves, in colour, as a PPM. */
  private static byte[] picture(int width, int height) {
    Random random = new Random(width);
    byte[] head = "P6\n%d %d\n255\n".formatted(width, height).getBytes(StandardCharsets.US_ASCII);
    byte[] ppm = Arrays.copyOf(head, head.length + width * height * 3);
    int at = head.length;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          double wave = Math.sin(x / (7.0 + c)) * Math.cos(y / (5.0 + 2 * c));
          ppm[at++] = (byte) (128 + 90 * wave + random.nextInt(20));
        }
      }
    }
    return ppm;
  }

  /** Samples of a PGM or PPM of 8 bits. */
  private static Pixels parsed(byte[] pnm) throws IOException {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (words.size() < 4) {
      StringBuilder word = new StringBuilder();
      while (pnm[at] > ' ') {
        word.append((char) pnm[at++]);
      }
      at++;
      words.add(word.toString());
    }
    assertThat(words.get(3)).isEqualTo("255");
    return new Pixels(
        Integer.parseInt(words.get(1)),
        Integer.parseInt(words.get(2)),
        words.get(0).equals("P6") ? 3 : 1,
        Arrays.copyOfRange(pnm, at, pnm.length));
  }

  private void isAlike(String what, byte[] file, byte[] pnm) throws Exception {
    Pixels expected = parsed(pnm);
    Pixels found = decoder.decode(file);
    assertThat(List.of(found.width(), found.height()))
        .as(what)
        .containsExactly(expected.width(), expected.height());
    assertThat(Jpegs.difference(colours(found), colours(expected))).as(what).isLessThan(CLOSE);
  }

  /** A palette of greys is grey to some and colour to others. */
  private static byte[] colours(Pixels pixels) {
    if (pixels.channels() == 3) {
      return pixels.samples();
    }
    byte[] colours = new byte[3 * pixels.samples().length];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = pixels.samples()[i / 3];
    }
    return colours;
  }

  @Test
  void jpegsAreWhatDjpegMakesOfThem() throws Exception {
    needs("cjpeg", "djpeg");
    String[][] kinds = {
      {"-quality", "90"},
      {"-sample", "1x1"},
      {"-sample", "2x1"},
      {"-sample", "1x2"},
      {"-sample", "4x1"},
      {"-grayscale"},
      {"-rgb"},
      {"-progressive"},
      {"-progressive", "-grayscale"},
      {"-progressive", "-sample", "1x1"},
      {"-restart", "1"},
      {"-restart", "3B", "-optimize"},
      {"-quality", "15"},
      {"-baseline", "-quality", "1"},
    };
    for (int[] size : new int[][] {{64, 48}, {61, 37}, {8, 8}, {1, 1}, {200, 3}}) {
      for (String[] kind : kinds) {
        String[] command = new String[kind.length + 1];
        command[0] = "cjpeg";
        System.arraycopy(kind, 0, command, 1, kind.length);
        byte[] jpeg = run(picture(size[0], size[1]), command);
        String what = String.join(" ", kind) + " " + size[0] + "x" + size[1];
        isAlike(what, jpeg, run(jpeg, "djpeg", "-pnm"));
        byte[] bare = Arrays.copyOf(jpeg, jpeg.length - 2);
        assertThat(decoder.decode(bare)).as(what).isEqualTo(decoder.decode(jpeg));
      }
    }
  }

  @Test
  void aFileThatWasCutAtARestartMarkerIsDamaged() throws Exception {
    needs("cjpeg");
    byte[] jpeg = run(picture(64, 48), "cjpeg", "-restart", "2B");
    int cuts = 0;
    for (int at = 2; at + 2 < jpeg.length; at++) {
      if (jpeg[at] == -1 && (jpeg[at + 1] & 0xf8) == 0xd0) {
        for (int length = at; length <= at + 3; length++) {
          byte[] cut = Arrays.copyOf(jpeg, length);
          assertThatThrownBy(() -> decoder.decode(cut))
              .as("cut at %d of %d", length, jpeg.length)
              .isInstanceOf(ImageRejectedException.class);
          cuts++;
        }
      }
    }
    assertThat(cuts).isGreaterThan(15);
  }

  @Test
  void pngsAreWhatPngtopnmMakesOfThem() throws Exception {
    needs("pnmtopng", "pngtopnm", "ppmtopgm", "pnmquant", "pamdepth");
    String[][] kinds = {
      {"pnmtopng"},
      {"pnmtopng", "-interlace"},
      {"pnmtopng", "-gamma", "0.45"},
      {"pnmtopng", "-transparent", "black"}
    };
    for (int[] size : new int[][] {{64, 48}, {61, 37}, {1, 1}, {7, 90}}) {
      byte[] colour = picture(size[0], size[1]);
      byte[] grey = run(colour, "ppmtopgm");
      byte[] few = run(colour, "pnmquant", "-quiet", "13");
      for (byte[] source : new byte[][] {colour, grey, few}) {
        for (String[] kind : kinds) {
          byte[] png = run(source, kind);
          isAlike(String.join(" ", kind), png, run(png, "pngtopnm"));
        }
        byte[] deep = run(run(source, "pamdepth", "65535"), "pnmtopng", "-force");
        byte[] shallow = run(run(deep, "pngtopnm"), "pamdepth", "255");
        isAlike("16 bits", deep, shallow);
      }
    }
  }

  @Test
  void webpsAreWhatDwebpMakesOfThem() throws Exception {
    needs("cwebp", "dwebp");
    assumeTrue(choice == DecoderChoice.NATIVE, "the JDK reads no WebP");
    Path ppm = folder.resolve("picture.ppm");
    Path webp = folder.resolve("picture.webp");
    for (int[] size : new int[][] {{64, 48}, {61, 37}, {1, 1}, {200, 3}}) {
      Files.write(ppm, picture(size[0], size[1]));
      for (String[] kind :
          new String[][] {{"-q", "80"}, {"-q", "10"}, {"-lossless"}, {"-q", "50", "-sharp_yuv"}}) {
        List<String> command = new ArrayList<>(List.of("cwebp", "-quiet", "-metadata", "all"));
        command.addAll(List.of(kind));
        command.addAll(List.of(ppm.toString(), "-o", webp.toString()));
        run(new byte[0], command.toArray(new String[0]));
        byte[] file = Files.readAllBytes(webp);
        String what = String.join(" ", kind) + " " + size[0] + "x" + size[1];
        isAlike(what, file, run(file, "dwebp", "-quiet", "-ppm", "-o", "-", "--", "-"));
        byte[] cut = Arrays.copyOf(file, file.length * 3 / 4);
        assertThatThrownBy(() -> decoder.decode(cut))
            .as(what)
            .isInstanceOf(ImageRejectedException.class);
      }
    }
  }

  @Test
  void aModelsInputIsDecodedAtTheScaleThatDjpegMakesToo() throws Exception {
    needs("cjpeg", "djpeg");
    assumeTrue(choice == DecoderChoice.NATIVE, "the JDK decodes the whole");
    for (String[] kind : new String[][] {{"cjpeg"}, {"cjpeg", "-progressive"}}) {
      byte[] jpeg = run(picture(333, 250), kind);
      for (int denominator : new int[] {1, 2, 4, 8}) {
        InputSpec input = input((250 + denominator - 1) / denominator, 3);
        Pixels found = decoder.decode(jpeg, decoder.header(jpeg), input);
        Pixels expected = parsed(run(jpeg, "djpeg", "-scale", "1/" + denominator, "-pnm"));
        assertThat(found.width()).isEqualTo(expected.width());
        assertThat(found.height()).isEqualTo(expected.height());
        assertThat(Jpegs.difference(found.samples(), expected.samples())).isLessThan(CLOSE);
        Pixels luma =
            parsed(run(jpeg, "djpeg", "-grayscale", "-scale", "1/" + denominator, "-pnm"));
        assertThat(decoder.decode(jpeg, decoder.header(jpeg), input(input.height(), 1)).samples())
            .isEqualTo(luma.samples());
      }
    }
  }

  private static InputSpec input(int side, int channels) {
    List<Float> half = Collections.nCopies(channels, 0.5f);
    return new InputSpec(side, side, channels, half, half);
  }
}
