package io.cnn2gnn.benchmarks.buffers;

import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.input.InputRecords;
import io.cnn2gnn.topology.input.KafkaInputRecords;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * One variant as a process of its own, for {@link BufferProcess}. It ends when its standard input
 * does, so that it never outlives whoever started it.
 */
public final class BufferApp {
  private static final int MEGABYTE = 1 << 20;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private BufferApp() {}

  /**
   * Takes the variant, the broker, the name that topics and group share, a state folder, and how
   * many milliseconds a batch waits.
   */
  public static void main(String[] args) throws IOException {
    Variant variant = Variant.valueOf(args[0]);
    String broker = args[1];
    Run run = new Run(args[2]);
    InputRecords input =
        new KafkaInputRecords(
            run.images(),
            () -> new KafkaConsumer<>(reader(broker)),
            Duration.ofSeconds(30),
            new HeapFaults(System::nanoTime, new AppMetrics(new SimpleMeterRegistry())));
    KafkaStreams streams =
        new KafkaStreams(
            BufferTopology.of(
                variant,
                run.images(),
                input,
                run.answers(),
                Duration.ofMillis(Long.parseLong(args[4])),
                System::nanoTime),
            settings(broker, run.name(), args[3]));
    streams.setUncaughtExceptionHandler(
        e -> {
          e.printStackTrace();
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.ERROR) {
            Runtime.getRuntime().halt(1);
          }
        });
    streams.start();
    while (System.in.read() >= 0) {
      // Nothing is said; only the end matters.
    }
    System.exit(streams.close(CLOSE_TIMEOUT) ? 0 : 1);
  }

  private static Map<String, Object> reader(String broker) {
    Map<String, Object> p = new HashMap<>();
    p.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker);
    p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Below the start of the log the next record shows what is gone.
    p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    p.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return p;
  }

  /** The product's, as far as they bear on the buffer. */
  private static Properties settings(String broker, String application, String state) {
    Properties p = new Properties();
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, broker);
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
    p.put(StreamsConfig.STATE_DIR_CONFIG, state);
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.POLL_MS_CONFIG, 5);
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64 * MEGABYTE);
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 500);
    // A static member comes back without waiting for the end of its former self's session.
    p.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), application);
    p.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        BuffersBenchmark.LARGEST_VALUE + MEGABYTE);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    return p;
  }
}
