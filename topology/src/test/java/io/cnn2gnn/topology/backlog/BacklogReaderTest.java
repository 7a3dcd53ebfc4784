package io.cnn2gnn.topology.backlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.topology.batching.PendingOffsets;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.input.Mark;
import io.cnn2gnn.topology.metrics.BacklogMetrics;
import io.cnn2gnn.topology.scan.LogConsumer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which images have no answer, by what is on the broker. */
class BacklogReaderTest {
  private static final String IMAGES = "images";
  private static final String CHANGELOG = "app-pending-changelog";
  private static final TopicPartition ZERO = new TopicPartition(IMAGES, 0);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final LogConsumer consumer = new LogConsumer();
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private final List<String> tooLarge = new ArrayList<>();
  private long row;

  @BeforeEach
  void open() {
    consumer.partition(CHANGELOG, 0, 0, 1_000);
  }

  private BacklogReader reader(LogConsumer reading) {
    return new BacklogReader(
        IMAGES, CHANGELOG, () -> committed, () -> reading, (what, error) -> tooLarge.add(what));
  }

  private List<Backlog> read() throws Exception {
    return reader(consumer).read();
  }

  private static byte[] image(long offset) {
    return ("image-" + offset).getBytes(StandardCharsets.UTF_8);
  }

  /** Images at all offsets of a range, each a second after the one before. */
  private void images(int partition, long begin, long end) {
    consumer.partition(IMAGES, partition, begin, end);
    for (long offset = begin; offset < end; offset++) {
      consumer.put(IMAGES, partition, offset, "camera", image(offset));
    }
  }

  private static Source source(long offset) {
    return new Source(
        IMAGES,
        0,
        offset,
        LogConsumer.BEGIN + 1_000 * offset,
        Optional.of("camera".getBytes(StandardCharsets.UTF_8)),
        Optional.of(image(offset)),
        new RecordHeaders());
  }

  private static byte[] mark(long offset) {
    return Mark.of(source(offset)).encode();
  }

  private void commits(long taken, Long... open) {
    consumer.put(
        CHANGELOG,
        0,
        row++,
        "open",
        open.length == 0 ? null : PendingOffsets.encode(List.of(open)));
    consumer.put(CHANGELOG, 0, row++, "last", mark(taken));
    // Where the transaction ends.
    row++;
    committed.put(ZERO, taken + 1);
  }

  private static Backlog backlog(int partition, long images, long oldestSeconds) {
    return new Backlog(partition, images, Optional.of(at(oldestSeconds)));
  }

  private static Instant at(long second) {
    return Instant.ofEpochMilli(LogConsumer.BEGIN).plusSeconds(second);
  }

  private static Backlog none(int partition) {
    return new Backlog(partition, 0, Optional.empty());
  }

  @Test
  void whatIsOpenIsUnansweredThoughTheGroupIsPastIt() throws Exception {
    images(0, 0, 100);
    commits(40);
    commits(99, 44L, 97L, 98L, 99L);
    assertThat(read()).containsExactly(backlog(0, 4, 44));
  }

  @Test
  void whatWasNotTakenIsUnansweredToo() throws Exception {
    images(0, 0, 100);
    commits(69, 60L, 69L);
    assertThat(read()).containsExactly(backlog(0, 32, 60));
    commits(69);
    assertThat(read()).containsExactly(backlog(0, 30, 70));
    commits(99);
    assertThat(read()).containsExactly(none(0));
  }

  @Test
  void aServiceThatNeverRanHasAnsweredNothing() throws Exception {
    images(0, 3, 10);
    images(1, 0, 0);
    assertThat(read()).containsExactly(backlog(0, 7, 3), none(1));
    assertThat(reader(new LogConsumer().partition(IMAGES, 0, 0, 0)).read())
        .as("without a changelog")
        .containsExactly(none(0));
  }

  @Test
  void theEndOfATransactionIsNoImage() throws Exception {
    images(0, 0, 50);
    consumer.partition(IMAGES, 0, 0, 53);
    for (long offset = 0; offset < 50; offset++) {
      consumer.put(IMAGES, 0, offset, "camera", image(offset));
    }
    commits(49);
    assertThat(read()).containsExactly(none(0));
    consumer.put(IMAGES, 0, 52, "camera", image(52));
    assertThat(read()).containsExactly(backlog(0, 1, 52));
  }

  @Test
  void aGroupThatWasSetBackSkipsWhatItHasTaken() throws Exception {
    images(0, 0, 100);
    commits(79, 75L);
    committed.put(ZERO, 10L);
    assertThat(read()).containsExactly(backlog(0, 21, 75));
    committed.clear();
    assertThat(read()).as("its offsets have expired").containsExactly(backlog(0, 21, 75));
  }

  @Test
  void aGroupThatWasSetAheadDoesNotAnswerWhatItSkips() throws Exception {
    images(0, 0, 100);
    commits(39);
    committed.put(ZERO, 90L);
    assertThat(read()).containsExactly(backlog(0, 10, 90));
  }

  @Test
  void aTopicThatWasMadeAnewIsAnsweredFromItsBeginning() throws Exception {
    images(0, 0, 100);
    commits(79);
    committed.clear();
    consumer.put(IMAGES, 0, 79, "camera", image(1));
    assertThat(read()).containsExactly(backlog(0, 100, 0));
    images(0, 0, 20);
    assertThat(read()).as("a shorter one").containsExactly(backlog(0, 20, 0));
  }

  @Test
  void whatRetentionHasTakenIsNotCounted() throws Exception {
    images(0, 60, 100);
    commits(49);
    assertThat(read()).containsExactly(backlog(0, 40, 60));
  }

  @Test
  void openImagesThatTheTopicNoLongerHasStillGetTheirDeadLetters() throws Exception {
    images(0, 60, 100);
    commits(99, 12L, 13L);
    assertThat(read()).containsExactly(backlog(0, 2, 60));
    images(0, 100, 100);
    assertThat(read()).containsExactly(new Backlog(0, 2, Optional.empty()));
    images(0, 0, 5);
    committed.put(ZERO, 5L);
    assertThat(read())
        .as("of a topic that was made anew")
        .containsExactly(new Backlog(0, 2, Optional.empty()));
  }

  @Test
  void aRecordWithoutATimeHasNoAge() throws Exception {
    images(0, 0, 3);
    consumer.put(IMAGES, 0, 2, -1, "camera", image(2));
    commits(1);
    Backlog backlog = read().get(0);
    assertThat(backlog).isEqualTo(new Backlog(0, 1, Optional.empty()));
    assertThat(backlog.age(Instant.now())).isEmpty();
  }

  @Test
  void agesAreSinceTheRecordsTimeAndNeverNegative() {
    Backlog backlog = backlog(0, 1, 100);
    assertThat(backlog.age(at(107))).contains(Duration.ofSeconds(7));
    assertThat(backlog.age(at(99))).contains(Duration.ZERO);
    assertThat(none(0).age(at(99))).contains(Duration.ZERO);
  }

  @Test
  void theAgeOfWhatCanBeNoTimeIsNotKnown() {
    Instant seconds = Instant.ofEpochMilli(at(0).getEpochSecond());
    assertThat(new Backlog(0, 1, Optional.of(seconds)).age(at(9))).isEmpty();
    assertThat(backlog(0, 1, 9_000).age(at(9))).as("hours ahead").isEmpty();
  }

  @Test
  void ofATopicThatWasMadeAnewWithFewerRecordsTheNewOnesCount() throws Exception {
    images(0, 0, 5);
    commits(999, 997L, 998L);
    committed.put(ZERO, 0L);
    Backlog backlog = read().get(0);
    assertThat(backlog.images()).isEqualTo(7);
    assertThat(backlog.oldest()).contains(at(0));
  }

  @Test
  void ofALongChangelogOnlyTheEndIsRead() throws Exception {
    images(0, 0, 100);
    consumer.partition(CHANGELOG, 0, 0, 60_000);
    byte[] mark = mark(99);
    for (; row < 60_000; row += 3) {
      consumer.put(CHANGELOG, 0, row, "open", null).put(CHANGELOG, 0, row + 1, "last", mark);
    }
    committed.put(ZERO, 100L);
    assertThat(read()).containsExactly(none(0));
    assertThat(consumer.given()).hasSizeLessThan(20);
  }

  @Test
  void anOpenRowThatChangedLongAgoIsFound() throws Exception {
    images(0, 0, 100);
    commits(99, 99L);
    byte[] mark = mark(99);
    for (; row < 900; row++) {
      consumer.put(CHANGELOG, 0, row, "last", mark);
    }
    assertThat(read()).containsExactly(backlog(0, 1, 99));
  }

  @Test
  void aRowOfALaterBuildIsNamed() {
    images(0, 0, 100);
    consumer.put(CHANGELOG, 0, 0, "open", new byte[] {9, 0, 0, 0, 0});
    assertThatThrownBy(this::read).hasMessageContaining("row of version 9");
  }

  /** Two partitions whose first unanswered records are read together; one is too large. */
  @Test
  void aRecordThatTheHeapIsTooSmallForCostsNoOtherItsAge() throws Exception {
    for (int partition = 0; partition < 5; partition++) {
      images(partition, 0, 10);
      committed.put(new TopicPartition(IMAGES, partition), 4L);
    }
    consumer.tooLarge(new TopicPartition(IMAGES, 3));
    assertThat(read())
        .containsExactly(
            backlog(0, 6, 4),
            backlog(1, 6, 4),
            backlog(2, 6, 4),
            new Backlog(3, 6, Optional.empty()),
            backlog(4, 6, 4));
    assertThat(tooLarge).isNotEmpty().allMatch(what -> what.contains("images-3"));
  }

  /** A service that takes, answers and commits at random, and is looked at after each commit. */
  @Test
  void whateverTheServiceDidTheRestIsUnanswered() throws Exception {
    Random random = new Random(3);
    for (int trial = 0; trial < 60; trial++) {
      long end = 1L + random.nextInt(80);
      images(0, 0, end);
      consumer.partition(CHANGELOG, 0, 0, 4_000);
      row = 0;
      committed.clear();
      long taken = -1;
      TreeSet<Long> open = new TreeSet<>();
      for (int commit = 0; commit < 12; commit++) {
        for (int step = random.nextInt(12); step > 0 && taken < end - 1; step--) {
          open.add(++taken);
          if (random.nextInt(3) == 0) {
            open.headSet(open.last() - random.nextInt(5), true).clear();
          }
        }
        if (taken >= 0) {
          commits(taken, open.toArray(Long[]::new));
        }
        TreeSet<Long> unanswered = new TreeSet<>(open);
        for (long offset = taken + 1; offset < end; offset++) {
          unanswered.add(offset);
        }
        assertThat(read())
            .containsExactly(
                unanswered.isEmpty() ? none(0) : backlog(0, unanswered.size(), unanswered.first()));
      }
    }
  }

  private double gauge(String name) {
    return meters.get("cnn2gnn.backlog." + name).tag("partition", "0").gauge().value();
  }

  @Test
  void aWatchShowsWhatItSawAndNothingWhileItCannotLook() throws Exception {
    images(0, 0, 10);
    commits(9, 7L, 8L);
    List<Exception> fault = new ArrayList<>();
    BacklogReader reader =
        new BacklogReader(
            IMAGES,
            CHANGELOG,
            () -> {
              if (!fault.isEmpty()) {
                throw new ExecutionException(fault.get(0));
              }
              return committed;
            },
            () -> consumer,
            (what, error) -> tooLarge.add(what));
    try (BacklogWatch watch =
        new BacklogWatch(
            reader,
            new BacklogMetrics(meters),
            Clock.fixed(at(14).plusMillis(500), ZoneOffset.UTC))) {
      watch.look();
      assertThat(gauge("images")).isEqualTo(2);
      assertThat(gauge("age")).isEqualTo(7.5);
      fault.add(new TimeoutException("away"));
      watch.look();
      assertThat(meters.find("cnn2gnn.backlog.age").gauge()).isNull();
      fault.clear();
      commits(9);
      watch.look();
      assertThat(gauge("images")).isZero();
      assertThat(gauge("age")).isZero();
    }
  }
}
