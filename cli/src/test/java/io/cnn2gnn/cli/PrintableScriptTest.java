package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cnn2gnn.schemas.Printable;
import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The filter of the kcat scripts shows what {@link Printable} shows. */
@Timeout(120)
class PrintableScriptTest {
  private static final String MARK = "e5a1";

  private static String shown(byte[] bytes) throws Exception {
    for (String program : new String[] {"bash", "awk", "tr"}) {
      assumeTrue(
          Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
              .anyMatch(entry -> Files.isExecutable(Path.of(entry, program))),
          program + " is not installed");
    }
    Path out = Files.createTempFile("printable", ".txt");
    try {
      Process process =
          new ProcessBuilder(Shipped.HOME.resolve("clients/kcat/printable.sh").toString(), MARK)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .redirectOutput(out.toFile())
              .start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(bytes);
      }
      assertThat(process.waitFor()).isZero();
      return Files.readString(out);
    } finally {
      Files.delete(out);
    }
  }

  private static String shown(String text) throws Exception {
    return shown(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatPrintsStaysAndAllElseIsShownAsTheCommandShowsIt() throws Exception {
    // Zero comes out as another; of half a character there are no bytes.
    String all =
        IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
            .filter(point -> Character.getType(point) != Character.SURROGATE)
            .filter(
                point ->
                    !Printable.of(Character.toString(point)).equals(Character.toString(point))
                        || point < 0x600
                        || point % 97 == 0)
            .filter(Character::isDefined)
            .mapToObj(Character::toString)
            .collect(Collectors.joining(" "));
    assertThat(shown(all + MARK + "\n")).isEqualTo(Printable.of(all) + "\n");
  }

  @Test
  void aRecordIsALineWhateverIsInIt() throws Exception {
    assertThat(shown("0 1 a\u001b[2J\n0 2 forged" + MARK + "\n0 3 b" + MARK + "\n"))
        .isEqualTo("0 1 a\\u001b[2J\\u000a0 2 forged\n0 3 b\n");
  }

  @Test
  void bytesThatAreNoTextAreShownAsBytes() throws Exception {
    byte[] bytes = {'a', (byte) 0x9b, '2', 'J', (byte) 0xe2, (byte) 0x80, ' ', (byte) 0xff, 'z'};
    assertThat(shown(bytes)).isEqualTo("a\\x9b2J\\xe2\\x80 \\xffz\\u000a\n");
    // A newline, written in more bytes than it needs.
    assertThat(shown(new byte[] {(byte) 0xc0, (byte) 0x8a})).isEqualTo("\\xc0\\x8a\\u000a\n");
  }
}
