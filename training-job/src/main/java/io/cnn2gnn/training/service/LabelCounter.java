package io.cnn2gnn.training.service;

import io.cnn2gnn.intake.Arrived;
import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.intake.ImageRecord;
import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.training.topic.TopicRange;
import io.cnn2gnn.training.topic.TopicRange.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Follows a topic of images and one of labels, and counts the images that got a label since the
 * last training, in their own records or by the labels topic. It reads no further than to enough of
 * them. One thread uses it.
 */
public final class LabelCounter implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(100);

  /** So that whoever asks can look after other things. */
  private static final long LONGEST_NANOS = 2_000_000_000L;

  private final TopicRange first;
  private final String labelsTopic;
  private final Consumer<byte[], byte[]> consumer;
  private final ImageReader images;
  private final LabelRecords labels;
  private final Set<ImageName> names = new HashSet<>();
  private Optional<LastTraining> since = Optional.empty();
  private boolean placed;
  private boolean withLabels;

  /**
   * Counts the images that were labelled after the last training.
   *
   * @param first the images to begin with where nothing was trained yet
   * @param labelsTopic need not be there, and may come to be
   * @param consumer of committed records, in no group; closed with this
   */
  public LabelCounter(
      TopicRange first,
      String labelsTopic,
      Consumer<byte[], byte[]> consumer,
      ImageReader images,
      LabelRecords labels) {
    this.first = first;
    this.labelsTopic = labelsTopic;
    this.consumer = consumer;
    this.images = images;
    this.labels = labels;
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
    if (!placed || !last.equals(since) || labelsCameToBe()) {
      place(last);
    }
    long deadline = System.nanoTime() + LONGEST_NANOS;
    try {
      boolean more = true;
      while (more && names.size() < enough && System.nanoTime() - deadline < 0) {
        more = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(STEP)) {
          labelled(record).ifPresent(names::add);
          more = true;
        }
      }
    } catch (InterruptException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while counting labels of " + first.topic());
    } catch (RegistryUnavailableException e) {
      placed = false;
      throw e;
    }
    return names.size();
  }

  private boolean labelsCameToBe() {
    return !withLabels && !partitions(labelsTopic).isEmpty();
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  private void place(Optional<LastTraining> last) {
    names.clear();
    since = last;
    List<TopicPartition> ofImages = partitions(first.topic());
    List<TopicPartition> ofLabels = partitions(labelsTopic);
    List<TopicPartition> all = new ArrayList<>(ofImages);
    all.addAll(ofLabels);
    consumer.assign(all);
    for (TopicPartition at : ofImages) {
      seek(
          at,
          last.isPresent()
              ? span(last.get().range(), at).map(Span::end)
              : span(first, at).map(Span::begin));
    }
    for (TopicPartition at : ofLabels) {
      seek(at, last.flatMap(training -> span(training.labels(), at)).map(Span::end));
    }
    withLabels = !ofLabels.isEmpty();
    placed = true;
  }

  private static Optional<Span> span(TopicRange range, TopicPartition at) {
    return Optional.ofNullable(range.partitions().get(at.partition()));
  }

  /** A partition that was added since is read from its beginning. */
  private void seek(TopicPartition at, Optional<Long> offset) {
    if (offset.isPresent()) {
      consumer.seek(at, offset.get());
    } else {
      consumer.seekToBeginning(List.of(at));
    }
  }

  private Optional<ImageName> labelled(ConsumerRecord<byte[], byte[]> record) {
    Optional<byte[]> source = Optional.ofNullable(record.key());
    try {
      if (record.topic().equals(labelsTopic)) {
        LabelRecord label = labels.read(record.headers(), record.value());
        // Empty where it takes back, which is nothing new to learn.
        return label.label().map(said -> new ImageName(source, label.imageId()));
      }
      ImageRecord image = images.read(Arrived.of(record));
      return image.label().map(said -> new ImageName(source, image.id()));
    } catch (RecordRefusedException e) {
      // Training tells of it; here it is just no label.
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
