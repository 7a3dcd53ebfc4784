package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.Readiness;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A service with topics of its own, and what goes into and comes out of them. */
public final class TestService {
  private final String name;
  private final Map<String, String> broker;
  private final SchemaRegistryClient registry;
  private final WireWriter<Image> writer;

  public TestService(String name, Map<String, String> broker) throws CliException {
    this.name = name;
    this.broker = broker;
    this.registry = Connection.registry(broker);
    this.writer = new WireWriter<>(registry, images(), Image.class, true);
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public String images() {
    return name + "-images";
  }

  String predictions() {
    return name + "-predictions";
  }

  String deadLetters() {
    return name + "-dead-letters";
  }

  /** Its configuration but for addresses and bundle. */
  public Map<String, String> settings(Path stateDir) {
    Map<String, String> settings = new HashMap<>();
    settings.put("application.id", name);
    settings.put("state.dir", stateDir.toString());
    // The least that a broker allows: a stopped member is waited for.
    settings.put("main.consumer.session.timeout.ms", "6000");
    settings.put("cnn2gnn.topic.images", images());
    settings.put("cnn2gnn.topic.predictions", predictions());
    settings.put("cnn2gnn.topic.dead.letters", deadLetters());
    return settings;
  }

  public ClassificationApp start(Map<String, String> settings) throws Exception {
    Map<String, String> all = new HashMap<>(broker);
    all.put(AppConfig.BUNDLE, Shipped.BUNDLE.toString());
    all.putAll(settings);
    ClassificationApp app = ClassificationApp.start(AppConfig.of(all));
    Readiness.await(app);
    return app;
  }

  /** The options of a command that is to mean this service. */
  public List<String> options(Map<String, String> settings) {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--bootstrap-server", broker.get(Connection.BOOTSTRAP)));
    options.addAll(List.of("--schema-registry", broker.get(Connection.REGISTRY)));
    settings.forEach((key, value) -> options.addAll(List.of("--set", key + "=" + value)));
    return options;
  }

  /** How a command ended. */
  public record Ended(int code, String out, String err) {
    public void refuses(String... parts) {
      assertThat(code).isEqualTo(1);
      assertThat(out).isEmpty();
      assertThat(err.strip().lines()).hasSize(1);
      assertThat(err).startsWith("cnn2gnn: ").contains(parts);
    }
  }

  /** Runs a command that means the service of these settings. */
  public Ended run(Map<String, String> settings, String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.addAll(options(settings));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int code = Main.run(false, line.toArray(new String[0]));
      return new Ended(
          code,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** As above, once the sessions of a service that has stopped have ended. */
  public Ended runWhenFree(Map<String, String> settings, String... arguments) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> run(settings, arguments), ended -> !ended.err().contains("try again"));
  }

  public byte[] value(ImageFile file) throws IOException {
    return writer.write(
        Image.newBuilder()
            .setId(file.id())
            .setCapturedAt(Instant.EPOCH)
            .setContent(
                InlineImage.newBuilder()
                    .setFormat(file.format())
                    .setBytes(ByteBuffer.wrap(file.content().read()))
                    .build())
            .build());
  }

  /** Sends records and waits until the broker has each. */
  public void send(List<ProducerRecord<String, byte[]>> records) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Connection.only(broker, ProducerConfig.configNames()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (ProducerRecord<String, byte[]> record : records) {
        producer.send(record).get();
      }
    }
  }

  /** All committed records that a topic has now. */
  List<ConsumerRecord<String, byte[]>> read(String topic) {
    Map<String, Object> config = Connection.only(broker, ConsumerConfig.configNames());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** How often each image has been answered by now. */
  public Map<String, Integer> answers() {
    WireReader<Prediction> reader = new WireReader<>(registry, predictions(), Prediction.class);
    Map<String, Integer> answers = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record : read(predictions())) {
      try {
        answers.merge(reader.read(record.headers(), record.value()).getImageId(), 1, Integer::sum);
      } catch (UnreadableRecordException e) {
        throw new AssertionError(e);
      }
    }
    return answers;
  }

  public int answered() {
    return answers().values().stream().mapToInt(Integer::intValue).sum();
  }

  static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "none" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
