package io.cnn2gnn.training.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.DataSource;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.topic.TopicRange.Span;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicImagesTest {
  private static final TimePoint EARLIEST = new TimePoint.Earliest();
  private static final TimePoint LATEST = new TimePoint.Latest();
  private static final Side SIDE = Side.of(1);
  private static final Sampling FIFTH =
      new Sampling(0.2, SIDE, 1, 1000, Optional.empty(), List.of());

  private final FlakyRegistry registry = new FlakyRegistry();
  private final FakeTopic topic = new FakeTopic("images", 2, registry);
  private final TopicLabels labels =
      new TopicLabels(
          "labels",
          topic::consumer,
          new LabelRecords(new WireReader<>(registry, "labels", Label.class)),
          Duration.ofMillis(500));
  private final TopicImages images =
      new TopicImages(
          "images",
          labels,
          topic::consumer,
          new WireReader<>(registry, "images", Image.class),
          Duration.ofMillis(500));

  private static final class FlakyRegistry extends MockSchemaRegistryClient {
    private boolean away;

    @Override
    public ParsedSchema getSchemaBySubjectAndId(String subject, int id)
        throws IOException, RestClientException {
      if (away) {
        throw new ConnectException("away");
      }
      return super.getSchemaBySubjectAndId(subject, id);
    }
  }

  @AfterEach
  void everyConsumerIsClosed() {
    assertThat(topic.open()).isZero();
  }

  private static double fraction(String id) {
    return SIDE.fraction(FakeTopic.name(id));
  }

  private DataSet read(Sampling sampling) throws IOException, InterruptedException {
    return images.read(images.range(EARLIEST, LATEST), sampling, Optional.empty());
  }

  /** Forty images of two classes on two partitions, one a second. */
  private void forty() {
    for (int i = 0; i < 40; i++) {
      topic.send(i % 2, 1000L * i, "image-" + i, i % 4 < 2 ? "dark" : "bright", 10 + i);
    }
  }

  /** Ids to labels. */
  private static Map<String, String> labels(ImageSet set) {
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < set.size(); i++) {
      int label = set.labels()[i];
      labels.put(set.id(i), label == ImageSet.UNLABELLED ? "" : set.classes().get(label));
    }
    return labels;
  }

  private static int shade(ImageSet set, String id) {
    return set.samples(set.ids().indexOf(id), set.ids().indexOf(id) + 1)[0];
  }

  @Test
  void everyIdFallsOnOneSideAndAlwaysOnTheSame() throws Exception {
    forty();
    DataSet before = read(FIFTH);
    assertThat(before.test().size()).isBetween(4, 14);
    assertThat(before.train().size() + before.test().size()).isEqualTo(40);
    assertThat(before.train().ids()).doesNotContainAnyElementsOf(before.test().ids());
    assertThat(before.train().classes()).containsExactly("bright", "dark");
    for (int i = 40; i < 80; i++) {
      topic.send(0, 1000L * i, "image-" + i, "dark", 7);
    }
    DataSet after = read(FIFTH);
    assertThat(after.test().ids()).containsAll(before.test().ids());
    assertThat(after.train().ids()).containsAll(before.train().ids());
  }

  @Test
  void theLastRecordOfAnIdCounts() throws Exception {
    forty();
    topic.send(1, 50_000, "image-3", "dark", 99);
    topic.send(0, 60_000, "image-4", null, 98);
    // Sent before, on the partition that is read later.
    topic.send(1, 1, "image-20", "bright", 97);
    DataSet set = read(new Sampling(0.2, SIDE, 1, 1000, Optional.empty(), List.of()));
    Map<String, String> all = labels(set.train());
    all.putAll(labels(set.test()));
    assertThat(all).hasSize(fraction("image-4") < 0.2 ? 39 : 40);
    assertThat(all).containsEntry("image-3", "dark").containsEntry("image-20", "dark");
    ImageSet three = set.train().ids().contains("image-3") ? set.train() : set.test();
    assertThat(shade(three, "image-3")).isEqualTo(99);
  }

  @Test
  void unlabelledImagesAreForTheTeacherUnlessTheirIdIsHeldOut() throws Exception {
    forty();
    for (int i = 0; i < 100; i++) {
      topic.send(0, 0, "unknown-" + i, null, 5);
    }
    DataSet set = read(FIFTH);
    List<String> taken =
        labels(set.train()).entrySet().stream()
            .filter(e -> e.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    assertThat(taken).hasSizeBetween(60, 95).allMatch(id -> fraction(id) >= 0.2);
    assertThat(set.test().hasUnlabelled()).isFalse();
  }

  @Test
  void rangesAreByTimeAndFixedWhenTheyAreMade() throws Exception {
    forty();
    StreamRange range =
        images.range(
            new TimePoint.At(Instant.ofEpochSecond(10)),
            new TimePoint.At(Instant.ofEpochSecond(21)));
    assertThat(range.images().partitions())
        .containsOnly(Map.entry(0, new Span(5, 11)), Map.entry(1, new Span(5, 10)));
    StreamRange open = images.range(new TimePoint.At(Instant.ofEpochSecond(30)), LATEST);
    for (int i = 40; i < 60; i++) {
      topic.send(i % 2, 1000L * i, "image-" + i, "dark", 1);
    }
    DataSet set = images.read(open, FIFTH, Optional.empty());
    assertThat(set.train().size() + set.test().size()).isEqualTo(10);
    assertThat(
            images.range(new TimePoint.At(Instant.ofEpochSecond(99)), LATEST).images().partitions())
        .containsOnly(Map.entry(0, new Span(30, 30)), Map.entry(1, new Span(30, 30)));
    assertThat(range).hasToString("images[0@5-10 1@5-9]");
  }

  @Test
  void whatIsNoImageIsPassedOverAndCountedByReason() throws Exception {
    forty();
    topic.sendBytes(0, 1, new byte[] {9, 9});
    topic.sendBytes(0, 1, null);
    topic.sendBytes(1, 1, "text".getBytes(StandardCharsets.UTF_8));
    topic.send(
        0, 1, FakeTopic.image("cut", Optional.of("dark"), ImageFormat.PNG, 0, 0, new byte[] {1}));
    topic.send(0, 1, FakeTopic.image("size", Optional.of("dark"), 3, 3, new byte[] {1, 2}));
    Image away = FakeTopic.image("away", Optional.of("dark"), 1, 1, new byte[] {1});
    away.setContent(new ImageReference("file:///x.png", "ab".repeat(32), 1L));
    topic.send(1, 1, away);
    topic.send(1, 1, FakeTopic.image("", Optional.of("dark"), 1, 1, new byte[] {1}));
    topic.send(1, 1, FakeTopic.image("l", Optional.of(""), 1, 1, new byte[] {1}));
    topic.send(1, 1, FakeTopic.image("m", Optional.of("da\nrk"), 1, 1, new byte[] {1}));
    DataSet set = read(FIFTH);
    assertThat(set.train().size() + set.test().size()).isEqualTo(40);
    Skips skips = new Skips();
    try (StreamDecoder decoder =
            new StreamDecoder(
                new WireReader<>(registry, "images", Image.class), skips, Optional.empty());
        var consumer = topic.consumer()) {
      consumer.assign(List.of(new TopicPartition("images", 0), new TopicPartition("images", 1)));
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ZERO)) {
        decoder.decode(record);
      }
    }
    assertThat(skips.counts())
        .containsOnly(
            Map.entry("BY_REFERENCE", 1L),
            Map.entry("EMPTY_VALUE", 1L),
            Map.entry("INVALID_ID", 1L),
            Map.entry("INVALID_LABEL", 2L),
            Map.entry("NO_MAGIC_BYTE", 2L),
            Map.entry("RAW_SIZE_MISMATCH", 1L),
            Map.entry("UNSUPPORTED_FORMAT", 1L));
  }

  @Test
  void imagesAreBroughtToTheSizeOfTheFirstLabelledOneOrTheOneThatIsAsked() throws Exception {
    topic.send(0, 0, FakeTopic.image("wide", Optional.empty(), 4, 1, new byte[] {1, 2, 3, 4}));
    forty();
    ImageSet own = read(FIFTH).train();
    assertThat(List.of(own.height(), own.width(), own.channels())).containsExactly(2, 2, 1);
    Sampling asked =
        new Sampling(0.2, SIDE, 1, 1000, Optional.of(new DataSets.Size(3, 5)), List.of());
    ImageSet set = read(asked).train();
    assertThat(List.of(set.height(), set.width(), set.channels())).containsExactly(3, 5, 1);
  }

  @Test
  void theNewestImagesAreKeptWhereNotAllFit() throws Exception {
    forty();
    DataSet set = read(new Sampling(0.2, SIDE, 1, 12, Optional.empty(), List.of()));
    Map<String, String> kept = labels(set.train());
    kept.putAll(labels(set.test()));
    assertThat(kept.keySet())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(28, 40).mapToObj(i -> "image-" + i).toList());
  }

  @Test
  void classesOfTheActiveModelKeepTheirPlacesAndNewOnesFollowInOrder() throws Exception {
    forty();
    for (int i = 0; i < 5; i++) {
      topic.send(0, 90_000, "zebra-" + i, "zebra", 1);
      topic.send(0, 90_000, "ape-" + i, "ape", 1);
    }
    Sampling sampling =
        new Sampling(0.2, SIDE, 1, 1000, Optional.empty(), List.of("dark", "bright"));
    assertThat(read(sampling).train().classes()).containsExactly("dark", "bright", "ape", "zebra");
  }

  @Test
  void aClassWithTooFewImagesIsLeftOutAndNamedAndStopsNothing() throws Exception {
    forty();
    for (int i = 0; i < 3; i++) {
      topic.send(0, 90_000, "zebra-" + i, "zebra", 1);
    }
    topic.send(0, 91_000, "zzz", "zzz", 1);
    Sampling three =
        new Sampling(0.2, SIDE, 3, 1000, Optional.empty(), List.of("dark", "lost", "bright"));
    DataSet set =
        new StreamData(images, images.range(EARLIEST, LATEST), three, Optional.empty()).read();
    assertThat(set.train().classes()).containsExactly("dark", "bright", "zebra");
    assertThat(set.test().classes()).isEqualTo(set.train().classes());
    assertThat(set.train().size() + set.test().size()).isEqualTo(43);
    assertThat(set.train().name()).endsWith("without lost (0), zzz (1)");
    Map<String, String> all = labels(set.train());
    all.putAll(labels(set.test()));
    assertThat(all).doesNotContainKey("zzz").containsEntry("image-1", "dark");
    Sampling many = new Sampling(0.2, SIDE, 100, 1000, Optional.empty(), List.of());
    assertThatThrownBy(() -> read(many))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("bright (20)", "zzz (1)", "--min-class-images");
  }

  /** It would be learned from by nobody, and every answer would be wrong. */
  @Test
  void aClassThatIsHeldOutAltogetherIsLeftOut() throws Exception {
    forty();
    String held =
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> "zebra-" + i)
            .filter(id -> fraction(id) < 0.2)
            .findFirst()
            .orElseThrow();
    topic.send(0, 90_000, held, "zebra", 1);
    DataSet set = read(FIFTH);
    assertThat(set.train().classes()).containsExactly("bright", "dark");
    assertThat(set.test().ids()).doesNotContain(held);
  }

  @Test
  void whatCannotBeLearnedFromIsAClearError() throws Exception {
    assertThatThrownBy(() -> read(FIFTH))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no labelled image");
    topic.send(0, 1, "unknown", null, 1);
    assertThatThrownBy(() -> read(FIFTH))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no labelled image");
    topic.send(0, 1, "image-1", "dark", 1);
    double half = fraction("image-1");
    assertThatThrownBy(() -> read(new Sampling(half / 2, SIDE, 1, 10, Optional.empty(), List.of())))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("none of them falls into the held-out share", "--held-out");
    assertThatThrownBy(() -> read(new Sampling(0.999, SIDE, 1, 10, Optional.empty(), List.of())))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("no class", "dark (1)");
    for (int i = 2; i < 20; i++) {
      topic.send(0, 1, "image-" + i, "dark", 1);
    }
    StreamData one =
        new StreamData(images, images.range(EARLIEST, LATEST), FIFTH, Optional.empty());
    assertThatThrownBy(one::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("one class only");
  }

  @Test
  void aRegistryThatIsAwayIsNoFaultOfTheRecords() {
    forty();
    registry.away = true;
    assertThatThrownBy(() -> read(FIFTH)).isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void aTopicThatWasMadeAnewOrIsMissingIsNamed() throws Exception {
    forty();
    StreamRange range = images.range(EARLIEST, LATEST);
    topic.forget(0, 5);
    DataSet cut = images.read(range, FIFTH, Optional.empty());
    assertThat(cut.train().size() + cut.test().size()).isEqualTo(35);
    topic.clear();
    assertThatThrownBy(() -> images.read(range, FIFTH, Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was the topic made anew?");
    TopicImages none =
        new TopicImages(
            "nothing",
            labels,
            topic::consumer,
            new WireReader<>(registry, "images", Image.class),
            Duration.ofMillis(500));
    assertThatThrownBy(() -> none.range(EARLIEST, LATEST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no topic nothing");
  }

  @Test
  void aDataSetIsLearnedFromFirstAndWhatIsHeldOutIsTheStreams() throws Exception {
    forty();
    byte[] grey = new byte[3 * 9];
    ImageSet old =
        new ImageSet("old", 3, 3, 1, grey, new int[] {0, 1, 2}, List.of("cat", "dark", "dog"));
    DataSource more = () -> new DataSet(old, old);
    DataSet set =
        new StreamData(images, images.range(EARLIEST, LATEST), FIFTH, Optional.of(more)).read();
    assertThat(set.train().classes()).containsExactly("cat", "dark", "dog", "bright");
    String learned =
        IntStream.range(0, 40)
            .mapToObj(i -> "image-" + i)
            .filter(id -> fraction(id) >= 0.2)
            .findFirst()
            .orElseThrow();
    assertThat(set.train().ids()).startsWith("old/0", "old/1", "old/2").contains(learned);
    assertThat(set.train().frame()).isEqualTo(old.frame());
    assertThat(set.test().frame()).isEqualTo(old.frame());
    assertThat(set.test().ids()).allMatch(id -> id.startsWith("image-"));
    assertThat(labels(set.train())).containsEntry("old/1", "dark").containsEntry("old/2", "dog");
    Sampling many = new Sampling(0.2, SIDE, 100, 1000, Optional.empty(), List.of("dog"));
    set = new StreamData(images, images.range(EARLIEST, LATEST), many, Optional.of(more)).read();
    assertThat(set.train().classes()).containsExactly("dog", "cat", "dark");
    assertThat(set.train().name()).endsWith("without bright (20)");
    ImageSet numbered = old.with(new int[] {0, 1, 2}, List.of("0", "1", "2"));
    DataSource numbers = () -> new DataSet(numbered, numbered);
    StreamData clash =
        new StreamData(images, images.range(EARLIEST, LATEST), FIFTH, Optional.of(numbers));
    assertThatThrownBy(clash::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--classes");
  }

  @Test
  void timesAreWordsInstantsOrDurationsBeforeNow() {
    Clock clock = Clock.fixed(Instant.parse("2026-11-25T10:00:00Z"), ZoneOffset.UTC);
    assertThat(TimePoint.parse("earliest", clock)).isEqualTo(EARLIEST);
    assertThat(TimePoint.parse("latest", clock)).isEqualTo(LATEST);
    assertThat(TimePoint.parse("PT2H", clock))
        .isEqualTo(new TimePoint.At(Instant.parse("2026-11-25T08:00:00Z")));
    assertThat(TimePoint.parse("2026-11-01T00:00:00Z", clock))
        .isEqualTo(new TimePoint.At(Instant.parse("2026-11-01T00:00:00Z")));
    for (String wrong : List.of("yesterday", "PT-2H", "2026-11-01", "P", "")) {
      assertThatThrownBy(() -> TimePoint.parse(wrong, clock))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("not '" + wrong + "'", "PT2H");
    }
  }
}
