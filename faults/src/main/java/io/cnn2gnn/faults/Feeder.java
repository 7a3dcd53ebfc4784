package io.cnn2gnn.faults;

import io.cnn2gnn.faults.Verifier.Place;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * The cameras: images of noise under three keys, and whatever else a row wants in the topic.
 * Several threads may send.
 */
final class Feeder implements AutoCloseable {
  private static final int SIDE = 28;
  private static final int KEYS = 3;

  private final String topic;
  private final SchemaRegistryClient registry;
  private final Random random;
  private final KafkaProducer<String, byte[]> producer;
  private final WireWriter<Image> writer;
  private final List<Future<RecordMetadata>> underWay =
      Collections.synchronizedList(new ArrayList<>());
  private int made;

  Feeder(
      Map<String, Object> connection, SchemaRegistryClient registry, String topic, Random random) {
    this.topic = topic;
    this.registry = registry;
    this.random = random;
    this.writer = new WireWriter<>(registry, topic, Image.class, true);
    Map<String, Object> config = new HashMap<>(connection);
    // A broker that is away for minutes must not cost the harness itself an image.
    config.put("delivery.timeout.ms", 600_000);
    config.put("max.block.ms", 600_000);
    config.put("linger.ms", 5);
    config.put("max.request.size", 32 << 20);
    this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    producer.partitionsFor(topic);
  }

  /** A new image's id. */
  synchronized String nextId() {
    return "image-" + made++;
  }

  /** An image in the wire format. */
  byte[] image(String id, ImageFormat format, int width, int height, byte[] bytes) {
    return image(id, Optional.empty(), format, width, height, bytes);
  }

  /** An image by reference, in the wire format. */
  byte[] reference(String id, String uri, byte[] file) {
    return writer.write(
        Image.newBuilder()
            .setId(id)
            .setCapturedAt(Instant.now().truncatedTo(ChronoUnit.MICROS))
            .setContent(new ImageReference(uri, Sha256.hex(file), (long) file.length))
            .setLabel(null)
            .build());
  }

  private byte[] image(
      String id, Optional<String> label, ImageFormat format, int width, int height, byte[] bytes) {
    return writer.write(
        Image.newBuilder()
            .setId(id)
            .setLabel(label.orElse(null))
            .setCapturedAt(Instant.now().truncatedTo(ChronoUnit.MICROS))
            .setContent(
                InlineImage.newBuilder()
                    .setFormat(format)
                    .setWidth(width)
                    .setHeight(height)
                    .setBytes(ByteBuffer.wrap(bytes))
                    .build())
            .build());
  }

  /** A record of another schema. */
  byte[] anotherRecord() {
    Schema schema =
        SchemaBuilder.record("Weather")
            .namespace("io.cnn2gnn.faults")
            .fields()
            .optionalInt("c")
            .endRecord();
    return encode("weather-value", schema, new GenericData.Record(schema));
  }

  /** An image by a later schema, with one more field, which the registry learns of now. */
  byte[] ofNewSchema(String id, String field, Schema image) {
    List<Schema.Field> fields = new ArrayList<>();
    image.getFields().forEach(f -> fields.add(new Schema.Field(f, f.schema())));
    fields.add(new Schema.Field(field, Schema.create(Schema.Type.INT), "", 0));
    Schema later = Schema.createRecord(image.getName(), "", image.getNamespace(), false, fields);
    GenericData.Record record = new GenericData.Record(later);
    GenericData.Record content =
        new GenericData.Record(
            image.getField("content").schema().getTypes().stream()
                .filter(type -> type.getName().equals("InlineImage"))
                .findFirst()
                .orElseThrow());
    byte[] pixels = new byte[SIDE * SIDE];
    random.nextBytes(pixels);
    content.put(
        "format",
        new GenericData.EnumSymbol(content.getSchema().getField("format").schema(), "GRAY8"));
    content.put("width", SIDE);
    content.put("height", SIDE);
    content.put("bytes", ByteBuffer.wrap(pixels));
    record.put("id", id);
    record.put("capturedAt", System.currentTimeMillis() * 1000);
    record.put("content", content);
    record.put("attributes", Map.of());
    record.put(field, 1);
    return encode(topic + "-value", later, record);
  }

  private byte[] encode(String subject, Schema schema, GenericData.Record record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      int id = registry.register(subject, new AvroSchema(schema));
      out.write(0);
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException | RestClientException e) {
      throw new FaultException("a schema could not be registered", e);
    }
  }

  synchronized byte[] noise(String id) {
    byte[] pixels = new byte[SIDE * SIDE];
    random.nextBytes(pixels);
    return image(id, ImageFormat.GRAY8, SIDE, SIDE, pixels);
  }

  /** A new image of noise that is not sent yet. */
  synchronized Shot shot(String key) {
    byte[] pixels = new byte[SIDE * SIDE];
    random.nextBytes(pixels);
    return new Shot(key, nextId(), pixels);
  }

  /** Sends an image, perhaps once more. */
  void send(Shot shot) {
    send(shot.key(), image(shot.id(), ImageFormat.GRAY8, SIDE, SIDE, shot.pixels()));
  }

  /** Makes and sends so many images, under keys of all partitions in turns. */
  List<Shot> shots(int count) {
    List<Shot> shots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Shot shot = shot(key("camera", i % FaultHarness.PARTITIONS));
      send(shot);
      shots.add(shot);
    }
    return shots;
  }

  /** Sends a new image of noise. */
  void send() {
    String id = nextId();
    send("camera-" + random.nextInt(KEYS), noise(id));
  }

  /** Sends a new image of noise that somebody has labelled. */
  void sendLabelled(String label) {
    byte[] pixels = new byte[SIDE * SIDE];
    random.nextBytes(pixels);
    send(
        "camera-" + random.nextInt(KEYS),
        image(nextId(), Optional.of(label), ImageFormat.GRAY8, SIDE, SIDE, pixels));
  }

  /** Sends any value. */
  void send(String key, byte[] value) {
    underWay.add(producer.send(new ProducerRecord<>(topic, key, value)));
  }

  /** A key whose records go to a partition, and so do their answers. */
  static String key(String name, int partition) {
    for (int i = 0; ; i++) {
      String key = name + "-" + i;
      int hash = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)));
      if (hash % FaultHarness.PARTITIONS == partition) {
        return key;
      }
    }
  }

  /** Sends a value with a timestamp of its own. */
  void sendAt(long timestamp, String key, byte[] value) {
    underWay.add(producer.send(new ProducerRecord<>(topic, null, timestamp, key, value)));
  }

  /** Sends a value and waits for its place. */
  Place place(String key, byte[] value) throws InterruptedException {
    try {
      RecordMetadata at = producer.send(new ProducerRecord<>(topic, key, value)).get();
      return new Place(at.partition(), at.offset());
    } catch (ExecutionException e) {
      throw new FaultException("the broker did not take a record", e);
    }
  }

  /** Sends so many images, evenly spread over a time. */
  void send(int images, double seconds) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < images; i++) {
      sleepUntil(start + (long) (i * seconds * 1e9 / images));
      send();
    }
  }

  /** Sends at a rate for as long as it is wanted. */
  void send(double perSecond, BooleanSupplier wanted) throws InterruptedException {
    long start = System.nanoTime();
    for (long i = 0; wanted.getAsBoolean(); i++) {
      sleepUntil(start + (long) (i * 1e9 / perSecond));
      send();
    }
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  /** Waits until the broker has everything. */
  void flush() throws InterruptedException {
    producer.flush();
    for (Future<RecordMetadata> sent : underWay) {
      try {
        sent.get();
      } catch (ExecutionException e) {
        throw new FaultException("the broker did not take an image", e);
      }
    }
    underWay.clear();
  }

  @Override
  public void close() {
    producer.close();
  }
}
