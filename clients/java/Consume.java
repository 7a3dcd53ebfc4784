import io.cnn2gnn.schemas.RecordSerdes;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.Prediction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints predictions, each with its neighbours, until it is stopped. */
public final class Consume {
  private Consume() {}

  public static void main(String[] arguments) {
    String brokers = System.getenv().getOrDefault("BOOTSTRAP_SERVERS", "localhost:9092");
    String registry = System.getenv().getOrDefault("SCHEMA_REGISTRY_URL", "http://localhost:8081");
    String topic = System.getenv().getOrDefault("PREDICTIONS_TOPIC", "predictions");
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", brokers,
                "group.id", "labels-java",
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            RecordSerdes.prediction(Map.of("schema.registry.url", registry)).deserializer())) {
      consumer.subscribe(List.of(topic));
      while (true) {
        for (ConsumerRecord<String, Prediction> record : consumer.poll(Duration.ofSeconds(1))) {
          Prediction p = record.value();
          System.out.println(p.getImageId() + " " + p.getLabel() + " " + p.getConfidence());
          for (Neighbour n : p.getNeighbours()) {
            System.out.println(
                "  %s %s %s %s"
                    .formatted(n.getImageId(), n.getLabel(), n.getWeight(), n.getOrigin()));
          }
        }
      }
    }
  }
}
