package io.cnn2gnn.benchmarks.buffers;

import com.google.common.math.Quantiles;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed answers and notes when each came. Not for more than one thread. */
final class AnswerTally implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final int[] times;
  private final long[] arrivedNanos;
  private final long[] latencyMillis;
  private int distinct;
  private int reportedLost;

  /**
   * Starts at the topic's beginning.
   *
   * @param images their ids are 0 to one less
   */
  AnswerTally(String broker, String topic, int images) {
    times = new int[images];
    arrivedNanos = new long[images];
    latencyMillis = new long[images];
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                10_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        IntStream.range(0, Run.PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList());
    consumer.seekToBeginning(consumer.assignment());
  }

  /** Waits a moment for more; tells how many came. */
  int poll() {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    long nanos = System.nanoTime();
    long millis = System.currentTimeMillis();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (Answer.isLost(record.value())) {
        reportedLost++;
        continue;
      }
      int id = Math.toIntExact(Answer.id(record.key()));
      if (times[id]++ == 0) {
        distinct++;
        arrivedNanos[id] = nanos;
        latencyMillis[id] = millis - record.timestamp();
      }
    }
    return records.count();
  }

  int distinct() {
    return distinct;
  }

  int missing() {
    return times.length - distinct;
  }

  int duplicated() {
    return Arrays.stream(times).map(n -> Math.max(0, n - 1)).sum();
  }

  int reportedLost() {
    return reportedLost;
  }

  /**
   * The rate of the later half of the answers, in the order they came: the earlier half has the
   * compiler for company.
   */
  double perSecond(int from, int to) {
    long[] arrivals = Arrays.stream(arrivedNanos, from, to).sorted().toArray();
    long middle = arrivals[arrivals.length / 2];
    long last = arrivals[arrivals.length - 1];
    // Those that came together with the middle one took no time after it.
    long after = Arrays.stream(arrivals).filter(nanos -> nanos > middle).count();
    return after == 0 ? Double.NaN : after * 1e9 / (last - middle);
  }

  /** From the producer's timestamp to its answer in a consumer's hands. */
  double latencyMillis(int from, int to, int percent) {
    return Quantiles.percentiles()
        .index(percent)
        .compute(Arrays.copyOfRange(latencyMillis, from, to));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
