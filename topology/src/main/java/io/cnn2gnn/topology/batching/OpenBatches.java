package io.cnn2gnn.topology.batching;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The images that an application left in open batches, read while it does not run. */
public final class OpenBatches {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final byte[] KEY = BatchProcessor.ROW.getBytes(StandardCharsets.UTF_8);

  private OpenBatches() {}

  /**
   * How many images wait.
   *
   * @param consumer in no group; reads committed records
   * @param changelog of the pending store
   * @throws TimeoutException if the broker gives nothing more for half a minute
   */
  public static int count(Consumer<byte[], byte[]> consumer, String changelog) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(changelog).stream()
            .map(info -> new TopicPartition(changelog, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<Integer, Integer> open = new HashMap<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      boolean progress = false;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        progress = true;
        if (Arrays.equals(record.key(), KEY)) {
          open.put(
              record.partition(),
              record.value() == null ? 0 : PendingOffsets.decode(record.value()).size());
        }
      }
      if (progress) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() - deadline >= 0) {
        throw new TimeoutException(
            "%s could not be read to its end within %d s"
                .formatted(changelog, PATIENCE.toSeconds()));
      }
    }
    return open.values().stream().mapToInt(Integer::intValue).sum();
  }
}
