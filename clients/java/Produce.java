import io.cnn2gnn.schemas.RecordSerdes;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends image files of one source: Produce SOURCE [--labels] FILE... With --labels the folder of
 * each file is its class: Bag/1.png.
 */
public final class Produce {
  private Produce() {}

  public static void main(String[] arguments) throws Exception {
    String brokers = System.getenv().getOrDefault("BOOTSTRAP_SERVERS", "localhost:9092");
    String registry = System.getenv().getOrDefault("SCHEMA_REGISTRY_URL", "http://localhost:8081");
    String topic = System.getenv().getOrDefault("IMAGES_TOPIC", "images");
    boolean labels = arguments.length > 1 && arguments[1].equals("--labels");
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", brokers),
            new StringSerializer(),
            RecordSerdes.image(Map.of("schema.registry.url", registry)).serializer())) {
      for (int i = labels ? 2 : 1; i < arguments.length; i++) {
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
                .setLabel(labels ? folder(file) : null)
                .build();
        // Waiting for each makes a refusal an exception here; who sends many gives a callback.
        producer.send(new ProducerRecord<>(topic, arguments[0], image)).get();
      }
    }
  }

  private static String folder(String file) {
    String name = Path.of(file).toAbsolutePath().getParent().getFileName().toString();
    return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
