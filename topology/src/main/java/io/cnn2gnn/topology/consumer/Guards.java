package io.cnn2gnn.topology.consumer;

import io.cnn2gnn.topology.HeapFaults;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What the consumers of a process keep to.
 *
 * @param topic that backpressure is of
 * @param backpressure says which of its partitions have enough
 * @param single opens consumers in no group that take one record at a time
 * @param heap decides where it was too small
 * @param stopping whether the process ends; until then a consumer that closes leaves its group
 */
record Guards(
    String topic,
    Backpressure backpressure,
    Supplier<Consumer<byte[], byte[]>> single,
    HeapFaults heap,
    BooleanSupplier stopping) {}
