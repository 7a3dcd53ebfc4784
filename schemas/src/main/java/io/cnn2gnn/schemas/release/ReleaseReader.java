package io.cnn2gnn.schemas.release;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the models topic from its beginning and follows it. One thread uses it.
 *
 * <p>A record that is no release is passed over with a warning: it must not keep a service from the
 * releases behind it.
 */
public final class ReleaseReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseReader.class);
  private static final Duration STEP = Duration.ofMillis(50);

  private final Consumer<String, byte[]> consumer;
  private final TopicPartition at;
  private final WireReader<ModelRelease> reader;
  private final Releases releases = new Releases();

  /**
   * Reads a topic of releases from its beginning.
   *
   * @param consumer of committed records, in no group; closed with this
   */
  public ReleaseReader(
      Consumer<String, byte[]> consumer, String topic, SchemaRegistryClient registry) {
    this(consumer, topic, registry, Duration.ZERO);
  }

  /**
   * As above, for one who follows the topic and so reads a record once.
   *
   * @param patience how long a schema is waited for that the registry says it does not have
   */
  public ReleaseReader(
      Consumer<String, byte[]> consumer,
      String topic,
      SchemaRegistryClient registry,
      Duration patience) {
    this.consumer = consumer;
    this.at = new TopicPartition(topic, 0);
    this.reader = new WireReader<>(registry, topic, ModelRelease.class, patience);
    consumer.assign(List.of(at));
    consumer.seekToBeginning(List.of(at));
  }

  /** As of the last record that was read; it changes with the next call. */
  public Releases releases() {
    return releases;
  }

  /**
   * Reads on for so long at most.
   *
   * @return whether anything was read
   * @throws RegistryUnavailableException if a record's schema cannot be had now; it is read again
   *     with the next call
   */
  public boolean poll(Duration longest) {
    boolean any = false;
    for (ConsumerRecord<String, byte[]> record : consumer.poll(longest).records(at)) {
      try {
        take(record);
        any = true;
      } catch (RegistryUnavailableException e) {
        consumer.seek(at, record.offset());
        throw e;
      }
    }
    return any;
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      if (record.key() != null) {
        releases.remove(record.key());
      }
      return;
    }
    try {
      releases.put(record.offset(), reader.read(record.headers(), record.value()));
    } catch (UnreadableRecordException e) {
      LOG.warn("{}@{} is no release and is passed over: {}", at, record.offset(), e.getMessage());
    }
  }

  /**
   * Reads up to where the topic ends now. A schema that cannot be had is asked for again as long as
   * there is time.
   *
   * @throws TimeoutException if that takes longer
   * @throws RegistryUnavailableException if at the end of the time a schema still cannot be had
   * @throws KafkaException if the broker refuses
   */
  public Releases readToEnd(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    long end = consumer.endOffsets(List.of(at), longest).get(at);
    while (consumer.position(at, longest) < end) {
      if (System.nanoTime() - deadline >= 0) {
        throw new TimeoutException(
            "%s was not read to its end within %d s"
                .formatted(at, TimeUnit.NANOSECONDS.toSeconds(longest.toNanos())));
      }
      try {
        poll(STEP);
      } catch (RegistryUnavailableException e) {
        if (System.nanoTime() + STEP.toNanos() - deadline >= 0) {
          throw e;
        }
        LockSupport.parkNanos(STEP.toNanos());
      }
    }
    return releases;
  }

  /** Ends a {@link #poll} of another thread; it throws WakeupException. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
