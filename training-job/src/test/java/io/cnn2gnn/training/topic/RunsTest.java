package io.cnn2gnn.training.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.TrackFrame;
import io.cnn2gnn.training.data.Tracks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunsTest {
  private final List<StreamImage> images = new ArrayList<>();

  private void send(String source, String labels) {
    for (int k = 0; k < labels.length(); k++) {
      char label = labels.charAt(k);
      int i = images.size();
      images.add(
          new StreamImage(
              new ImageName(
                  Optional.of(source).filter(s -> !s.isEmpty()).map(RunsTest::bytes), "image-" + i),
              label == '-' ? Optional.empty() : Optional.of(Character.toString(label)),
              false,
              0.5,
              new Arrival(1000L * i, source.length(), i),
              new byte[] {(byte) i}));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The images of each track, by their numbers in the order in which they were sent. */
  private List<List<Integer>> tracks() {
    List<StreamImage> shuffled = new ArrayList<>(images);
    Collections.shuffle(shuffled, new Random(1));
    Map<ImageName, TrackFrame> frames = Runs.of(shuffled);
    List<String> classes = List.of("a", "b");
    int[] labels =
        images.stream()
            .mapToInt(image -> image.label().map(classes::indexOf).orElse(ImageSet.UNLABELLED))
            .toArray();
    ImageSet set =
        new ImageSet(
            "stream",
            1,
            1,
            1,
            new byte[images.size()],
            labels,
            classes,
            images.stream().map(image -> image.name().id()).toList(),
            Runs.of(images, frames));
    return Tracks.of(set).all().stream()
        .filter(track -> track.length > 1)
        .map(track -> Arrays.stream(track).boxed().toList())
        .toList();
  }

  @Test
  void whatOneSourceShowsUnderOneLabelIsATrack() {
    send("garden", "aaaabbbb");
    send("street", "bbbbaaaa");
    assertThat(tracks())
        .containsExactlyInAnyOrder(
            List.of(0, 1, 2, 3),
            List.of(4, 5, 6, 7),
            List.of(8, 9, 10, 11),
            List.of(12, 13, 14, 15));
  }

  @Test
  void imagesThatNobodyLabelledArePassedOver() {
    send("garden", "aa--aabbbb");
    send("street", "aaaabb-bb");
    assertThat(tracks()).contains(List.of(0, 1, 4, 5)).hasSize(4);
  }

  @Test
  void aShuffledStreamHasNoTracks() {
    send("garden", "abababaabbababab");
    assertThat(tracks()).isEmpty();
  }

  @Test
  void nothingIsATrackWhereImagesWereSentClassByClass() {
    send("upload", "aaaaaaaabbbbbbbb");
    assertThat(tracks()).isEmpty();
  }

  @Test
  void imagesWithoutASourceAreInNone() {
    send("", "aaaabbbbaaaabbbb");
    assertThat(tracks()).isEmpty();
  }
}
