package io.cnn2gnn.schemas.release;

import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Writes releases to the models topic. */
public final class ReleaseWriter implements AutoCloseable {
  private final Producer<String, byte[]> producer;
  private final String topic;
  private final WireWriter<ModelRelease> writer;

  /**
   * Writes releases to a topic.
   *
   * @param producer closed with this, and where this cannot be made
   * @param register whether the schema may be registered; if not, it has to be there
   */
  public ReleaseWriter(
      Producer<String, byte[]> producer,
      String topic,
      SchemaRegistryClient registry,
      boolean register) {
    this.producer = producer;
    this.topic = topic;
    try {
      this.writer = new WireWriter<>(registry, topic, ModelRelease.class, register);
    } catch (RuntimeException e) {
      producer.close();
      throw e;
    }
  }

  /**
   * Writes them in order and returns when all brokers that must have them do.
   *
   * @throws KafkaException if one was not written; those before it may have been
   */
  public void publish(ModelRelease... releases) throws InterruptedException {
    List<Future<?>> sent = new ArrayList<>();
    for (ModelRelease release : releases) {
      sent.add(
          producer.send(
              new ProducerRecord<>(topic, 0, Releases.key(release), writer.write(release))));
    }
    for (Future<?> one : sent) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new KafkaException(
            "topic " + topic + " does not take the release: " + e.getCause().getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
