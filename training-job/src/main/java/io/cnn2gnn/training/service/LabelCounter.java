package io.cnn2gnn.training.service;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.training.topic.TopicRange.Span;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Follows a topic of images and counts the ids with a label since the last training. It reads no
 * further than to enough of them. One thread uses it.
 */
public final class LabelCounter implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(100);

  /** So that whoever asks can look after other things. */
  private static final long LONGEST_NANOS = 2_000_000_000L;

  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final WireReader<Image> reader;
  private final Map<Integer, Span> first;
  private final Set<String> ids = new HashSet<>();
  private Optional<LastTraining> since = Optional.empty();
  private boolean placed;

  /**
   * Counts the labelled images that came to a topic after the last training.
   *
   * @param consumer of committed records, in no group; closed with this
   * @param first where to begin where nothing was trained yet
   */
  public LabelCounter(
      String topic,
      Consumer<byte[], byte[]> consumer,
      WireReader<Image> reader,
      Map<Integer, Span> first) {
    this.topic = topic;
    this.consumer = consumer;
    this.reader = reader;
    this.first = first;
  }

  /**
   * Reads on and counts.
   *
   * @return how many, or at least as many as are enough
   * @throws RegistryUnavailableException if a record's schema cannot be had now; counting begins
   *     anew with the next call
   * @throws KafkaException if the broker refuses
   */
  public int count(Optional<LastTraining> last, int enough) throws InterruptedException {
    if (!placed || !last.equals(since)) {
      place(last);
    }
    long deadline = System.nanoTime() + LONGEST_NANOS;
    try {
      boolean more = true;
      while (more && ids.size() < enough && System.nanoTime() - deadline < 0) {
        more = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(STEP)) {
          take(record);
          more = true;
        }
      }
    } catch (InterruptException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while counting labels of topic " + topic);
    } catch (RegistryUnavailableException e) {
      placed = false;
      throw e;
    }
    return ids.size();
  }

  private void place(Optional<LastTraining> last) {
    ids.clear();
    since = last;
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    Map<Integer, Span> known = last.map(l -> l.range().partitions()).orElse(first);
    for (TopicPartition at : partitions) {
      Span span = known.get(at.partition());
      if (span == null) {
        // A partition that was added since.
        consumer.seekToBeginning(List.of(at));
      } else {
        consumer.seek(at, last.isPresent() ? span.end() : span.begin());
      }
    }
    placed = true;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      Image image = reader.read(record.value());
      if (image.getLabel() != null) {
        ids.add(image.getId());
      }
    } catch (UnreadableRecordException e) {
      // Training tells of it; here it is just not labelled.
      return;
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
