package io.cnn2gnn.topology.consumer;

import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.heap.HeapFaults.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The consumer of a stream thread, with what Kafka's lacks to be safe from its writers: a poll
 * brings so many bytes at most; a partition that has enough on its way is left alone, and no other
 * for it; a record that the heap is too small for is stepped over; and a thread that dies leaves
 * its group, so that the one that takes its place does not wait for its session to end.
 */
final class ImageConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ByteMeter meter;
  private final long pollBytes;
  private final Guards guards;
  private final Supplier<Consumer<byte[], byte[]>> single;
  private final HeapFaults heap;

  /** The same for all consumers of the process. */
  private final Object turns;

  private final Quiet quiet = new Quiet(System::nanoTime);
  private final BooleanSupplier stopping;
  private final int maxPollRecords;
  private final boolean beginsEarliest;

  /** What Kafka Streams has paused. */
  private final Set<TopicPartition> paused = new HashSet<>();

  /** What comes next of each partition that has brought something. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  private final Map<TopicPartition, CarefulReader> careful = new HashMap<>();

  private ImageConsumer(
      Map<String, Object> config, ByteMeter meter, long pollBytes, Guards guards) {
    super(config, meter.keys(), meter.values());
    this.meter = meter;
    this.pollBytes = pollBytes;
    this.guards = guards;
    this.single = guards.single();
    this.turns = guards;
    this.heap = guards.heap();
    this.stopping = guards.stopping();
    this.maxPollRecords =
        Integer.parseInt(
            config.getOrDefault(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500).toString());
    this.beginsEarliest =
        "earliest".equals(String.valueOf(config.get(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG)));
  }

  static ImageConsumer of(Map<String, Object> config, long pollBytes, Guards guards) {
    return new ImageConsumer(config, new ByteMeter(guards.bytes(), pollBytes), pollBytes, guards);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    applyPauses();
    meter.reset();
    if (guards.working().getAsBoolean() || !careful.isEmpty() || !super.paused().isEmpty()) {
      quiet.worked();
    }
    ConsumerRecords<byte[], byte[]> polled;
    try {
      polled = super.poll(quiet.wait(timeout));
    } catch (OutOfMemoryError e) {
      var unused = heap.decide(Place.POLL, "records of " + assignment(), e);
      beginToReadCarefully(e);
      polled = ConsumerRecords.empty();
    }
    if (!polled.isEmpty()) {
      quiet.worked();
    }
    polled.nextOffsets().forEach((at, offset) -> next.put(at, offset.offset()));
    // Not before: what a poll that throws, or a rebalance in it, takes away must not be lost.
    return careful.isEmpty() ? polled : withCarefullyRead(polled);
  }

  private ConsumerRecords<byte[], byte[]> withCarefullyRead(
      ConsumerRecords<byte[], byte[]> polled) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new HashMap<>();
    polled.partitions().forEach(at -> found.put(at, polled.records(at)));
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(polled.nextOffsets());
    readCarefully(found, offsets);
    return new ConsumerRecords<>(found, offsets);
  }

  private void applyPauses() {
    Set<TopicPartition> assigned = assignment();
    Set<TopicPartition> now = super.paused();
    List<TopicPartition> pause = new ArrayList<>();
    List<TopicPartition> resume = new ArrayList<>();
    for (TopicPartition at : assigned) {
      boolean wanted = isHeld(at) || careful.containsKey(at);
      if (wanted != now.contains(at)) {
        (wanted ? pause : resume).add(at);
      }
    }
    super.pause(pause);
    super.resume(resume);
  }

  private boolean isHeld(TopicPartition at) {
    return paused.contains(at) || guards.isFull(at);
  }

  private void readCarefully(
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    for (TopicPartition at : List.copyOf(careful.keySet())) {
      if (isHeld(at)) {
        continue;
      }
      Optional<CarefulReader.Piece> read = careful.get(at).poll();
      if (read.isEmpty()) {
        continue;
      }
      CarefulReader.Piece piece = read.get();
      if (!piece.records().isEmpty()) {
        found.put(at, piece.records());
        offsets.put(at, new OffsetAndMetadata(piece.position(), Optional.empty(), ""));
      }
      next.put(at, piece.position());
      if (piece.isLast()) {
        super.seek(at, piece.position());
        careful.remove(at).close();
      }
    }
  }

  /**
   * What a poll had gathered before the error is lost, so every partition goes back to where it
   * was. Which of them is to blame is not known.
   */
  private void beginToReadCarefully(OutOfMemoryError error) {
    for (TopicPartition at : assignment()) {
      if (careful.containsKey(at)) {
        continue;
      }
      long from = Optional.ofNullable(next.get(at)).orElseGet(() -> beginning(at, error));
      super.seek(at, from);
      next.put(at, from);
      if (!isHeld(at)) {
        careful.put(
            at, new CarefulReader(single, at, from, maxPollRecords, pollBytes / 2, heap, turns));
      }
    }
  }

  /** Where a partition begins that has brought nothing yet. */
  private long beginning(TopicPartition at, OutOfMemoryError error) {
    OffsetAndMetadata committed = committed(Set.of(at), PATIENCE).get(at);
    if (committed != null) {
      return committed.offset();
    }
    if (!beginsEarliest) {
      throw error; // the thread begins again, from where its group is told to begin
    }
    return beginningOffsets(List.of(at), PATIENCE).get(at);
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    paused.addAll(partitions);
    super.pause(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    paused.removeAll(partitions);
    applyPauses();
  }

  @Override
  public Set<TopicPartition> paused() {
    return Set.copyOf(paused);
  }

  @Override
  public void seek(TopicPartition at, long offset) {
    forget(List.of(at));
    next.put(at, offset);
    super.seek(at, offset);
  }

  @Override
  public void seek(TopicPartition at, OffsetAndMetadata offset) {
    forget(List.of(at));
    next.put(at, offset.offset());
    super.seek(at, offset);
  }

  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    forget(partitions);
    super.seekToBeginning(partitions);
  }

  @Override
  public void seekToEnd(Collection<TopicPartition> partitions) {
    forget(partitions);
    super.seekToEnd(partitions);
  }

  private void forget(Collection<TopicPartition> partitions) {
    for (TopicPartition at : partitions) {
      next.remove(at);
      Optional.ofNullable(careful.remove(at)).ifPresent(CarefulReader::close);
    }
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    super.subscribe(topics, new Forgetting(listener));
  }

  @Override
  public void subscribe(Pattern topics, ConsumerRebalanceListener listener) {
    super.subscribe(topics, new Forgetting(listener));
  }

  /** What leaves may come back from another position. */
  private final class Forgetting implements ConsumerRebalanceListener {
    private final ConsumerRebalanceListener listener;

    Forgetting(ConsumerRebalanceListener listener) {
      this.listener = listener;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      gone(partitions);
      listener.onPartitionsAssigned(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      try {
        listener.onPartitionsRevoked(partitions);
      } finally {
        gone(partitions);
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      try {
        listener.onPartitionsLost(partitions);
      } finally {
        gone(partitions);
      }
    }

    private void gone(Collection<TopicPartition> partitions) {
      paused.removeAll(partitions);
      forget(partitions);
    }
  }

  @Override
  public void close(CloseOptions options) {
    forget(List.copyOf(careful.keySet()));
    super.close(
        stopping.getAsBoolean()
            ? options
            : options.withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
  }
}
