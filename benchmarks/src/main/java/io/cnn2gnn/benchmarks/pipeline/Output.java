package io.cnn2gnn.benchmarks.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts committed answers as they come. */
final class Output implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<Arrival> arrivals = new ArrayList<>();
  private int count;

  private record Arrival(long nanos, int records, ProcessorTime spent) {}

  Output(String broker, String topic) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "max.poll.records",
                10_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    TopicPartition only = new TopicPartition(topic, 0);
    consumer.assign(List.of(only));
    consumer.seekToBeginning(List.of(only));
  }

  /** Takes what comes within a moment; tells how much. */
  int poll() {
    int came = consumer.poll(POLL).count();
    if (came > 0) {
      arrivals.add(new Arrival(System.nanoTime(), came, ProcessorTime.now()));
      count += came;
    }
    return came;
  }

  int count() {
    return count;
  }

  /** Seconds since the first came. */
  double seconds() {
    return arrivals.isEmpty() ? 0 : (System.nanoTime() - arrivals.get(0).nanos()) / 1e9;
  }

  /** Over the later half of the time: the earlier has the compiler for company. */
  Rate rate() {
    double perSecond =
        perSecond(
            arrivals.stream().mapToLong(Arrival::nanos).toArray(),
            arrivals.stream().mapToInt(Arrival::records).toArray());
    Arrival last = arrivals.get(arrivals.size() - 1);
    Arrival middle =
        arrivals.stream()
            .filter(
                a ->
                    a.nanos() - arrivals.get(0).nanos()
                        >= (last.nanos() - arrivals.get(0).nanos()) / 2)
            .findFirst()
            .orElse(last);
    double images = perSecond * (last.nanos() - middle.nanos()) / 1e9;
    return Rate.of(perSecond, last.spent().since(middle.spent()), images);
  }

  static double perSecond(long[] nanos, int[] records) {
    long first = nanos[0];
    long last = nanos[nanos.length - 1];
    int from = 0;
    while (nanos[from] - first < (last - first) / 2) {
      from++;
    }
    long after = 0;
    for (int i = from + 1; i < nanos.length; i++) {
      after += records[i];
    }
    return after == 0 ? Double.NaN : after * 1e9 / (last - nanos[from]);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
