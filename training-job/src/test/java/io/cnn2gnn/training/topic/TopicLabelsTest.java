package io.cnn2gnn.training.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.ImageSet;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Labels of a topic of their own, joined with the images. */
class TopicLabelsTest {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final TimePoint EARLIEST = new TimePoint.Earliest();
  private static final TimePoint LATEST = new TimePoint.Latest();
  private static final Side SIDE = Side.of(1);
  private static final double HELD_OUT = 0.3;
  private static final Sampling SAMPLING =
      new Sampling(HELD_OUT, SIDE, 1, 1000, Optional.empty(), List.of());

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final FakeTopic images = new FakeTopic("images", 2, registry);
  private final FakeTopic labels = new FakeTopic("labels", 2, registry);
  private final TopicLabels said =
      new TopicLabels(
          "labels",
          labels::consumer,
          new LabelRecords(new WireReader<>(registry, "labels", Label.class)),
          PATIENCE);
  private final TopicImages topic =
      new TopicImages(
          "images",
          said,
          images::consumer,
          new WireReader<>(registry, "images", Image.class),
          PATIENCE);
  private long time;

  @AfterEach
  void everyConsumerIsClosed() {
    assertThat(images.open() + labels.open()).isZero();
  }

  private static boolean heldOut(String id) {
    return SIDE.fraction(FakeTopic.name(id)) < HELD_OUT;
  }

  /** The first image on one side or the other. */
  private static String id(boolean heldOut) {
    return ids().stream().filter(id -> heldOut(id) == heldOut).findFirst().orElseThrow();
  }

  private static List<String> ids() {
    return IntStream.range(0, 40).mapToObj(i -> "image-" + i).toList();
  }

  /** Forty images, of two classes or of none. */
  private void forty(boolean labelled) {
    int i = 0;
    for (String id : ids()) {
      images.send(i % 2, ++time, id, labelled ? i % 4 < 2 ? "dark" : "bright" : null, 10 + i);
      i++;
    }
  }

  private void say(String id, String label, String by, LabelKind kind) {
    labels.send(0, ++time, FakeTopic.label(id, label, by, kind));
  }

  private DataSet read() throws IOException, InterruptedException {
    return topic.read(topic.range(EARLIEST, LATEST), SAMPLING, Optional.empty());
  }

  private static Map<String, String> labels(ImageSet set) {
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < set.size(); i++) {
      int label = set.labels()[i];
      labels.put(set.id(i), label == ImageSet.UNLABELLED ? "" : set.classes().get(label));
    }
    return labels;
  }

  private static String antOrBee(String id) {
    return id.endsWith("1") || id.endsWith("2") ? "ant" : "bee";
  }

  @Test
  void imagesThatOnlyTheTopicLabelsAreLearnedFromAndMeasuredOn() throws Exception {
    forty(false);
    for (String id : ids()) {
      say(id, antOrBee(id), "ann", LabelKind.TRUTH);
    }
    DataSet set = read();
    assertThat(set.train().classes()).containsExactly("ant", "bee");
    assertThat(set.train().hasUnlabelled()).isFalse();
    assertThat(labels(set.train())).containsEntry(id(false), antOrBee(id(false)));
    assertThat(set.test().ids()).allMatch(TopicLabelsTest::heldOut);
    assertThat(set.train().size() + set.test().size()).isEqualTo(40);
    assertThat(set.train().name()).isEqualTo("images[0@0-19 1@0-19] with labels[0@0-39]");
  }

  @Test
  void aLabelOfTheTopicWinsUntilItIsTakenBack() throws Exception {
    forty(true);
    String id = id(false);
    String own = labels(read().train()).get(id);
    say(id, "odd", "ann", LabelKind.TRUTH);
    images.send(0, ++time, id, own, 99);
    assertThat(labels(read().train())).containsEntry(id, "odd");
    say(id, null, "bob", LabelKind.TRUTH);
    assertThat(labels(read().train())).containsEntry(id, "odd");
    say(id, null, "ann", LabelKind.TRUTH);
    assertThat(labels(read().train())).containsEntry(id, own);
  }

  @Test
  void truthOfAHeldOutImageIsMeasuredOnAndNeverLearnedFrom() throws Exception {
    forty(true);
    String id = id(true);
    images.send(0, ++time, id, null, 7);
    assertThat(read().test().ids()).doesNotContain(id);
    say(id, "dark", "ann", LabelKind.TRUTH);
    DataSet set = read();
    assertThat(labels(set.test())).containsEntry(id, "dark");
    assertThat(set.train().ids()).doesNotContain(id);
  }

  @Test
  void aCorrectionIsLearnedFromOnEitherSideAndNeverMeasuredOn() throws Exception {
    forty(true);
    for (String id : List.of(id(true), id(false))) {
      say(id, "dark", "ann", LabelKind.CORRECTION);
      DataSet set = read();
      assertThat(labels(set.train())).as(id).containsEntry(id, "dark");
      assertThat(set.test().ids()).as(id).doesNotContain(id);
    }
    say(id(true), null, "ann", LabelKind.CORRECTION);
    assertThat(read().test().ids()).contains(id(true));
  }

  /** Prototypes are the first images of each class. */
  @Test
  void correctedImagesOfTheHeldOutShareAreNotTheFirstOnes() throws Exception {
    forty(true);
    List<String> held = ids().stream().filter(TopicLabelsTest::heldOut).toList();
    for (String id : held.subList(0, held.size() - 1)) {
      say(id, "dark", "ann", LabelKind.CORRECTION);
    }
    List<String> order = read().train().ids();
    List<String> others = order.stream().filter(id -> !heldOut(id)).toList();
    double before =
        held.stream().filter(order::contains).mapToInt(order::indexOf).average().orElseThrow();
    double after = others.stream().mapToInt(order::indexOf).average().orElseThrow();
    assertThat(before / after).isBetween(0.6, 1.6);
    assertThat(others)
        .isSortedAccordingTo(
            (a, b) ->
                Double.compare(SIDE.fraction(FakeTopic.name(a)), SIDE.fraction(FakeTopic.name(b))));
  }

  @Test
  void oneIdOfTwoSourcesIsTwoImagesWithALabelEach() throws Exception {
    byte[] gate = "gate".getBytes(StandardCharsets.UTF_8);
    forty(true);
    int i = 0;
    for (String id : ids()) {
      byte[] shade = {(byte) i, 1, 2, 3};
      images.send(i % 2, ++time, gate, FakeTopic.image(id, Optional.of("dark"), 2, 2, shade));
      i++;
    }
    DataSet set = read();
    assertThat(set.train().size() + set.test().size()).isEqualTo(80);
    labels.send(1, ++time, gate, FakeTopic.label("image-0", "gone", "ann", LabelKind.CORRECTION));
    ImageSet train = read().train();
    int label = train.classes().indexOf("gone");
    int[] gone = IntStream.range(0, train.size()).filter(k -> train.labels()[k] == label).toArray();
    assertThat(gone).hasSize(1);
    assertThat(train.samples(gone[0], gone[0] + 1))
        .as("that of the gate")
        .containsExactly(0, 1, 2, 3);
  }

  @Test
  void recordsThatAreNoLabelAreCountedByReasonAndStopNothing() throws Exception {
    say("image-1", "dark", "ann", LabelKind.TRUTH);
    labels.sendBytes(0, 1, null);
    labels.sendBytes(1, 1, "text".getBytes(StandardCharsets.UTF_8));
    say("", "dark", "ann", LabelKind.TRUTH);
    say("image-1", "da\nrk", "ann", LabelKind.TRUTH);
    say("image-1", "dark", "", LabelKind.TRUTH);
    Skips skips = new Skips();
    Labels read = said.read(said.range(), skips);
    assertThat(skips.counts())
        .containsOnly(
            Map.entry("EMPTY_VALUE", 1L),
            Map.entry("INVALID_ID", 1L),
            Map.entry("INVALID_LABEL", 1L),
            Map.entry("INVALID_LABELLER", 1L),
            Map.entry("NO_MAGIC_BYTE", 1L));
    assertThat(read.of(FakeTopic.name("image-1"))).hasValue(new Labels.Label("dark", false));
  }

  @Test
  void theLabelsOfATrainingAreFixedWithItsImages() throws Exception {
    forty(true);
    say(id(false), "dark", "ann", LabelKind.TRUTH);
    StreamRange range = topic.range(EARLIEST, LATEST);
    ImageSet before = topic.read(range, SAMPLING, Optional.empty()).train();
    say(id(false), "odd", "ann", LabelKind.TRUTH);
    say(id(true), "odd", "ann", LabelKind.CORRECTION);
    assertThat(topic.read(range, SAMPLING, Optional.empty()).train().digest())
        .isEqualTo(before.digest());
    assertThat(read().train().digest()).isNotEqualTo(before.digest());
  }

  @Test
  void labelsOfImagesThatAreNotInTheRangeDoNotChangeWhatIsLearned() throws Exception {
    forty(true);
    String before = read().train().digest();
    say("somewhere else", "odd", "ann", LabelKind.TRUTH);
    assertThat(read().train().digest()).isEqualTo(before);
  }

  @Test
  void withoutTheTopicTheLabelsOfTheRecordsAreAllThereAre() throws Exception {
    forty(true);
    TopicLabels none =
        new TopicLabels(
            "nothing",
            labels::consumer,
            new LabelRecords(new WireReader<>(registry, "labels", Label.class)),
            PATIENCE);
    TopicImages alone =
        new TopicImages(
            "images",
            none,
            images::consumer,
            new WireReader<>(registry, "images", Image.class),
            PATIENCE);
    StreamRange range = alone.range(EARLIEST, LATEST);
    assertThat(range).hasToString("images[0@0-19 1@0-19]");
    DataSet set = alone.read(range, SAMPLING, Optional.empty());
    assertThat(set.train().digest()).isEqualTo(read().train().digest());
  }

  @Test
  void labelsThatWereMadeAnewAreNamed() throws Exception {
    forty(true);
    say(id(false), "dark", "ann", LabelKind.TRUTH);
    StreamRange range = topic.range(EARLIEST, LATEST);
    labels.clear();
    assertThatThrownBy(() -> topic.read(range, SAMPLING, Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("labels-0", "was the topic made anew?");
  }
}
