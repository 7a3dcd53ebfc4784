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
    long[] nanos = arrivals.stream().mapToLong(Arrival::nanos).toArray();
    double perSecond = perSecond(nanos, arrivals.stream().mapToInt(Arrival::records).toArray());
    Arrival last = arrivals.get(arrivals.size() - 1);
    Arrival middle = arrivals.get(middle(nanos));
    double images = perSecond * (last.nanos() - middle.nanos()) / 1e9;
    return Rate.of(perSecond, last.spent().since(middle.spent()), images);
  }

  static double perSecond(long[] nanos, int[] records) {
    int from = middle(nanos);
    long after = 0;
    for (int i = from + 1; i < nanos.length; i++) {
      after += records[i];
    }
    return after == 0 ? Double.NaN : after * 1e9 / (nanos[nanos.length - 1] - nanos[from]);
  }

  /** The first that came in the later half of the time. */
  private static int middle(long[] nanos) {
    long half = (nanos[nanos.length - 1] - nanos[0]) / 2;
    int from = 0;
    while (nanos[from] - nanos[0] < half) {
      from++;
    }
    return from;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
