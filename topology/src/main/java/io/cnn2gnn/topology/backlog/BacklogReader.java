package io.cnn2gnn.topology.backlog;

import io.cnn2gnn.topology.backlog.FirstRecords.First;
import io.cnn2gnn.topology.backlog.PendingLog.Pending;
import io.cnn2gnn.topology.input.Mark;
import io.cnn2gnn.topology.scan.Partitions;
import io.cnn2gnn.topology.scan.RangeScan.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the images that have no answer yet, without the service that is to answer them.
 *
 * <p>The group's offsets do not tell them: an image that waits for its batch lies before them. The
 * pending store's changelog does. Its rows are written in the transaction of the answers, so at
 * every commit all images up to the last one taken are answered but for those that are open, and
 * none behind it is. ADR 20 has the alternatives.
 *
 * <p>One thread uses it.
 */
public final class BacklogReader implements AutoCloseable {
  /** One record of a partition is wanted, and comes with its whole batch, however large that is. */
  private static final int FETCH_BYTES = 64 << 10;

  private final GroupOffsets group;
  private final OneConsumer consumer;
  private final FirstRecords first;
  private final String images;
  private final String pendingChangelog;

  /** What of a partition has no answer: the records at some offsets, and all of a range. */
  private record Unanswered(List<Long> open, Range untaken) {
    /** Where the first of them is, in what the topic holds. */
    Range search(Range held) {
      return open.stream()
          .min(Long::compare)
          // A topic that was made anew need not have come so far again.
          .filter(offset -> offset < held.to())
          .map(offset -> new Range(Math.max(held.from(), offset), held.to()))
          .orElse(untaken);
    }
  }

  /**
   * Of a service.
   *
   * @param images the topic that it reads
   * @param pendingChangelog of its pending store
   * @param group its offsets
   * @param consumers open consumers with {@link #settings}, which are closed with this
   * @param tooLarge hears of a record that the heap is too small for
   */
  public BacklogReader(
      String images,
      String pendingChangelog,
      GroupOffsets group,
      Supplier<Consumer<byte[], byte[]>> consumers,
      BiConsumer<String, OutOfMemoryError> tooLarge) {
    this.images = images;
    this.pendingChangelog = pendingChangelog;
    this.group = group;
    this.consumer = new OneConsumer(consumers);
    this.first = new FirstRecords(consumer, tooLarge);
  }

  /** Settings of a consumer that is in no group, made fit for looking at single records. */
  public static Map<String, Object> settings(Map<String, Object> reading) {
    Map<String, Object> settings = new HashMap<>(reading);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    return settings;
  }

  /**
   * Looks once.
   *
   * @return of each partition in order
   * @throws ExecutionException if the broker does not tell the group's offsets
   * @throws org.apache.kafka.common.KafkaException if it does not give what was asked for
   * @throws IllegalStateException if what the service has left is damaged, or of a later build
   */
  public List<Backlog> read() throws ExecutionException, InterruptedException {
    // The offsets first: the rows that are read after them are of the same commit or a later one.
    Map<TopicPartition, Long> committed = group.read();
    Map<Integer, Pending> pending = PendingLog.read(consumer.get(), pendingChangelog);
    List<TopicPartition> partitions = Partitions.of(consumer.get(), images);
    Map<TopicPartition, Range> held = Partitions.held(consumer.get(), partitions);
    Map<TopicPartition, Pending> left = new HashMap<>();
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      left.put(partition, pending.getOrDefault(partition.partition(), Pending.NOTHING));
      offsets.put(partition, committed.getOrDefault(partition, held.get(partition).from()));
    }
    forgetOtherTopics(left, offsets, held);
    return backlogs(partitions, unanswered(left, offsets, held), held);
  }

  /**
   * Where the group stands at or before the last record taken, it was set back, and the service
   * skips what it has taken; or the topic was made anew, and it takes all of it. As the service
   * does, this asks the topic whether it still has that record.
   */
  private void forgetOtherTopics(
      Map<TopicPartition, Pending> left,
      Map<TopicPartition, Long> offsets,
      Map<TopicPartition, Range> held) {
    Map<TopicPartition, Range> doubtful = new HashMap<>();
    left.forEach(
        (partition, pending) ->
            pending
                .taken()
                .filter(mark -> mark.offset() >= offsets.get(partition))
                .ifPresent(mark -> doubtful.put(partition, at(mark, held.get(partition)))));
    Map<TopicPartition, First> found = first.of(doubtful);
    for (TopicPartition partition : doubtful.keySet()) {
      Pending pending = left.get(partition);
      if (!isOf(pending.taken().orElseThrow(), Optional.ofNullable(found.get(partition)))) {
        left.put(partition, new Pending(Optional.empty(), pending.open()));
      }
    }
  }

  private static Range at(Mark mark, Range held) {
    boolean isHeld = held.from() <= mark.offset() && mark.offset() < held.to();
    return isHeld ? new Range(mark.offset(), mark.offset() + 1) : new Range(0, 0);
  }

  private static boolean isOf(Mark mark, Optional<First> found) {
    // What cannot be read cannot be told from it.
    return found
        .map(first -> !(first instanceof First.Read read) || read.mark().equals(mark))
        .orElse(false);
  }

  private static Map<TopicPartition, Unanswered> unanswered(
      Map<TopicPartition, Pending> left,
      Map<TopicPartition, Long> offsets,
      Map<TopicPartition, Range> held) {
    Map<TopicPartition, Unanswered> unanswered = new HashMap<>();
    left.forEach(
        (partition, pending) -> {
          Range all = held.get(partition);
          long next = pending.taken().map(mark -> mark.offset() + 1).orElse(0L);
          // The group is ahead where it has passed an empty end, or was set ahead.
          long from = Math.max(all.from(), Math.max(next, offsets.get(partition)));
          unanswered.put(partition, new Unanswered(pending.open(), new Range(from, all.to())));
        });
    return unanswered;
  }

  private List<Backlog> backlogs(
      List<TopicPartition> partitions,
      Map<TopicPartition, Unanswered> unanswered,
      Map<TopicPartition, Range> held) {
    Map<TopicPartition, Range> searched = new HashMap<>();
    unanswered.forEach((partition, of) -> searched.put(partition, of.search(held.get(partition))));
    Map<TopicPartition, First> found = first.of(searched);
    List<Backlog> backlogs = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      backlogs.add(
          backlog(
              partition.partition(),
              unanswered.get(partition),
              Optional.ofNullable(found.get(partition))));
    }
    return backlogs;
  }

  private static Backlog backlog(int partition, Unanswered of, Optional<First> found) {
    long untaken = of.untaken().size();
    if (found.isEmpty()) {
      // Behind what was taken there is nothing but the ends of transactions.
      untaken = 0;
    } else if (of.open().isEmpty() && found.get() instanceof First.Read read) {
      untaken = of.untaken().to() - read.offset();
    }
    Optional<Instant> oldest =
        found
            .filter(first -> first instanceof First.Read)
            .map(first -> ((First.Read) first).timestamp())
            .filter(timestamp -> timestamp >= 0)
            .map(Instant::ofEpochMilli);
    return new Backlog(partition, of.open().size() + untaken, oldest);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
