import io.cnn2gnn.schemas.RecordSerdes;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends image files of one source: Produce SOURCE FILE... */
public final class Produce {
  private Produce() {}

  public static void main(String[] arguments) throws Exception {
    String brokers = System.getenv().getOrDefault("BOOTSTRAP_SERVERS", "localhost:9092");
    String registry = System.getenv().getOrDefault("SCHEMA_REGISTRY_URL", "http://localhost:8081");
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", brokers),
            new StringSerializer(),
            RecordSerdes.image(Map.of("schema.registry.url", registry)).serializer())) {
      for (int i = 1; i < arguments.length; i++) {
        String file = arguments[i];
        Image image =
            Image.newBuilder()
                .setId(file)
                .setCapturedAt(Instant.now())
                .setContent(
                    InlineImage.newBuilder()
                        .setFormat(file.endsWith(".png") ? ImageFormat.PNG : ImageFormat.JPEG)
                        .setBytes(ByteBuffer.wrap(Files.readAllBytes(Path.of(file))))
                        .build())
                .build();
        // Waiting for each makes a refusal an exception here; who sends many gives a callback.
        producer.send(new ProducerRecord<>("images", arguments[0], image)).get();
      }
    }
  }
}
