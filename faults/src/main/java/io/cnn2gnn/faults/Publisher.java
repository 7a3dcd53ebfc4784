package io.cnn2gnn.faults;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.schemas.release.Releases;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Whoever releases models, with a store of bundles that need not be sound. */
final class Publisher implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, Object> connection;
  private final SchemaRegistryClient registry;
  private final String topic;
  private final Path store;
  private final ReleaseWriter writer;

  Publisher(Map<String, Object> connection, SchemaRegistryClient registry, String topic, Path store)
      throws IOException {
    this.connection = connection;
    this.registry = registry;
    this.topic = topic;
    this.store = Files.createDirectories(store);
    this.writer =
        new ReleaseWriter(
            new KafkaProducer<>(connection, new StringSerializer(), new ByteArraySerializer()),
            topic,
            registry,
            true);
  }

  /** Where a bundle's file lies. */
  Path file(Bundle bundle) {
    return store.resolve(bundle.card().version() + ".bundle");
  }

  /** Writes a bundle's file as it should be. */
  void store(Bundle bundle) throws IOException {
    bundle.write(file(bundle));
  }

  /** Writes the release of a bundle, whatever its file is. */
  void publish(Bundle bundle, ReleaseState state) throws IOException, InterruptedException {
    byte[] bytes = bundle.bytes();
    writer.publish(
        ModelRelease.newBuilder()
            .setName(bundle.card().name())
            .setVersion(bundle.card().version())
            .setSpace(bundle.card().space())
            .setBundle(
                new BundleReference(
                    file(bundle).toUri().toString(), Sha256.hex(bytes), (long) bytes.length))
            .setState(state)
            .setMetrics(Map.of())
            .setCreatedAt(Instant.now().truncatedTo(ChronoUnit.MICROS))
            .setReason("a fault harness's")
            .build());
  }

  /** The releases as they stand. */
  Releases releases() {
    Map<String, Object> config = new HashMap<>(connection);
    config.put("isolation.level", "read_committed");
    config.put("auto.offset.reset", "earliest");
    try (ReleaseReader reader =
        new ReleaseReader(
            new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer()),
            topic,
            registry)) {
      return reader.readToEnd(PATIENCE);
    }
  }

  @Override
  public void close() {
    writer.close();
  }
}
