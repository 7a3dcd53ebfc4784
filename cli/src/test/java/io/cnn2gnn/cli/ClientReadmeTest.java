package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a reader copies out of the README is what the other tests run. */
class ClientReadmeTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(?:java|js|python)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void theReadmeShowsPartsOfTheClientsAsTheyAreAndNoOtherCode() throws IOException {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Shipped.HOME.resolve("README.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    List<String> files =
        Stream.of(
                "java/Produce.java",
                "java/Consume.java",
                "node/produce.js",
                "node/consume.js",
                "python/produce.py",
                "python/consume.py")
            .map(ClientReadmeTest::read)
            .toList();
    assertThat(blocks)
        .isNotEmpty()
        .allSatisfy(block -> assertThat(files).anyMatch(file -> file.contains(block)));
  }

  private static String read(String file) {
    Path path = Shipped.HOME.resolve("clients").resolve(file);
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(path.toString(), e);
    }
  }
}
