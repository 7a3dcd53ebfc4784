package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
  private static final DataSets.Options PLAIN = new DataSets.Options(List.of(), Optional.empty());

  @TempDir private Path folder;

  private DataSet read() throws IOException {
    return DataSets.read(folder, PLAIN);
  }

  private void failsNaming(String... parts) {
    assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContainingAll(parts);
  }

  private static byte[] image(String format, int type, int width, int height, int value)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < image.getRaster().getNumBands(); band++) {
          image.getRaster().setSample(x, y, band, value);
        }
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, format, bytes);
    return bytes.toByteArray();
  }

  private static byte[] grey(int value) throws IOException {
    return image("jpeg", BufferedImage.TYPE_BYTE_GRAY, 16, 16, value);
  }

  private void put(String path, byte[] bytes) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void greyTree() throws IOException {
    put("train/day/1.jpg", grey(200));
    put("train/night/1.jpg", grey(30));
    put("train/night/2.jpg", grey(40));
    put("test/day/9.jpg", grey(210));
  }

  @Test
  void readsATreeOfGreyJpegsByTheirRasterSamples() throws IOException {
    greyTree();
    DataSet set = read();
    assertThat(set.train().classes()).containsExactly("day", "night");
    assertThat(set.train().labels()).containsExactly(0, 1, 1);
    assertThat(set.train().channels()).isEqualTo(1);
    // Through a conversion to sRGB 30 would become about 92.
    assertThat(set.train().samples(1, 2)).containsOnly((byte) 30);
    assertThat(set.test().labels()).containsExactly(0);
  }

  @Test
  void classFoldersMayBePercentEncoded() throws IOException {
    put("train/T-shirt%2Ftop/1.jpg", grey(1));
    put("train/50%/1.jpg", grey(1));
    put("test/50%/1.jpg", grey(1));
    assertThat(read().train().classes()).containsExactlyInAnyOrder("T-shirt/top", "50%");
  }

  @Test
  void bringsImagesOfDifferentSizesAndColoursToOneForm() throws IOException {
    put("train/a/1.png", image("png", BufferedImage.TYPE_3BYTE_BGR, 20, 10, 90));
    put("train/b/1.jpg", grey(100));
    put("val/a/1.jpg", grey(100));
    DataSet first = read();
    assertThat(first.train().width()).isEqualTo(20);
    assertThat(first.train().height()).isEqualTo(10);
    assertThat(first.train().channels()).isEqualTo(3);
    DataSets.Options small =
        new DataSets.Options(List.of("x", "y"), Optional.of(DataSets.Size.parse("8x6")));
    DataSet second = DataSets.read(folder, small);
    assertThat(second.test().width()).isEqualTo(8);
    assertThat(second.test().height()).isEqualTo(6);
    assertThat(second.train().classes()).containsExactly("x", "y");
    assertThat(second.train().samples(0, 1)).containsOnly((byte) 90);
  }

  @Test
  void unlabelledImagesJoinTheTrainingSplitWithoutALabel() throws IOException {
    greyTree();
    put("unlabelled/x.jpg", grey(99));
    put("unlabelled/deeper/y.jpg", grey(98));
    assertThat(read().train().labels()).containsExactly(0, 1, 1, -1, -1);
    assertThat(read().train().labelled()).containsExactly(0, 1, 2);
  }

  @Test
  void readsAZipAndAFolderOfZipsLikeATree() throws IOException {
    zip("train.zip", "train/day/1.jpg", "train/night/1.jpg");
    zip("test.zip", "test/night/1.jpg");
    assertThat(read().test().labels()).containsExactly(1);
    zip("all.zip", "train/day/1.jpg", "train/night/1.jpg", "test/day/1.jpg");
    assertThat(DataSets.read(folder.resolve("all.zip"), PLAIN).test().labels()).containsExactly(0);
  }

  @Test
  void anImageThatTwoZipsHaveIsNotReadTwice() throws IOException {
    zip("set.zip", "train/day/1.jpg", "train/night/1.jpg", "test/day/1.jpg");
    zip("set (1).zip", "train/day/1.jpg");
    failsNaming("set.zip!train/day/1.jpg", "the same image is in another zip");
  }

  private void zip(String name, String... entries) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      for (String entry : entries) {
        out.putNextEntry(new ZipEntry(entry));
        out.write(grey(50));
      }
    }
  }

  @Test
  void aBrokenImageIsNamedWithItsZip() throws IOException {
    greyTree();
    put("train/night/3.jpg", new byte[] {1, 2, 3});
    failsNaming("night", "3.jpg", "neither JPEG, PNG nor WebP", "mend or remove it");
    Files.write(folder.resolve("some.zip"), new byte[] {'P', 'K', 9, 9});
    failsNaming("some.zip", "not a readable zip");
  }

  @Test
  void unusableTreesAreRefusedWithTheReason() throws IOException {
    put("train/day/1.jpg", grey(1));
    failsNaming("test/CLASS/");
    put("test/day/1.jpg", grey(1));
    failsNaming("one class only");
    Files.createDirectories(folder.resolve("train/empty"));
    failsNaming("class empty has no training image");
    put("train/empty/1.jpg", grey(2));
    put("test/unheard/1.jpg", grey(2));
    failsNaming("unheard", "not in train/");
  }

  @Test
  void aFolderWithoutADataSetSaysWhatIsExpected() {
    failsNaming("holds no data set", "IDX", "CIFAR", "split/class/image");
    assertThatThrownBy(() -> DataSets.read(folder.resolve("nowhere"), PLAIN))
        .hasMessageContainingAll("nowhere", "does not exist");
  }

  private static byte[] cifar(int labelBytes, int... labels) {
    Random random = new Random(3);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int label : labels) {
      if (labelBytes == 2) {
        out.write(7);
      }
      out.write(label);
      byte[] planes = new byte[3072];
      random.nextBytes(planes);
      planes[0] = 11;
      planes[1024] = 22;
      planes[2048] = 33;
      out.writeBytes(planes);
    }
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  @Test
  void readsCifarTenOverSeveralFilesPlainOrGzippedAndInterleavesThePlanes() throws IOException {
    put("data_batch_1.bin", cifar(1, 0, 1));
    put("data_batch_2.bin.gz", gzip(cifar(1, 2)));
    put("test_batch.bin", cifar(1, 2));
    put("batches.meta.txt", "cat\ndog\nelk\n\n".getBytes(StandardCharsets.UTF_8));
    DataSet set = read();
    assertThat(set.train().labels()).containsExactly(0, 1, 2);
    assertThat(set.train().classes()).containsExactly("cat", "dog", "elk");
    assertThat(set.train().pixels()).startsWith(11, 22, 33);
  }

  @Test
  void readsCifarHundredByItsFineLabels() throws IOException {
    put("train.bin", cifar(2, 0, 1, 2));
    put("test.bin", cifar(2, 1));
    put("fine_label_names.txt", "a\nb\nc\n".getBytes(StandardCharsets.UTF_8));
    put("coarse_label_names.txt", "x\n".getBytes(StandardCharsets.UTF_8));
    assertThat(read().train().labels()).containsExactly(0, 1, 2);
    assertThat(read().train().classes()).containsExactly("a", "b", "c");
  }

  @Test
  void damagedCifarFilesAndLabelsOutOfRangeAreNamed() throws IOException {
    put("train.bin", new byte[3072]);
    put("test.bin", cifar(1, 1));
    failsNaming("train.bin", "3072 bytes");
    put("train.bin", cifar(1, 0, 1));
    DataSets.Options named = new DataSets.Options(List.of("only", "two"), Optional.empty());
    put("test.bin", cifar(1, 2));
    assertThatThrownBy(() -> DataSets.read(folder, named))
        .hasMessageContainingAll("test.bin", "label 2 is out of range", "2 class names");
    byte[] whole = gzip(cifar(1, 0, 1));
    put("train.bin", Arrays.copyOf(whole, whole.length / 2));
    failsNaming("train.bin", "truncated or damaged");
  }

  @Test
  void imagesLargerThanAModelTakesAreReadAtAGivenSizeAndNamedWithoutOne() throws IOException {
    put("train/a/1.png", image("png", BufferedImage.TYPE_BYTE_GRAY, 1100, 20, 90));
    put("train/b/1.jpg", grey(100));
    put("test/a/1.jpg", grey(100));
    failsNaming("1.png", "1100x20", "--input-size");
    DataSets.Options small =
        new DataSets.Options(List.of(), Optional.of(DataSets.Size.parse("8x6")));
    assertThat(DataSets.read(folder, small).train().samples(0, 1)).containsOnly((byte) 90);
  }

  @Test
  void hiddenFilesAreSkippedLinksFollowedAndImagesTooDeepNamed() throws IOException {
    greyTree();
    put("train/day/.DS_Store", new byte[] {1});
    put("elsewhere/cat.jpg", grey(70));
    Files.createSymbolicLink(folder.resolve("train/evening"), folder.resolve("elsewhere"));
    assertThat(read().train().classes()).containsExactly("day", "evening", "night");
    zip("tree.zip", "train/a/1.jpg", "train/b/1.jpg", "test/a/1.jpg", "train/b/.hidden");
    assertThat(DataSets.read(folder.resolve("tree.zip"), PLAIN).train().size()).isEqualTo(2);
    Files.delete(folder.resolve("tree.zip"));
    put("train/day/deeper/1.jpg", grey(1));
    failsNaming("deeper", "move it up");
  }

  @Test
  void classesOfTheSameNameAreRefused() throws IOException {
    put("train/a b/1.jpg", grey(1));
    put("train/a%20b/1.jpg", grey(1));
    put("test/a b/1.jpg", grey(1));
    failsNaming("classes of the same name", "a b");
  }

  @Test
  void allBrokenImagesAreNamedAtOnce() throws IOException {
    greyTree();
    put("train/night/3.jpg", new byte[] {1, 2, 3});
    put("train/day/deeper/4.jpg", grey(1));
    put("test/day/5.png", new byte[0]);
    failsNaming(
        "3 files cannot be used", "3.jpg: neither JPEG", "4.jpg: it lies", "5.png: the image");
  }

  @Test
  void splitsHaveTheirUsualNamesInAnyCase() throws IOException {
    put("Training/day/1.jpg", grey(200));
    put("Training/night/1.jpg", grey(30));
    put("Valid/day/9.jpg", grey(210));
    assertThat(read().train().classes()).containsExactly("day", "night");
    assertThat(read().test().ids()).containsExactly("Valid/day/9.jpg");
  }

  @Test
  void aSetMayLieInFoldersOfItsOwn() throws IOException {
    put("README.md", new byte[] {1});
    put("set/v2/train/day/1.jpg", grey(200));
    put("set/v2/train/night/1.jpg", grey(30));
    put("set/v2/test/day/9.jpg", grey(210));
    assertThat(read().train().ids())
        .containsExactly("set/v2/train/day/1.jpg", "set/v2/train/night/1.jpg");
    put("other/train/day/1.jpg", grey(200));
    failsNaming("several sets", "other/, set/v2/");
  }

  @Test
  void idxFilesAndZipsMayLieInAFolderOfTheirOwn() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("mnist/raw"));
    IdxFiles.write(inner, 8, 4);
    assertThat(read().train().size()).isEqualTo(8);
    try (Stream<Path> files = Files.list(inner)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    zip("mnist/raw/all.ZIP", "train/day/1.jpg", "train/night/1.jpg", "test/day/1.jpg");
    assertThat(read().train().size()).isEqualTo(2);
  }

  @Test
  void composedAndDecomposedNamesAreOneClass() throws IOException {
    put("train/Caf\u00e9/1.jpg", grey(200));
    put("train/Cafe\u0301/1.jpg", grey(200));
    put("train/Kleid/1.jpg", grey(30));
    put("test/Cafe\u0301/9.jpg", grey(210));
    DataSet set = read();
    assertThat(set.train().classes()).containsExactly("Caf\u00e9", "Kleid");
    assertThat(set.train().labels()).containsExactly(0, 0, 1);
    assertThat(set.test().labels()).containsExactly(0);
    assertThat(set.test().inClasses(List.of("Kleid", "Caf\u00e9")).labels()).containsExactly(1);
  }

  @Test
  void zipsOfWindowsWithAFolderOnTopAreRead() throws IOException {
    zip("tree.zip", "set\\train\\a\\1.jpg", "set\\train\\b\\1.jpg", "set\\test\\a\\1.jpg");
    assertThat(read().train().classes()).containsExactly("a", "b");
    assertThat(read().test().ids()).containsExactly("set/test/a/1.jpg");
  }

  @Test
  void ofSeveralSetsInOneFolderOneIsRead() throws IOException {
    greyTree();
    put("weights.bin", new byte[] {1});
    assertThat(read().train().size()).isEqualTo(3);
    zip("all.zip", "train/day/1.jpg", "train/night/1.jpg", "test/day/1.jpg");
    assertThat(read().train().size()).isEqualTo(2);
    IdxFiles.write(folder, 8, 4);
    assertThat(read().train().size()).isEqualTo(8);
  }

  @Test
  void aClassFolderThatCannotBeLookedIntoIsNamed() throws IOException {
    greyTree();
    Files.createSymbolicLink(folder.resolve("train/evening"), folder.resolve("gone"));
    failsNaming("train/evening", "cannot be looked into");
    Files.delete(folder.resolve("train/evening"));
    Files.createSymbolicLink(folder.resolve("docs"), folder.resolve("gone"));
    assertThat(read().train().size()).isEqualTo(3);
  }

  @Test
  void everyClassThatIsTestedAndNotTrainedIsNamed() throws IOException {
    greyTree();
    put("test/dawn/1.jpg", grey(2));
    put("test/dusk/1.jpg", grey(2));
    failsNaming("of dawn, dusk there are images in test/, but not in train/");
  }

  @Test
  void aTableOfTracksWinsOverTheNamesOfFiles() throws IOException {
    put("set/train/a/x.png", grey(1));
    put("set/train/a/y.png", grey(1));
    put("set/train/a/z.png", grey(1));
    put("set/train/b/1.png", grey(1));
    put("set/test/a/1.png", grey(1));
    put(
        "set/tracks.tsv",
        "path\ttrack\tframe\ntrain/a/z.png\t7\t1\ntrain/a/x.png\t7\t2\n"
            .getBytes(StandardCharsets.UTF_8));
    DataSet set = read();
    assertThat(Tracks.of(set.train()).all())
        .containsExactly(new int[] {2, 0}, new int[] {1}, new int[] {3});
    assertThat(Tracks.of(set.test()).isEmpty()).isTrue();
    put("set/tracks.tsv", "path\ttrack\tframe\ngone.png\t7\t1\n".getBytes(StandardCharsets.UTF_8));
    failsNaming("tracks.tsv", "line 2: there is no image gone.png");
  }

  @Test
  void aTableOfTracksMayLieInAZipOrBesideSeveral() throws IOException {
    zip("train.zip", "train/a/1.jpg", "train/a/2.jpg", "train/b/1.jpg");
    zip("test.zip", "test/a/1.jpg");
    put(
        "tracks.tsv",
        "frame\tpath\ttrack\n2\ttrain/a/1.jpg\tt\n1\ttrain/a/2.jpg\tt\n"
            .getBytes(StandardCharsets.UTF_8));
    assertThat(Tracks.of(read().train()).all()).containsExactly(new int[] {1, 0}, new int[] {2});
  }

  @Test
  void imagesThatCannotBeReadAreNamedEvenIfAllAreSuch() throws IOException {
    Files.createDirectories(folder.resolve("set/train/a"));
    Files.createDirectories(folder.resolve("set/test/a"));
    Files.createSymbolicLink(folder.resolve("set/train/a/1.png"), folder.resolve("gone"));
    Files.createSymbolicLink(folder.resolve("set/test/a/2.png"), folder.resolve("gone"));
    failsNaming("2 files cannot be used", "1.png", "2.png", "a link that cannot be followed");
  }
}
