package io.cnn2gnn.topology.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CarefulReaderTest {
  private static final TopicPartition AT = new TopicPartition("images", 3);

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final HeapFaults heap = new HeapFaults(() -> 0, new AppMetrics(metrics));

  /**
   * A partition of compressed batches.
   *
   * @param ends of each batch, exclusive
   * @param huge offsets of records that no heap has room for
   */
  private record Log(List<Integer> ends, List<Integer> huge) {
    int end() {
      return ends.get(ends.size() - 1);
    }

    /** A consumer takes a batch apart from its beginning. */
    boolean canRead(long offset) {
      long first = 0;
      for (int end : ends) {
        if (offset < end) {
          long from = first;
          return huge.stream().noneMatch(h -> h >= from && h <= offset);
        }
        first = end;
      }
      return true;
    }

    /** Kafka's, as far as it is used: one record for each poll. */
    @SuppressWarnings("unchecked")
    Consumer<byte[], byte[]> consumer() {
      AtomicLong position = new AtomicLong();
      return (Consumer<byte[], byte[]>)
          Proxy.newProxyInstance(
              CarefulReaderTest.class.getClassLoader(),
              new Class<?>[] {Consumer.class},
              (proxy, method, args) ->
                  switch (method.getName()) {
                    case "seek" -> {
                      position.set((long) args[1]);
                      yield null;
                    }
                    case "position" -> position.get();
                    case "endOffsets" -> Map.of(AT, (long) end());
                    case "poll" -> next(position);
                    default -> null;
                  });
    }

    private ConsumerRecords<byte[], byte[]> next(AtomicLong position) {
      long offset = position.get();
      if (offset >= end()) {
        return ConsumerRecords.empty();
      }
      if (!canRead(offset)) {
        throw new OutOfMemoryError("Java heap space");
      }
      position.incrementAndGet();
      byte[] value = {(byte) offset};
      return new ConsumerRecords<>(
          Map.of(AT, List.of(new ConsumerRecord<>(AT.topic(), 3, offset, new byte[0], value))),
          Map.of());
    }
  }

  private record Read(List<Long> whole, List<Long> standIns, long position) {}

  private Read read(Log log, long from, int enough) {
    List<Long> whole = new ArrayList<>();
    List<Long> standIns = new ArrayList<>();
    AtomicLong position = new AtomicLong(-1);
    CarefulReader reader = new CarefulReader(log::consumer, AT, from, enough, 1 << 20, heap, heap);
    await()
        .until(
            () -> {
              Optional<CarefulReader.Piece> piece = reader.poll();
              piece.ifPresent(
                  p ->
                      p.records()
                          .forEach(r -> (r.value() == null ? standIns : whole).add(r.offset())));
              piece.filter(CarefulReader.Piece::isLast).ifPresent(p -> position.set(p.position()));
              return position.get() >= 0;
            });
    reader.close();
    return new Read(whole, standIns, position.get());
  }

  @Test
  void aRecordOfABatchOfItsOwnIsStoodInForAndAllOthersCome() {
    Log log = new Log(List.of(2, 3, 6), List.of(2));
    Read read = read(log, 0, 100);
    assertThat(read.whole()).containsExactly(0L, 1L, 3L, 4L, 5L);
    assertThat(read.standIns()).containsExactly(2L);
    assertThat(read.position()).isEqualTo(6);
  }

  @Test
  void whatFollowsItInItsBatchIsStoodInForTooAndTheNextBatchComes() {
    for (int behind : new int[] {1, 2, 3, 17, 1000}) {
      Log log = new Log(List.of(5, 7 + behind, 20 + behind), List.of(6));
      Read read = read(log, 4, 100);
      assertThat(read.whole()).startsWith(4L, 5L).contains(7L + behind, 19L + behind).hasSize(15);
      assertThat(read.standIns()).hasSize(1 + behind).startsWith(6L).endsWith(6L + behind);
    }
  }

  @Test
  void severalAreEachFound() {
    Log log = new Log(List.of(1, 2, 3, 4, 5), List.of(1, 3));
    Read read = read(log, 0, 100);
    assertThat(read.whole()).containsExactly(0L, 2L, 4L);
    assertThat(read.standIns()).containsExactly(1L, 3L);
  }

  @Test
  void afterEnoughGoodRecordsThePartitionIsReadAsUsual() {
    Read read = read(new Log(List.of(50), List.of()), 10, 20);
    assertThat(read.whole()).hasSize(20).startsWith(10L).endsWith(29L);
    assertThat(read.position()).isEqualTo(30);
  }

  @Test
  void whereNothingIsToBlameNothingIsStoodInFor() {
    Read read = read(new Log(List.of(5), List.of()), 0, 100);
    assertThat(read.whole()).hasSize(5);
    assertThat(read.standIns()).isEmpty();
    assertThat(metrics.get("cnn2gnn.heap.out.of.memory").counters())
        .allMatch(counter -> counter.count() == 0);
  }
}
