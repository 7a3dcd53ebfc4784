package io.cnn2gnn.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine for which there is no native library: its jar is missing from the class path. */
class WithoutNativeLibraryRunTest {
  @TempDir private Path folder;

  /** Runs in a JVM of its own. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) throws Exception {
      System.out.println(DecoderChoice.whyNotNative().orElse("it is there"));
      Pixels picture = Jpegs.picture(640, 480);
      try (ImageDecoder decoder = new ImageDecoder(1_000_000)) {
        System.out.println(decoder.decode(Jpegs.baseline(picture)));
      }
      try {
        new ImageDecoder(1, DecodeCost.unbounded(DecoderChoice.NATIVE)).close();
      } catch (IllegalStateException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  private String run(Predicate<String> kept) throws Exception {
    Path log = folder.resolve("log");
    String path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(kept)
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                path,
                Probe.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      String output = Files.readString(log);
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theJdkDecodesInItsPlaceUnlessThatIsForbidden() throws Exception {
    assertThat(run(jar -> !jar.matches(".*leptonica-[0-9.-]+-.*\\.jar")))
        .contains("the native image library cannot be loaded: ", "Pixels[640 x 480 x 3]")
        .contains("refused: the native image library cannot be loaded");
    assertThat(run(jar -> !jar.contains("leptonica")))
        .contains("the native image library cannot be loaded: ", "Pixels[640 x 480 x 3]");
    assertThat(run(jar -> true)).contains("it is there").doesNotContain("refused");
  }
}
