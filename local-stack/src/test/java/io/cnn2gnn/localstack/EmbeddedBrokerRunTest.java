package io.cnn2gnn.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerRunTest {
  @TempDir Path dir;

  @Test
  void recordsSurviveARestartInTheSameDirectory() throws ExecutionException, InterruptedException {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir, 0, Map.of())) {
      createTopic(broker.bootstrapServers(), "images");
      produce(broker.bootstrapServers(), "images", "before");
      assertThat(consume(broker.bootstrapServers(), "images", 1)).containsExactly("before");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir, 0, Map.of())) {
      produce(broker.bootstrapServers(), "images", "after");
      assertThat(consume(broker.bootstrapServers(), "images", 2))
          .containsExactly("before", "after");
    }
  }

  @Test
  void aTakenPortIsNamedWithTheWayOut() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedBroker.start(dir, port, Map.of()))
          .isInstanceOf(PortInUseException.class)
          .hasMessage(
              "port "
                  + port
                  + " on 127.0.0.1 is in use: stop the process that holds it,"
                  + " or choose another with --broker-port");
    }
  }

  @Test
  void aSecondBrokerInTheSameDirectoryIsRefusedAndTheFirstGoesOn()
      throws ExecutionException, InterruptedException {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir, 0, Map.of())) {
      assertThatThrownBy(() -> EmbeddedBroker.start(dir, 0, Map.of()))
          .isInstanceOf(LocalStackException.class)
          .hasMessageContaining(dir.toString());
      createTopic(broker.bootstrapServers(), "images");
    }
  }

  private static void createTopic(String bootstrapServers, String topic)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  private static void produce(String bootstrapServers, String topic, String value)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, value)).get();
    }
  }

  private static List<String> consume(String bootstrapServers, String topic, int count) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "test-" + count,
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      List<String> values = new ArrayList<>();
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
      }
      return values;
    }
  }
}
