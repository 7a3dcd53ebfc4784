package io.cnn2gnn.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarrierTest {
  @TempDir private Path folder;

  @Test
  void aReferenceToAnyFileOfAFolderIsOneThatTheTopologyFetches() throws Exception {
    Path odd = Files.createDirectories(folder.resolve("train/T-shirt%2Ftop"));
    Files.writeString(odd.resolve("ä + 100% #1?.png"), "one");
    Files.writeString(folder.resolve("plain.jpg"), "two");
    String prefix = folder.toUri().toString();
    ReferenceFetcher fetcher =
        new ReferenceFetcher(
            new ReferenceConfig(
                AllowList.of(AllowList.IMAGES, prefix), 100, Duration.ofSeconds(1)));
    Carrier carrier = Carrier.byReference(prefix);
    for (ImageFile file : ImageFiles.in(folder)) {
      byte[] bytes = file.content().read();
      ImageReference image = (ImageReference) carrier.content(file, bytes);
      assertThat(fetcher.fetch(image.getUri(), image.getSha256(), image.getSize()))
          .isEqualTo(bytes);
    }
  }

  @Test
  void anImageAboveTheLimitIsNamedWithItsSizeAndTheLimit() {
    ImageFile file = new ImageFile("a/b.png", ImageFormat.PNG, Optional.empty(), () -> new byte[0]);
    assertThatThrownBy(() -> new Carrier.Inline(10).content(file, new byte[11]))
        .isInstanceOf(CliException.class)
        .hasMessageContainingAll("a/b.png", "11 bytes", "limit is 10");
  }

  @Test
  void aPrefixThatCannotBeOneIsNamed() {
    for (String prefix :
        new String[] {"https://images.example.org/cam", "cam/", "a b/", "s3://bucket/cam/"}) {
      assertThatThrownBy(() -> Carrier.byReference(prefix))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("--by-reference");
    }
  }
}
