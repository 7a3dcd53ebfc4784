package io.cnn2gnn.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.intake.files.Split;
import java.io.IOException;
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
    assertThat(files.stream().filter(f -> f.isIn(Split.TEST))).hasSize(400);
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

  private void put(String... files) throws IOException {
    for (String file : files) {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[] {1});
    }
  }

  @Test
  void linksAreFollowedHiddenFilesLeftOutAndLabelsComposed() throws Exception {
    put("set/Cafe\u0301/1.png", "set/Cafe\u0301/._1.png", "set/.Trash-1000/2.png");
    Files.createSymbolicLink(folder.resolve("current"), folder.resolve("set"));
    List<ImageFile> files = ImageFiles.in(folder.resolve("current"));
    assertThat(files).extracting(ImageFile::id).containsExactly("Cafe\u0301/1.png");
    assertThat(files.get(0).label()).contains("Caf\u00e9");
  }

  @Test
  void anImageThatCannotBeReadIsNamedBeforeAnyIsSent() throws Exception {
    put("a/1.png");
    Files.createSymbolicLink(folder.resolve("a/2.png"), folder.resolve("gone.png"));
    assertThatThrownBy(() -> ImageFiles.in(folder))
        .isInstanceOf(CliException.class)
        .hasMessageContainingAll("a/2.png", "cannot be followed");
  }

  @Test
  void aFolderWithoutAnImageSaysWhatIsThere() throws Exception {
    put("a/1.bmp", "a/.2.png");
    assertThatThrownBy(() -> ImageFiles.in(folder))
        .isInstanceOf(CliException.class)
        .hasMessageContainingAll("holds no .png", "1 hidden", "1 file that is no JPEG", ".bmp");
  }
}
