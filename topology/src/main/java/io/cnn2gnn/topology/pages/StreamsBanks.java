package io.cnn2gnn.topology.pages;

import io.cnn2gnn.topology.flow.Nodes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where banks are, as Kafka Streams knows it. */
final class StreamsBanks {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsBanks.class);

  private final KafkaStreams streams;
  private final Optional<HostInfo> self;

  StreamsBanks(KafkaStreams streams, Optional<HostInfo> self) {
    this.streams = streams;
    this.self = self;
  }

  /** The stores here that can be read now, by partition. */
  Map<Integer, ReadOnlyKeyValueStore<Integer, byte[]>> here() {
    Map<Integer, ReadOnlyKeyValueStore<Integer, byte[]>> rings = new HashMap<>();
    if (!streams.state().isRunningOrRebalancing()) {
      return rings;
    }
    Set<Integer> partitions = new TreeSet<>();
    for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
      for (TaskMetadata task : thread.activeTasks()) {
        partitions.add(task.taskId().partition());
      }
    }
    for (int partition : partitions) {
      open(partition).ifPresent(ring -> rings.put(partition, ring));
    }
    return rings;
  }

  private Optional<ReadOnlyKeyValueStore<Integer, byte[]>> open(int partition) {
    try {
      return Optional.of(
          streams.store(
              StoreQueryParameters.fromNameAndType(
                      Nodes.BANK_STORE, QueryableStoreTypes.<Integer, byte[]>keyValueStore())
                  .withPartition(partition)));
    } catch (InvalidStateStoreException e) {
      // It is being restored, or leaves; whoever asks is told that it was not searched.
      LOG.debug("the bank of partition {} cannot be read now", partition, e);
      return Optional.empty();
    }
  }

  /** The other instances that have some. */
  Set<HostInfo> elsewhere() {
    Set<HostInfo> others = new HashSet<>();
    if (streams.state().isRunningOrRebalancing()) {
      for (StreamsMetadata instance : streams.streamsMetadataForStore(Nodes.BANK_STORE)) {
        others.add(instance.hostInfo());
      }
    }
    self.ifPresent(others::remove);
    return others;
  }
}
