package io.cnn2gnn.intake.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.cnn2gnn.intake.files.Trees.Found;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream.UnicodeExtraFieldPolicy;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipWalkTest {
  private static final byte[] CONTENT = "some bytes".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private Found in(byte[] zip) throws IOException {
    return Trees.in(write(zip));
  }

  private Path write(byte[] zip) throws IOException {
    return Files.write(folder.resolve("some.zip"), zip);
  }

  private byte[] content(byte[] zip) throws IOException {
    try (FileTree tree = FileTree.of(write(zip), new LeftOut())) {
      return tree.images().get(0).content().open().readAllBytes();
    }
  }

  /** A zip of one entry. */
  private interface Writing {
    void to(ZipArchiveOutputStream zip) throws IOException;
  }

  private byte[] written(Writing writing) throws IOException {
    Path file = folder.resolve("written.zip");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
      writing.to(zip);
    }
    return Files.readAllBytes(file);
  }

  private static void put(ZipArchiveOutputStream zip, String name) throws IOException {
    zip.putArchiveEntry(new ZipArchiveEntry(name));
    zip.write(CONTENT);
    zip.closeArchiveEntry();
  }

  @Test
  void foldersNeedNoEntriesAndImagesKeepTheZipsOrder() throws IOException {
    Path zip = write(ZipBytes.of("train/b/2.png", "train/b/1.png", "train/a/", "train/a/1.png"));
    assertThat(Trees.in(zip).images())
        .containsExactly("train/b/2.png", "train/b/1.png", "train/a/1.png");
    try (FileTree tree = FileTree.of(zip, new LeftOut())) {
      assertThat(tree.folders()).containsExactly("train", "train/a", "train/b");
    }
  }

  @Test
  void namesThatAreNotWhatTheirFlagSaysAreTold() throws IOException {
    byte[] zip =
        written(
            out -> {
              out.setEncoding("UTF-8");
              out.setUseLanguageEncodingFlag(true);
              put(out, "train/cafQ/1.png");
              put(out, "train/cafR/1.png");
            });
    for (int i = 0; i + 3 < zip.length; i++) {
      if (zip[i] == 'c' && zip[i + 1] == 'a' && zip[i + 2] == 'f') {
        zip[i + 3] = (byte) (zip[i + 3] == 'Q' ? 0xe9 : 0xe8);
      }
    }
    Found found = in(zip);
    assertThat(found.images()).isEmpty();
    assertThat(found.unreadable()).hasSize(2);
  }

  @Test
  void backslashesSeparateFolders() throws IOException {
    Found found =
        in(ZipBytes.of("mine\\train\\bag\\", "mine\\train\\bag\\1.png", "mine\\test\\bag/2.png"));
    assertThat(found.images()).containsExactly("mine/train/bag/1.png", "mine/test/bag/2.png");
    assertThat(found.labels()).containsExactly("bag", "bag");
  }

  @Test
  void whatMacOsAddsIsLeftOut() throws IOException {
    Found found =
        in(ZipBytes.of("bag/1.jpg", "__MACOSX/bag/._1.jpg", "__MACOSX/._bag", "bag/.DS_Store"));
    assertThat(found.images()).containsExactly("bag/1.jpg");
    assertThat(found.leftOut())
        .isEqualTo("left out 2 hidden or system files (__MACOSX, bag/.DS_Store)");
  }

  @Test
  void namesAreReadByTheirFlagAsUtf8OrElseAsTheFirstPcs() throws IOException {
    String name = "Caf\u00e9/1.png";
    assertThat(in(ZipBytes.of(name)).images()).containsExactly(name);
    byte[] silent = ZipBytes.of(StandardCharsets.ISO_8859_1, bytes(name, StandardCharsets.UTF_8));
    assertThat(in(silent).images()).containsExactly(name);
    assertThat(in(ZipBytes.of(Charset.forName("IBM437"), name)).images()).containsExactly(name);
  }

  /** A text whose characters are the bytes of another. */
  private static String bytes(String text, Charset charset) {
    return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aNameInAnExtraFieldIsTheOneThatCounts() throws IOException {
    byte[] zip =
        written(
            out -> {
              out.setEncoding("IBM437");
              out.setUseLanguageEncodingFlag(false);
              out.setCreateUnicodeExtraFields(UnicodeExtraFieldPolicy.ALWAYS);
              put(out, "\u978d/1.png");
            });
    assertThat(in(zip).labels()).containsExactly("\u978d");
  }

  @Test
  void zip64IsRead() throws IOException {
    byte[] zip =
        written(
            out -> {
              out.setUseZip64(Zip64Mode.Always);
              put(out, "bag/1.png");
            });
    assertThat(in(zip).images()).containsExactly("bag/1.png");
    assertThat(content(zip)).isEqualTo(CONTENT);
  }

  @Test
  void pathsThatLeadOutOrBeginAtTheRootDoNoHarm() throws IOException {
    Found found =
        in(
            ZipBytes.of(
                "../../etc/1.png", "a\\..\\2.png", "/bag/3.png", "./bag//4.png", "C:\\x\\5.png"));
    assertThat(found.images()).containsExactly("bag/3.png", "bag/4.png", "C:/x/5.png");
    assertThat(found.leftOut()).startsWith("left out 2 entries whose paths lead out of the zip");
  }

  @Test
  void whatIsProtectedOrCompressedOtherwiseIsToldByName() throws IOException {
    byte[] zip = ZipBytes.of("bag/1.png", "bag/readme.txt");
    assertThat(in(ZipBytes.flagged(zip, 1)).unreadable())
        .containsExactly(
            "bag/1.png: it is protected by a password (unpack the zip, or pack it without one)");
    assertThat(in(ZipBytes.compressedBy(zip, 14)).unreadable())
        .singleElement()
        .asString()
        .contains("bag/1.png: it is compressed with LZMA, which is not read");
    assertThat(in(ZipBytes.compressedBy(zip, 95)).unreadable().get(0)).contains("XZ");
    assertThat(in(ZipBytes.compressedBy(zip, 55)).unreadable().get(0)).contains("method 55");
  }

  @Test
  void whatMayBeAnImageAndCannotBeReadIsNoOtherFile() throws IOException {
    assertThat(in(ZipBytes.flagged(ZipBytes.of("bag/0123abcd"), 1)).leftOut())
        .isEqualTo("left out 1 file that cannot be read (bag/0123abcd)");
  }

  @Test
  void aTableOfTracksCountsWhereTheSetBegins() throws IOException {
    assertThat(in(ZipBytes.of("train/bag/1.png", "train/tracks.tsv")).leftOut())
        .contains("1 tracks.tsv that does not lie where the set begins (train/tracks.tsv)");
    assertThat(in(ZipBytes.of("train/bag/1.png", "tracks.tsv")).leftOut()).isEmpty();
  }

  @Test
  void deflate64AndZstandardAreRead() throws IOException {
    byte[] deflate64 = ZipBytes.compressedBy(ZipBytes.of("bag/1.png"), 9);
    assertThat(content(deflate64)).asString().isEqualTo("bag/1.png");
    byte[] packed = Zstd.compress(CONTENT);
    CRC32 sum = new CRC32();
    sum.update(CONTENT);
    byte[] zstandard =
        written(
            out -> {
              ZipArchiveEntry entry = new ZipArchiveEntry("bag/1.png");
              entry.setMethod(ZipMethod.ZSTD.getCode());
              entry.setSize(CONTENT.length);
              entry.setCompressedSize(packed.length);
              entry.setCrc(sum.getValue());
              out.addRawArchiveEntry(entry, new ByteArrayInputStream(packed));
            });
    assertThat(content(zstandard)).isEqualTo(CONTENT);
  }

  @Test
  void anEntryThatIsThereTwiceIsTold() throws IOException {
    assertThat(in(ZipBytes.of("bag/1.png", "bag\\1.png")).unreadable())
        .containsExactly("bag/1.png: it is there twice");
  }

  @Test
  void aLinkIsToldAsOne() throws IOException {
    byte[] zip =
        written(
            out -> {
              ZipArchiveEntry link = new ZipArchiveEntry("bag/1.png");
              link.setUnixMode(0120777);
              out.putArchiveEntry(link);
              out.write("../2.png".getBytes(StandardCharsets.UTF_8));
              out.closeArchiveEntry();
            });
    assertThat(in(zip).unreadable()).singleElement().asString().contains("it is a link");
  }

  @Test
  void anyNameBecomesAPathInsideTheZipOrIsAccountedFor() throws IOException {
    Random random = new Random(20240601);
    String alphabet = "ab./\\.:%$_\u0000\u0080\u00c3\u00a9\u00ff\u00ed\u00a0";
    for (int round = 0; round < 2000; round++) {
      StringBuilder name = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        name.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String image = name + (random.nextBoolean() ? "/1.png" : "\\1.png");
      byte[] zip = ZipBytes.of(StandardCharsets.ISO_8859_1, image);
      Found found = in(random.nextInt(4) == 0 ? ZipBytes.flagged(zip, 1 << 11) : zip);
      String told = Arrays.toString(image.getBytes(StandardCharsets.ISO_8859_1)) + " " + found;
      if (found.images().isEmpty()) {
        assertThat(found.leftOut() + found.unreadable()).as(told).hasSizeGreaterThan(2);
      } else {
        List<String> parts = List.of(found.images().get(0).split("/", -1));
        assertThat(parts)
            .as(told)
            .doesNotContain("", ".", "..")
            .noneMatch(part -> part.contains("\\"));
      }
    }
  }

  @Test
  void aDamagedZipIsAnErrorOrLeavesImagesThatAre() throws IOException {
    Random random = new Random(20240602);
    byte[] whole = ZipBytes.of("train/bag/1.png", "caf\u00e9/2.jpg", "x");
    for (int round = 0; round < 3000; round++) {
      byte[] zip = Arrays.copyOf(whole, whole.length - (round % 3 == 0 ? random.nextInt(60) : 0));
      for (int i = random.nextInt(4); i >= 0; i--) {
        zip[random.nextInt(zip.length)] = (byte) random.nextInt(256);
      }
      try (FileTree tree = FileTree.of(write(zip), new LeftOut())) {
        for (FoundImage image : tree.images()) {
          image.content().open().readNBytes(100);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }
}
