package io.cnn2gnn.benchmarks.service;

import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;

/** The camera. Images have numbers, which are the keys of their records and of their answers. */
public final class Feed implements AutoCloseable {
  private static final int SIDE = 28;

  private final String topic;
  private final SchemaRegistryClient registry;
  private final WireWriter<Image> writer;
  private final KafkaProducer<Integer, byte[]> producer;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  /** Opens one to the images topic of a service. */
  public Feed(Deployment deployment) {
    this.topic = deployment.images();
    this.registry =
        SchemaRegistries.create(Map.of("schema.registry.url", deployment.registryUrl()));
    this.writer = new WireWriter<>(registry, topic, Image.class, true);
    this.producer =
        new KafkaProducer<>(
            // An image leaves when it is due.
            Map.of("bootstrap.servers", deployment.broker(), "linger.ms", 0),
            new IntegerSerializer(),
            new ByteArraySerializer());
    producer.partitionsFor(topic);
  }

  /** Writes records for this topic. */
  public WireWriter<Image> writer() {
    return writer;
  }

  /** The record of a small raw image of noise. */
  public byte[] noise(int number, Random random) {
    byte[] pixels = new byte[SIDE * SIDE];
    random.nextBytes(pixels);
    return writer.write(
        Image.newBuilder()
            .setId("image-" + number)
            .setCapturedAt(Instant.EPOCH)
            .setContent(
                InlineImage.newBuilder()
                    .setFormat(ImageFormat.GRAY8)
                    .setWidth(SIDE)
                    .setHeight(SIDE)
                    .setBytes(ByteBuffer.wrap(pixels))
                    .build())
            .setLabel(null)
            .setAttributes(Map.of())
            .build());
  }

  /** Sends one as soon as it goes. */
  public void send(int number, byte[] record) {
    var unused =
        producer.send(
            new ProducerRecord<>(topic, number, record),
            (place, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
  }

  /**
   * Sends when each is due, whatever comes back; one that is late goes at once, and those after it
   * at their times.
   *
   * @param first number of the first
   * @param record of the i-th, counted from 0; must be quick
   * @return nanoseconds by which each was late
   */
  public long[] send(Schedule schedule, int first, IntFunction<byte[]> record)
      throws InterruptedException {
    long[] late = new long[schedule.count()];
    for (int i = 0; i < late.length; i++) {
      long left;
      while ((left = schedule.due(i) - System.nanoTime()) > 0) {
        LockSupport.parkNanos(left);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      late[i] = -left;
      send(first + i, record.apply(i));
    }
    return late;
  }

  /** Waits until the broker has everything. */
  public void flush() throws IOException {
    producer.flush();
    if (failure.get() != null) {
      throw new IOException("the broker did not take an image: " + failure.get(), failure.get());
    }
  }

  @Override
  public void close() {
    producer.close();
    try {
      registry.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("closing the registry's client", e);
    }
  }
}
