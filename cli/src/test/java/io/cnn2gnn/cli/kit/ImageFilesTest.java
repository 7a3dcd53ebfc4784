package io.cnn2gnn.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
  @TempDir private Path folder;

  @Test
  void findsTheWholeSampleSetWithItsLabels() throws Exception {
    List<ImageFile> files = ImageFiles.in(Shipped.SAMPLES);
    assertThat(files).hasSize(2400);
    assertThat(files.stream().filter(f -> f.isIn("test"))).hasSize(400);
    assertThat(files.stream().map(f -> f.label().orElseThrow()).distinct())
        .hasSize(10)
        .contains("T-shirt/top", "Ankle boot");
  }

  @Test
  void mixesTheClassesAndIsTheSameEveryTime() throws Exception {
    List<String> ids = ImageFiles.in(Shipped.SAMPLES).stream().map(ImageFile::id).toList();
    assertThat(ImageFiles.in(Shipped.SAMPLES).stream().map(ImageFile::id)).isEqualTo(ids);
    assertThat(
            ImageFiles.in(Shipped.SAMPLES).subList(0, 64).stream()
                .map(f -> f.label().orElseThrow())
                .collect(Collectors.toSet()))
        .hasSizeGreaterThan(7);
  }

  @Test
  void readsAFolderOfAnyDepth() throws Exception {
    Files.createDirectories(folder.resolve("train/50%"));
    Files.write(folder.resolve("train/50%/a.JPG"), new byte[] {1});
    Files.write(folder.resolve("top.png"), new byte[] {2});
    Files.write(folder.resolve("readme.txt"), new byte[] {3});
    List<ImageFile> files = ImageFiles.in(folder);
    assertThat(files)
        .extracting(ImageFile::id)
        .containsExactlyInAnyOrder("train/50%/a.JPG", "top.png");
    assertThat(files.stream().flatMap(f -> f.label().stream())).containsExactly("50%");
  }
}
