package io.cnn2gnn.topology.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Rejection.Stage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.scan.LogConsumer;
import io.cnn2gnn.topology.status.ServiceStatus.DeadLetter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What of a status is read from topics without a registry. */
class StatusPartsTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final String LETTERS = "images.dead-letter";

  private final LogConsumer consumer = new LogConsumer();
  private final DeadLetters deadLetters =
      new DeadLetters(
          () -> "m:1",
          100_000,
          System::currentTimeMillis,
          new AppMetrics(new SimpleMeterRegistry()));

  private void letter(int partition, long offset, Duration ago, String reason, int bytes) {
    Source source =
        new Source(
            "images",
            partition,
            10 * offset,
            NOW.minus(ago).toEpochMilli(),
            Optional.of(new byte[] {1}),
            Optional.of(new byte[bytes]),
            new RecordHeaders());
    var letter = deadLetters.of(source, new Rejection(Stage.DECODE, reason, "because"));
    consumer.put(LETTERS, partition, offset, letter.timestamp(), "k", (byte[]) letter.value());
    for (Header header : letter.headers()) {
      consumer.headers(LETTERS, partition, offset).add(header);
    }
  }

  private ServiceStatus.DeadLetters recent() {
    return RecentDeadLetters.of(consumer, LETTERS, NOW);
  }

  @Test
  void deadLettersOfTheLastHourAreCountedByReason() {
    consumer.partition(LETTERS, 0, 0, 20).partition(LETTERS, 1, 0, 20);
    assertThat(recent().count()).isZero();
    assertThat(recent().newest()).isEmpty();
    letter(0, 1, Duration.ofMinutes(61), "CORRUPT_IMAGE", 10);
    letter(0, 3, Duration.ofMinutes(59), "CORRUPT_IMAGE", 10);
    // Of an image that was older than the one before it.
    letter(0, 5, Duration.ofMinutes(90), "CORRUPT_IMAGE", 10);
    letter(0, 7, Duration.ofMinutes(2), "EMPTY_VALUE", 10);
    letter(1, 2, Duration.ofMinutes(3), "EMPTY_VALUE", 10);
    ServiceStatus.DeadLetters letters = recent();
    assertThat(letters.reasons()).isEqualTo(Map.of("CORRUPT_IMAGE", 1, "EMPTY_VALUE", 2));
    assertThat(letters.isAll()).isTrue();
    assertThat(letters.since()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(letters.newest())
        .contains(
            new DeadLetter(
                "images.dead-letter-0@7",
                "images-0@70",
                NOW.minus(Duration.ofMinutes(2)),
                "EMPTY_VALUE",
                "because"));
  }

  @Test
  void ofManyLargeDeadLettersNotAllAreRead() {
    consumer.partition(LETTERS, 0, 0, 500);
    for (int offset = 0; offset < 500; offset++) {
      letter(0, offset, Duration.ofMinutes(1), "CORRUPT_IMAGE", 90_000);
    }
    assertThat(recent().isAll()).isFalse();
    assertThat(recent().count()).isBetween(300, 400);
  }

  @Test
  void aLetterWithoutOurHeadersIsCountedAllTheSame() {
    consumer
        .partition(LETTERS, 0, 0, 5)
        .put(LETTERS, 0, 1, NOW.toEpochMilli(), "k", new byte[] {1});
    assertThat(recent().reasons()).isEqualTo(Map.of("?", 1));
  }

  private ServiceStatus.Labels labels(Map<TopicPartition, Long> committed) throws Exception {
    return OpenLabels.of(() -> committed, consumer, "labels", "app-labels-waiting-changelog");
  }

  @Test
  void labelsAreCountedThatAreNotTakenAndThatWait() throws Exception {
    String waiting = "app-labels-waiting-changelog";
    consumer.partition("labels", 0, 2, 10).partition("labels", 1, 0, 5);
    assertThat(labels(Map.of())).isEqualTo(new ServiceStatus.Labels(13, OptionalLong.of(0)));
    Map<TopicPartition, Long> committed = new HashMap<>();
    committed.put(new TopicPartition("labels", 0), 7L);
    committed.put(new TopicPartition("labels", 1), 5L);
    byte[] entry = "entry".getBytes(StandardCharsets.UTF_8);
    consumer
        .partition(waiting, 0, 0, 10)
        .put(waiting, 0, 0, "image-1", entry)
        .put(waiting, 0, 1, "image-2", entry)
        .put(waiting, 0, 2, "image-1", null)
        .put(waiting, 0, 3, "image-2", entry)
        .put(waiting, 0, 4, "unread-9", entry);
    assertThat(labels(committed)).isEqualTo(new ServiceStatus.Labels(3, OptionalLong.of(2)));
  }

  @Test
  void aChangelogOfMillionsIsReadToItsCountOnlyWhereLittleIsLeftOfIt() throws Exception {
    String waiting = "app-labels-waiting-changelog";
    byte[] entry = "entry".getBytes(StandardCharsets.UTF_8);
    consumer
        .partition("labels", 0, 0, 0)
        .partition(waiting, 0, 0, 3_000_000)
        .put(waiting, 0, 2_500_000, "image-1", entry);
    assertThat(labels(Map.of()).waiting()).hasValue(1);
    for (int offset = 0; offset < 200_000; offset++) {
      consumer.put(waiting, 0, offset, "image", entry);
    }
    assertThat(labels(Map.of()).waiting()).isEmpty();
  }
}
