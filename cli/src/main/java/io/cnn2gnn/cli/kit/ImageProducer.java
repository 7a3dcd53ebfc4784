package io.cnn2gnn.cli.kit;

import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.SchemaRegistrationException;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.topology.app.BrokerFaults;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends image files as {@code Image} records, at a steady rate if one is asked for. */
public final class ImageProducer implements AutoCloseable {
  /**
   * The largest image, unless the user says otherwise; below the broker's and the topics' limit.
   */
  public static final int MAX_BYTES = 8_000_000;

  /** Room for the record's other fields beside the image. */
  private static final int HEADROOM = 64 << 10;

  private final KafkaProducer<String, byte[]> producer;
  private final Envelope envelope;
  private final double perSecond;
  private final long started;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private long sent;

  /** How an image becomes a record. */
  private interface Envelope {
    ProducerRecord<String, byte[]> record(String key, ImageFile file, Optional<String> label)
        throws CliException;
  }

  /**
   * Sends images to a topic at a steady rate, as {@code Image} records.
   *
   * @param carrier puts an image into its record
   * @param perSecond images per second; 0 for as fast as the broker takes them
   */
  public ImageProducer(
      Map<String, String> properties,
      SchemaRegistryClient registry,
      String topic,
      Carrier carrier,
      double perSecond)
      throws CliException {
    this(
        properties,
        topic,
        carrier.maxBytes(),
        perSecond,
        avro(properties, registry, topic, carrier));
  }

  /**
   * As above, but the files themselves, as {@link io.cnn2gnn.intake.RawImages} reads them.
   *
   * @param maxBytes the largest file
   */
  public static ImageProducer raw(
      Map<String, String> properties, String topic, int maxBytes, double perSecond)
      throws CliException {
    return new ImageProducer(properties, topic, maxBytes, perSecond, raw(topic, maxBytes));
  }

  private ImageProducer(
      Map<String, String> properties,
      String topic,
      int maxBytes,
      double perSecond,
      Envelope envelope) {
    this.envelope = envelope;
    this.perSecond = perSecond;
    Map<String, Object> config = Connection.only(properties, ProducerConfig.configNames());
    config.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxBytes + HEADROOM);
    config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
    this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    // Metadata now, or the first image would wait for it.
    producer.partitionsFor(topic);
    this.started = System.nanoTime();
  }

  /** Sends one image; returns when it is on its way. */
  public void send(String key, ImageFile file, Optional<String> label)
      throws CliException, InterruptedException {
    send(key, file, label, () -> {});
  }

  /** As above, telling of the moment just before the image is handed over. */
  public void send(String key, ImageFile file, Optional<String> label, Runnable leaving)
      throws CliException, InterruptedException {
    ProducerRecord<String, byte[]> record = envelope.record(key, file, label);
    pace();
    leaving.run();
    // The callback reports what the future would.
    Future<RecordMetadata> unused =
        producer.send(
            record,
            (metadata, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
    sent++;
    checkFailure();
  }

  private static Envelope avro(
      Map<String, String> properties, SchemaRegistryClient registry, String topic, Carrier carrier)
      throws CliException {
    WireWriter<Image> writer;
    try {
      boolean register = SchemaRegistries.autoRegister(properties);
      writer = new WireWriter<>(registry, topic, Image.class, register);
    } catch (RegistryUnavailableException | SchemaRegistrationException e) {
      throw new CliException(e.getMessage(), e);
    }
    return (key, file, label) -> {
      Image image =
          Image.newBuilder()
              .setId(file.id())
              .setCapturedAt(now())
              .setContent(carrier.content(file, bytes(file)))
              .setLabel(label.orElse(null))
              .build();
      return new ProducerRecord<>(topic, key, writer.write(image));
    };
  }

  private static Envelope raw(String topic, int maxBytes) {
    return (key, file, label) -> {
      byte[] bytes = bytes(file);
      Carrier.check(file, bytes, maxBytes);
      ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, bytes);
      header(record, "id", file.id());
      header(record, "captured-at", now().toString());
      label.ifPresent(name -> header(record, "label", name));
      return record;
    };
  }

  private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  private static byte[] bytes(ImageFile file) throws CliException {
    try {
      return file.content().read();
    } catch (IOException e) {
      throw new CliException(file.id() + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void pace() throws InterruptedException {
    if (perSecond > 0) {
      long due = started + (long) (sent / perSecond * 1e9);
      long wait = due - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
      }
    }
  }

  private void checkFailure() throws CliException {
    Exception e = failure.get();
    if (e != null) {
      throw new CliException(
          BrokerFaults.explain("the broker", e)
              .orElse("the broker did not take an image: " + e.getMessage()),
          e);
    }
  }

  /** Waits until the broker has everything. */
  public void flush() throws CliException {
    producer.flush();
    checkFailure();
  }

  @Override
  public void close() {
    producer.close();
  }
}
