package io.cnn2gnn.topology.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.topology.scan.RangeScan.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Reading back from the ends, and ranges. */
class TailScanTest {
  private static final TopicPartition ZERO = new TopicPartition("t", 0);
  private static final TopicPartition ONE = new TopicPartition("t", 1);

  private final LogConsumer consumer = new LogConsumer();

  private List<Long> newestFirst(long most, int enough) {
    List<Long> taken = new ArrayList<>();
    TailScan.run(
        consumer,
        List.of(ZERO),
        most,
        record -> {
          taken.add(record.offset());
          return taken.size() < enough;
        });
    assertThat(consumer.assignment()).isEmpty();
    return taken;
  }

  private void fill(long from, long to) {
    consumer.partition("t", 0, from, to);
    for (long offset = from; offset < to; offset++) {
      consumer.put("t", 0, offset, "key", new byte[0]);
    }
  }

  @Test
  void theNewestComesFirstAndOfALongTopicLittleIsRead() {
    fill(0, 100_000);
    assertThat(newestFirst(Long.MAX_VALUE, 3)).containsExactly(99_999L, 99_998L, 99_997L);
    assertThat(consumer.given()).hasSize(16);
  }

  @Test
  void itGoesBackToTheBeginningWhereThatIsNeededAndSeesEachRecordOnce() {
    fill(7, 500);
    assertThat(newestFirst(Long.MAX_VALUE, Integer.MAX_VALUE))
        .hasSize(493)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void itGoesBackNoFurtherThanItMay() {
    fill(0, 500);
    assertThat(newestFirst(40, Integer.MAX_VALUE)).hasSize(40).endsWith(460L);
  }

  @Test
  void anEmptyPartitionAndOneThatIsAllGapsHaveNothing() {
    consumer.partition("t", 0, 5, 5);
    assertThat(newestFirst(Long.MAX_VALUE, 1)).isEmpty();
    consumer.partition("t", 0, 0, 700);
    assertThat(newestFirst(Long.MAX_VALUE, 1)).isEmpty();
  }

  @Test
  void whatIsFarBackBeforeGapsIsFound() {
    consumer.partition("t", 0, 0, 10_000).put("t", 0, 17, "key", new byte[0]);
    assertThat(newestFirst(Long.MAX_VALUE, 1)).containsExactly(17L);
  }

  @Test
  void partitionsAreReadEachAsFarAsIsWanted() {
    fill(0, 300);
    consumer.partition("t", 1, 0, 20).put("t", 1, 3, "key", new byte[0]);
    Map<Integer, Integer> taken = new HashMap<>();
    TailScan.run(
        consumer,
        List.of(ZERO, ONE),
        Long.MAX_VALUE,
        record -> taken.merge(record.partition(), 1, Integer::sum) < 100);
    assertThat(taken).isEqualTo(Map.of(0, 100, 1, 1));
  }

  /** Whatever is in the log and wherever one stops, it is what reading all of it would give. */
  @Test
  void itSeesWhatAWholeReadingWouldSee() {
    Random random = new Random(11);
    for (int trial = 0; trial < 300; trial++) {
      long begin = random.nextInt(50);
      long end = begin + random.nextInt(2_000);
      consumer.partition("t", 0, begin, end);
      TreeSet<Long> offsets = new TreeSet<>();
      for (long offset = begin; offset < end; offset++) {
        if (random.nextInt(100) < trial % 100) {
          consumer.put("t", 0, offset, "key", new byte[0]);
          offsets.add(offset);
        }
      }
      int enough = 1 + random.nextInt(100);
      assertThat(newestFirst(Long.MAX_VALUE, enough))
          .containsExactlyElementsOf(offsets.descendingSet().stream().limit(enough).toList());
    }
  }

  @Test
  void aRangeEndsWhereItIsSaidToAndWhenNoMoreIsWanted() {
    fill(0, 100);
    consumer.partition("t", 1, 0, 100).put("t", 1, 50, "key", new byte[0]);
    List<String> taken = new ArrayList<>();
    RangeScan.run(
        consumer,
        Map.of(ZERO, new Range(10, 13), ONE, new Range(20, 90)),
        record -> taken.add(record.partition() + "@" + record.offset()));
    assertThat(taken).containsExactlyInAnyOrder("0@10", "0@11", "0@12", "1@50");
    taken.clear();
    RangeScan.run(
        consumer,
        Map.of(ZERO, new Range(10, 90), ONE, new Range(60, 90)),
        record -> {
          taken.add(record.partition() + "@" + record.offset());
          return false;
        });
    assertThat(taken).containsExactly("0@10");
    RangeScan.run(consumer, Map.of(ZERO, new Range(5, 5)), record -> taken.add("more"));
    assertThat(taken).hasSize(1);
  }
}
