package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people say of images in a topic of labels, which need not be there: then the labels of the
 * images' own records are all there are.
 */
public final class TopicLabels {
  private static final Logger LOG = LoggerFactory.getLogger(TopicLabels.class);

  private final String topic;
  private final RangeReader ranges;
  private final LabelRecords reader;

  /**
   * Of a topic; reads nothing yet.
   *
   * @param consumers makes consumers of committed records, in no group
   * @param patience how long a partition may bring nothing before its end
   */
  public TopicLabels(
      String topic,
      Supplier<? extends Consumer<byte[], byte[]>> consumers,
      LabelRecords reader,
      Duration patience) {
    this.topic = topic;
    this.ranges = new RangeReader(topic, consumers, patience);
    this.reader = reader;
  }

  /** All that it holds now; {@link TopicRange#NONE} if there is no such topic. */
  TopicRange range() throws IOException, InterruptedException {
    return ranges.find(new TimePoint.Earliest(), new TimePoint.Latest()).orElse(TopicRange.NONE);
  }

  /**
   * Reads a range. What is no label is counted and told in the log, a line for each reason.
   *
   * @throws IOException if the topic no longer has the range
   * @throws RegistryUnavailableException if a record's schema cannot be had now
   */
  Labels read(TopicRange range) throws IOException, InterruptedException {
    return read(range, new Skips());
  }

  Labels read(TopicRange range, Skips skips) throws IOException, InterruptedException {
    Labels labels = new Labels();
    if (range.equals(TopicRange.NONE)) {
      LOG.info("without a topic {}: images have the labels of their own records alone", topic);
      return labels;
    }
    Arrival.Clock clock = new Arrival.Clock();
    ranges.read(
        range,
        record -> {
          try {
            LabelRecord label = reader.read(record.headers(), record.value());
            ImageName name = new ImageName(Optional.ofNullable(record.key()), label.imageId());
            labels.add(name, label, clock.of(record));
          } catch (RecordRefusedException e) {
            skips.add(e.reason(), record, e.getMessage());
          }
          return true;
        });
    skips.log();
    return labels;
  }
}
