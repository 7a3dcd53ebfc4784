package io.cnn2gnn.topology.consumer;

import io.cnn2gnn.topology.heap.HeapFaults;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What the consumers of a process keep to.
 *
 * @param backpressure by topic, says which of its partitions have enough
 * @param single opens consumers in no group that take one record at a time
 * @param bytes reads keys and values
 * @param heap decides where it was too small
 * @param working whether tasks of the process hold images
 * @param stopping whether the process ends; until then a consumer that closes leaves its group
 */
record Guards(
    Map<String, Backpressure> backpressure,
    Supplier<Consumer<byte[], byte[]>> single,
    Deserializer<byte[]> bytes,
    HeapFaults heap,
    BooleanSupplier working,
    BooleanSupplier stopping) {
  /** Whether a partition is to be left alone. */
  boolean isFull(TopicPartition at) {
    Backpressure ofTopic = backpressure.get(at.topic());
    return ofTopic != null && ofTopic.isFull(at.partition());
  }
}
