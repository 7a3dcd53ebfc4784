package io.cnn2gnn.intake.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cnn2gnn.intake.files.Trees.Found;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWalkTest {
  @TempDir private Path folder;

  @Test
  void linksOfFoldersAndFilesAreFollowedAndSoIsTheRoot() throws IOException {
    Trees.put(folder, "2024-06-01/bag/1.png", "2024-06-01/dress/1.png", "mixed/dress/2.png");
    Files.createSymbolicLink(folder.resolve("current"), Path.of("2024-06-01"));
    Files.createSymbolicLink(folder.resolve("mixed/bag"), Path.of("../2024-06-01/bag"));
    Files.createSymbolicLink(
        folder.resolve("mixed/dress/3.png"), folder.resolve("2024-06-01/dress/1.png"));
    assertThat(Trees.in(folder.resolve("current")).images())
        .containsExactly("bag/1.png", "dress/1.png");
    assertThat(Trees.in(Path.of(folder + "/current/")).labels()).containsExactly("bag", "dress");
    assertThat(Trees.in(folder.resolve("mixed")).images())
        .containsExactly("bag/1.png", "dress/2.png", "dress/3.png");
  }

  @Test
  void aCircleOfLinksIsLeftOutOnceAndSaid() throws IOException {
    Trees.put(folder, "a/1.png", "b/2.png");
    Files.createSymbolicLink(folder.resolve("a/up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("b/self"), Path.of("self"));
    Found found = Trees.in(folder);
    assertThat(found.images()).containsExactly("a/1.png", "b/2.png");
    assertThat(found.leftOut())
        .isEqualTo(
            "left out 1 link that leads in a circle (a/up), 1 link that cannot be followed"
                + " (b/self)");
  }

  @Test
  void linksThatLeadNowhereAreToldAndThoseOfImagesAsImages() throws IOException {
    Trees.put(folder, "a/1.png");
    Files.createSymbolicLink(folder.resolve("a/2.png"), Path.of("gone.png"));
    Files.createSymbolicLink(folder.resolve("b"), Path.of("gone"));
    Found found = Trees.in(folder);
    assertThat(found.images()).containsExactly("a/1.png");
    assertThat(found.unreadable()).containsExactly("a/2.png: it is a link that cannot be followed");
    assertThat(found.leftOut()).contains("1 link that cannot be followed (b)");
  }

  @Test
  void hiddenAndSystemFilesAreLeftOutAtAnyDepthInOneLine() throws IOException {
    Trees.put(
        folder,
        "bag/1.JPG",
        "bag/._1.JPG",
        "bag/.ipynb_checkpoints/1-checkpoint.jpg",
        "bag/@eaDir/1.JPG/SYNOPHOTO_THUMB_M.jpg",
        ".Trash-1000/files/2.jpg",
        "$RECYCLE.BIN/3.jpg",
        "System Volume Information/4.jpg",
        "__MACOSX/bag/._1.JPG",
        "bag/Thumbs.db",
        "lost+found/5.jpg");
    Found found = Trees.in(folder);
    assertThat(found.images()).containsExactly("bag/1.JPG");
    assertThat(found.leftOut())
        .startsWith("left out 9 hidden or system files (")
        .endsWith(", ...)");
  }

  @Test
  void theRootIsReadWhateverItIsCalled() throws IOException {
    Trees.put(folder, ".cache/bag/1.png");
    assertThat(Trees.in(folder.resolve(".cache")).images()).containsExactly("bag/1.png");
  }

  @Test
  void filesOfOtherKindsAreCountedByTheirEndings() throws IOException {
    Trees.put(folder, "a/1.jpeg", "a/2.JFIF", "a/3.webp", "a/4.bmp", "a/5.BMP", "readme");
    Found found = Trees.in(folder);
    assertThat(found.images()).containsExactly("a/1.jpeg", "a/2.JFIF", "a/3.webp");
    assertThat(found.leftOut())
        .isEqualTo("left out 3 files that are no JPEG, PNG or WebP (.bmp, readme)");
  }

  @Test
  void aFileWithoutAnEndingIsAnImageIfItBeginsAsOne() throws IOException {
    byte[] png = "\u0089PNG\r\n\u001a\n....".getBytes(StandardCharsets.ISO_8859_1);
    Files.createDirectories(folder.resolve("a"));
    Files.write(folder.resolve("a/0123456789abcdef"), png);
    assertThat(Trees.in(folder).images()).containsExactly("a/0123456789abcdef");
  }

  @Test
  void aSocketIsNoImageWhateverItIsCalled() throws IOException {
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(folder.resolve("1.png")));
      assertThat(Trees.in(folder).unreadable())
          .containsExactly("1.png: it is a device, a pipe or a socket");
    }
  }

  @Test
  void whatMayNotBeReadIsToldFoldersInTheLineAndImagesByName() throws IOException {
    LeftOut leftOut = new LeftOut();
    Trees.put(folder, "bag/1.png", "private/2.png", "lost+found/3.png");
    try (FileTree tree = FileTree.of(folder.resolve("bag"), leftOut)) {
      FolderWalk walk = new FolderWalk(folder, tree);
      for (String name : new String[] {"private", "lost+found", "bag/1.png"}) {
        walk.visitFileFailed(folder.resolve(name), new AccessDeniedException(name));
      }
      assertThat(leftOut)
          .hasToString("left out 2 folders that may not be read (private, lost+found)");
      assertThat(tree.lost()).extracting(FileTree.Unreadable::path).containsExactly("private");
      walk.tell();
      assertThat(tree.unreadable())
          .extracting(FileTree.Unreadable::reason)
          .containsExactly("it may not be read by this user");
    }
  }

  @Test
  void foldersOfOtherUsersAreLeftOut() throws IOException {
    Trees.put(folder, "bag/1.png", "bag/2.png", "private/3.png");
    Files.setPosixFilePermissions(
        folder.resolve("private"), PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(
        folder.resolve("bag/2.png"), PosixFilePermissions.fromString("---------"));
    try {
      assumeThat(Files.isReadable(folder.resolve("private"))).as("root reads all").isFalse();
      Found found = Trees.in(folder);
      assertThat(found.images()).containsExactly("bag/1.png");
      assertThat(found.unreadable()).containsExactly("bag/2.png: it may not be read by this user");
      assertThat(found.leftOut()).contains("1 folder that may not be read (private)");
    } finally {
      Files.setPosixFilePermissions(
          folder.resolve("private"), PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aSourceThatIsNotThereOrNoZipIsNamed() throws IOException {
    assertThatThrownBy(() -> Trees.in(folder.resolve("nowhere")))
        .hasMessageContainingAll("nowhere", "does not exist");
    Trees.put(folder, "some.zip");
    assertThatThrownBy(() -> Trees.in(folder.resolve("some.zip")))
        .hasMessageContaining("some.zip is not a readable zip");
  }
}
