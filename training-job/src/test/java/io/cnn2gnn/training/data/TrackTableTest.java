package io.cnn2gnn.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrackTableTest {
  private static final Map<String, String> IMAGES =
      Map.of(
          "train/Caf\u00e9/1.png", "zip/train/Cafe\u0301/1.png",
          "train/b/1.png", "zip/train/b/1.png",
          "train/b/2.png", "zip/train/b/2.png");

  private static Map<String, TrackFrame> read(String... lines) throws IOException {
    byte[] text = String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8);
    return TrackTable.read("tracks.tsv", new ByteArrayInputStream(text), IMAGES);
  }

  private static void fails(String message, String... lines) {
    assertThatThrownBy(() -> read(lines)).isInstanceOf(IOException.class).hasMessage(message);
  }

  @Test
  void columnsAreFoundByTheirNamesAndOthersAreNotRead() throws IOException {
    assertThat(
            read(
                "\ufefftrack\tnote\tFrame\tpath",
                "t 1\t-\t12\ttrain/b/1.png",
                "",
                "t 1\t-\t007\t.\\train\\b\\2.png"))
        .containsOnly(
            Map.entry("zip/train/b/1.png", new TrackFrame("t 1", 12)),
            Map.entry("zip/train/b/2.png", new TrackFrame("t 1", 7)));
  }

  @Test
  void aPathIsKnownInEitherWritingOfItsName() throws IOException {
    assertThat(read("path\ttrack\tframe", "train/Cafe\u0301/1.png\tt\t0"))
        .containsOnlyKeys("zip/train/Cafe\u0301/1.png");
    assertThat(TrackTable.key("train/Cafe\u0301/1.png")).isEqualTo("train/Caf\u00e9/1.png");
  }

  @Test
  void oneTrackMayGoOnInAnotherClassUnderItsNumbers() throws IOException {
    assertThat(read("path\ttrack\tframe", "train/Caf\u00e9/1.png\t0\t0", "train/b/1.png\t0\t0"))
        .hasSize(2);
  }

  @Test
  void everyLineThatIsWrongIsNamed() {
    fails(
        "tracks.tsv: line 2: there is no image train/c/1.png; line 3 has 2 columns; line 5:"
            + " train/b/1.png was named before; line 6: track t has a frame 01 already in this"
            + " class; line 7: the track of train/b/2.png has no name; line 8: frame '-1' is not a"
            + " whole number",
        "path\ttrack\tframe",
        "train/c/1.png\tt\t0",
        "train/b/1.png\tt",
        "train/b/1.png\tt\t1",
        "train/b/1.png\tt\t2",
        "train/b/2.png\tt\t01",
        "train/b/2.png\t\t3",
        "train/b/2.png\tt\t-1");
  }

  @Test
  void ofManyWrongLinesTheFirstAreNamedAndTheOthersCounted() {
    String[] lines = new String[52];
    Arrays.fill(lines, "gone.png\tt\t0");
    lines[0] = "path\ttrack\tframe";
    assertThatThrownBy(() -> read(lines)).hasMessageEndingWith("; and 31 more");
  }

  @Test
  void aTableOfSomethingElseIsNotRead() throws IOException {
    assertThat(read("class\ttrack\tframes\tmean_green", "0\t0\t30\t108.4")).isEmpty();
    fails(
        "tracks.tsv has the columns path, track, number; path, track and frame are needed, with"
            + " tabs between them",
        "path\ttrack\tnumber");
  }

  @Test
  void textThatIsNoUtf8IsRefused() {
    byte[] text = "path\ttrack\tframe\nCaf\u00e9\tt\t0".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> TrackTable.read("tracks.tsv", new ByteArrayInputStream(text), IMAGES))
        .hasMessage("tracks.tsv is not UTF-8");
  }
}
