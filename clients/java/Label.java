import io.cnn2gnn.schemas.RecordSerdes;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelledImage;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Says what an image really was: Label SOURCE IMAGE_ID CLASS [PARTITION OFFSET]. The last two
 * are those of the field image of its prediction, for an image that the service does not hold any
 * more.
 */
public final class Label {
  private Label() {}

  public static void main(String[] arguments) throws Exception {
    String brokers = System.getenv().getOrDefault("BOOTSTRAP_SERVERS", "localhost:9092");
    String registry = System.getenv().getOrDefault("SCHEMA_REGISTRY_URL", "http://localhost:8081");
    String topic = System.getenv().getOrDefault("LABELS_TOPIC", "labels");
    String images = System.getenv().getOrDefault("IMAGES_TOPIC", "images");
    io.cnn2gnn.schemas.avro.Label.Builder label =
        io.cnn2gnn.schemas.avro.Label.newBuilder()
            .setImageId(arguments[1])
            .setLabel(arguments[2])
            .setLabelledAt(Instant.now())
            .setLabelledBy(System.getProperty("user.name"))
            .setKind(LabelKind.CORRECTION);
    Integer partition = null;
    if (arguments.length > 3) {
      partition = Integer.valueOf(arguments[3]);
      label.setImage(new LabelledImage(images, partition, Long.parseLong(arguments[4])));
    }
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", brokers),
            new StringSerializer(),
            RecordSerdes.label(Map.of("schema.registry.url", registry)).serializer())) {
      // Without a partition the source's own is taken, where its images are too.
      producer.send(new ProducerRecord<>(topic, partition, arguments[0], label.build())).get();
    }
  }
}
