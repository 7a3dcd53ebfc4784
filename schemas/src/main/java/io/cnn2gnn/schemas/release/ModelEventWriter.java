package io.cnn2gnn.schemas.release;

import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of a service's models on the events topic. Events are for people and for the training job:
 * one that cannot be written is logged and forgotten, for no image may wait for it.
 */
public final class ModelEventWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelEventWriter.class);

  private final Producer<String, byte[]> producer;
  private final String topic;
  private final String instance;
  private final WireWriter<ModelEvent> writer;

  /**
   * Writes the events of one instance to a topic.
   *
   * @param producer closed with this
   * @param instance which service tells
   * @param register whether the schema may be registered; if not, it has to be there
   */
  public ModelEventWriter(
      Producer<String, byte[]> producer,
      String topic,
      String instance,
      SchemaRegistryClient registry,
      boolean register) {
    this.producer = producer;
    this.topic = topic;
    this.instance = instance;
    this.writer = new WireWriter<>(registry, topic, ModelEvent.class, register);
  }

  /** Logs an event and writes it, without waiting for the broker. */
  public void tell(
      String name,
      String version,
      ModelEventKind kind,
      String message,
      Map<String, Double> metrics) {
    LOG.info("{}:{} {}: {}", name, version, kind, message);
    ModelEvent event =
        ModelEvent.newBuilder()
            .setName(name)
            .setVersion(version)
            .setInstance(instance)
            .setKind(kind)
            .setMessage(message)
            .setMetrics(metrics)
            .setAt(Instant.now().truncatedTo(ChronoUnit.MICROS))
            .build();
    try {
      Future<?> unused = // the callback says how it went
          producer.send(
              new ProducerRecord<>(topic, Releases.key(name, version), writer.write(event)),
              (at, fault) -> {
                if (fault != null) {
                  LOG.warn("topic {} does not take an event: {}", topic, fault.toString());
                }
              });
    } catch (RuntimeException e) {
      LOG.warn("an event could not be written to topic {}", topic, e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
