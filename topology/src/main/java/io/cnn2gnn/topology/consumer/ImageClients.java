package io.cnn2gnn.topology.consumer;

import io.cnn2gnn.topology.heap.HeapFaults;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Kafka Streams' clients: its own, but for the consumer that reads what anybody may write. */
public final class ImageClients implements KafkaClientSupplier {
  private final Map<String, Object> reading;
  private final long pollBytes;
  private final Guards guards;

  /**
   * For one application.
   *
   * @param reading settings of a consumer that is in no group and reads committed records
   * @param backpressure by topic
   * @param pollBytes what a poll may bring of all records together
   * @param recordBytes the most of a record that is taken up at all, whatever becomes of it
   * @param working whether tasks of the process hold images; if not, a poll may wait
   * @param stopping whether the application ends
   */
  public ImageClients(
      Map<String, Object> reading,
      Map<String, Backpressure> backpressure,
      long pollBytes,
      long recordBytes,
      HeapFaults heap,
      BooleanSupplier working,
      BooleanSupplier stopping) {
    this.reading = new HashMap<>(reading);
    this.reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    this.pollBytes = pollBytes;
    this.guards =
        new Guards(
            Map.copyOf(backpressure),
            this::single,
            new BytesOrStandIn(recordBytes),
            heap,
            working,
            stopping);
  }

  /**
   * A consumer in no group that takes one record at a time: what follows a record in its batch does
   * not come with it.
   */
  public Consumer<byte[], byte[]> single() {
    return new KafkaConsumer<>(reading, guards.bytes(), guards.bytes());
  }

  private static Consumer<byte[], byte[]> plain(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return ImageConsumer.of(config, pollBytes, guards);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return plain(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return plain(config);
  }
}
