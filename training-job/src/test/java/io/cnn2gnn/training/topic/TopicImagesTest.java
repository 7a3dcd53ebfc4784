package io.cnn2gnn.training.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
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
  private static final Sampling FIFTH = new Sampling(0.2, 1000, Optional.empty(), List.of());

  private final FlakyRegistry registry = new FlakyRegistry();
  private final FakeTopic topic = new FakeTopic("images", 2, registry);
  private final TopicImages images =
      new TopicImages(
          "images",
          topic::consumer,
          new WireReader<>(registry, Image.class),
          Duration.ofMillis(500));

  private static final class FlakyRegistry extends MockSchemaRegistryClient {
    private boolean away;

    @Override
    public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
      if (away) {
        throw new ConnectException("away");
      }
      return super.getSchemaById(id);
    }
  }

  @AfterEach
  void everyConsumerIsClosed() {
    assertThat(topic.open()).isZero();
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
  void theSideIsTheHashOfTheIdAsAFraction() {
    // printf image-1 | sha256sum
    assertThat(Side.fraction("image-1")).isEqualTo(0x0cf457e24a479p-52);
    long low = 0;
    for (int i = 0; i < 20_000; i++) {
      double fraction = Side.fraction("id-" + i);
      assertThat(fraction).isBetween(0.0, Math.nextDown(1.0));
      low += fraction < 0.2 ? 1 : 0;
    }
    // Four standard deviations of a binomial distribution.
    assertThat(low / 20_000.0).isBetween(0.2 - 0.0114, 0.2 + 0.0114);
  }

  @Test
  void theLastRecordOfAnIdCounts() throws Exception {
    forty();
    topic.send(1, 50_000, "image-3", "dark", 99);
    topic.send(0, 60_000, "image-4", null, 98);
    // Sent before, on the partition that is read later.
    topic.send(1, 1, "image-20", "bright", 97);
    DataSet set = read(new Sampling(0.2, 1000, Optional.empty(), List.of()));
    Map<String, String> all = labels(set.train());
    all.putAll(labels(set.test()));
    assertThat(all).hasSize(Side.fraction("image-4") < 0.2 ? 39 : 40);
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
    assertThat(taken).hasSizeBetween(60, 95).allMatch(id -> Side.fraction(id) >= 0.2);
    assertThat(set.test().hasUnlabelled()).isFalse();
  }

  @Test
  void rangesAreByTimeAndFixedWhenTheyAreMade() throws Exception {
    forty();
    TopicRange range =
        images.range(
            new TimePoint.At(Instant.ofEpochSecond(10)),
            new TimePoint.At(Instant.ofEpochSecond(21)));
    assertThat(range.partitions())
        .containsOnly(Map.entry(0, new Span(5, 11)), Map.entry(1, new Span(5, 10)));
    TopicRange open = images.range(new TimePoint.At(Instant.ofEpochSecond(30)), LATEST);
    for (int i = 40; i < 60; i++) {
      topic.send(i % 2, 1000L * i, "image-" + i, "dark", 1);
    }
    DataSet set = images.read(open, FIFTH, Optional.empty());
    assertThat(set.train().size() + set.test().size()).isEqualTo(10);
    assertThat(images.range(new TimePoint.At(Instant.ofEpochSecond(99)), LATEST).partitions())
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
    DataSet set = read(FIFTH);
    assertThat(set.train().size() + set.test().size()).isEqualTo(40);
    Skips skips = new Skips();
    try (StreamDecoder decoder = new StreamDecoder(new WireReader<>(registry, Image.class), skips);
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
            Map.entry("INVALID_LABEL", 1L),
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
    Sampling asked = new Sampling(0.2, 1000, Optional.of(new DataSets.Size(3, 5)), List.of());
    ImageSet set = read(asked).train();
    assertThat(List.of(set.height(), set.width(), set.channels())).containsExactly(3, 5, 1);
  }

  @Test
  void theNewestImagesAreKeptWhereNotAllFit() throws Exception {
    forty();
    DataSet set = read(new Sampling(0.2, 12, Optional.empty(), List.of()));
    Map<String, String> kept = labels(set.train());
    kept.putAll(labels(set.test()));
    assertThat(kept.keySet())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(28, 40).mapToObj(i -> "image-" + i).toList());
  }

  @Test
  void classesOfTheActiveModelKeepTheirPlacesAndNewOnesFollowInOrder() throws Exception {
    forty();
    topic.send(0, 90_000, "zebra-1", "zebra", 1);
    topic.send(0, 90_000, "ape-1", "ape", 1);
    Sampling sampling =
        new Sampling(0.2, 1000, Optional.empty(), List.of("dark", "lost", "bright"));
    assertThat(read(sampling).train().classes())
        .containsExactly("dark", "lost", "bright", "ape", "zebra");
    StreamData data =
        new StreamData(images, images.range(EARLIEST, LATEST), sampling, Optional.empty());
    assertThatThrownBy(data::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("class lost has no training image");
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
    double half = Side.fraction("image-1");
    assertThatThrownBy(() -> read(new Sampling(half / 2, 10, Optional.empty(), List.of())))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("none of them falls into the held-out share", "--held-out");
    StreamData one =
        new StreamData(
            images,
            images.range(EARLIEST, LATEST),
            new Sampling(0.99, 10, Optional.empty(), List.of()),
            Optional.empty());
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
    TopicRange range = images.range(EARLIEST, LATEST);
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
            topic::consumer,
            new WireReader<>(registry, Image.class),
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
    assertThat(set.train().ids()).startsWith("old/0", "old/1", "old/2").contains("image-33");
    assertThat(set.train().frame()).isEqualTo(old.frame());
    assertThat(set.test().frame()).isEqualTo(old.frame());
    assertThat(set.test().ids()).allMatch(id -> id.startsWith("image-"));
    assertThat(labels(set.train())).containsEntry("old/1", "dark").containsEntry("old/2", "dog");
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
