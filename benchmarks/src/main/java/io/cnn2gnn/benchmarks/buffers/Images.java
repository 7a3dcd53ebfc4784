package io.cnn2gnn.benchmarks.buffers;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends numbered values of one size, in turn to each partition. */
final class Images implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final byte[] value;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  Images(String broker, String topic, int bytes, long seed) {
    this.topic = topic;
    this.value = new byte[bytes];
    new Random(seed).nextBytes(value);
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                BuffersBenchmark.LARGEST_VALUE + (1 << 20),
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 << 10,
                // More in flight to a topic just made can stick: a leader that is not there yet
                // refuses the
                // first, takes the second, and then finds the first out of order for ever.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.LINGER_MS_CONFIG,
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** As fast as they go; returns when the broker has them. */
  void send(int from, int to) {
    for (int id = from; id < to; id++) {
      send(id);
    }
    producer.flush();
  }

  /** So many per second; returns when the broker has them. */
  void send(int from, int to, double rate) {
    long start = System.nanoTime();
    for (int id = from; id < to; id++) {
      long due = start + (long) ((id - from) / rate * TimeUnit.SECONDS.toNanos(1));
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      send(id);
    }
    producer.flush();
  }

  /** An image that the broker never had would be counted as lost by whoever is measured. */
  Optional<Exception> failure() {
    return Optional.ofNullable(failure.get());
  }

  private void send(int id) {
    long now = System.currentTimeMillis();
    var unused =
        producer.send(
            new ProducerRecord<>(topic, id % Run.PARTITIONS, now, Answer.key(id), value),
            (metadata, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
  }

  @Override
  public void close() {
    producer.close();
  }
}
