package io.cnn2gnn.faults.fuzz;

import io.cnn2gnn.faults.fuzz.FuzzTarget.Subject;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** {@link WireReader} of images. */
final class AvroTarget {
  private static final int HEADER = 1 + Integer.BYTES;

  private AvroTarget() {}

  static FuzzTarget of() {
    SchemaRegistryClient registry = new MockSchemaRegistryClient();
    WireWriter<Image> writer = new WireWriter<>(registry, "images", Image.class, true);
    byte[] inline = writer.write(inline());
    List<byte[]> corpus =
        List.of(
            inline,
            writer.write(
                Image.newBuilder(inline())
                    .setContent(new ImageReference("https://a.example/1.png", "ab".repeat(32), 9L))
                    .setLabel(null)
                    .setAttributes(Map.of())
                    .build()),
            newer(registry, inline));
    // An id that a damaged header can name: known, and of something else.
    register(registry, "labels-value", Prediction.getClassSchema());
    WireReader<Image> reader = new WireReader<>(registry, "images", Image.class);
    return new FuzzTarget("avro", corpus, random -> mutate(random, corpus), () -> reading(reader));
  }

  private static Image inline() {
    return Image.newBuilder()
        .setId("camera-7/42")
        .setCapturedAt(Instant.parse("2026-11-23T07:15:00.123456Z"))
        .setContent(
            InlineImage.newBuilder()
                .setFormat(ImageFormat.GRAY8)
                .setWidth(2)
                .setHeight(2)
                .setBytes(ByteBuffer.wrap(new byte[] {0, 127, -128, -1}))
                .build())
        .setLabel("boot")
        .setAttributes(Map.of("lens", "wide", "lux", "12"))
        .build();
  }

  /** As a later version may write it: behind our fields come a tree, and elements of no bytes. */
  private static byte[] newer(SchemaRegistryClient registry, byte[] image) {
    Schema ours = Image.getClassSchema();
    List<Schema.Field> fields = new ArrayList<>();
    ours.getFields().forEach(f -> fields.add(new Schema.Field(f, f.schema())));
    Schema tree = Schema.createRecord("Tree", "", "fuzz", false);
    tree.setFields(List.of(new Schema.Field("children", Schema.createArray(tree))));
    fields.add(new Schema.Field("tree", tree));
    fields.add(new Schema.Field("nothing", Schema.createArray(Schema.create(Schema.Type.NULL))));
    Schema newer =
        Schema.createRecord(ours.getName(), ours.getDoc(), ours.getNamespace(), false, fields);
    int id = register(registry, "newer-value", newer);
    // A tree of one child without children, and two times nothing.
    byte[] tail = {2, 0, 0, 4, 0};
    return ByteBuffer.allocate(image.length + tail.length)
        .put(image)
        .put(tail)
        .putInt(1, id)
        .array();
  }

  private static int register(SchemaRegistryClient registry, String subject, Schema schema) {
    try {
      return registry.register(subject, new AvroSchema(schema));
    } catch (IOException | RestClientException e) {
      throw new IllegalStateException("a registry in memory does not fail", e);
    }
  }

  private static byte[] mutate(RandomGenerator random, List<byte[]> corpus) {
    byte[] bytes = Mutations.of(random, corpus);
    if (random.nextBoolean() && bytes.length >= HEADER) {
      // A header that is in order, so that the body is read.
      byte[] header = Arrays.copyOf(Mutations.pick(random, corpus), HEADER);
      System.arraycopy(header, 0, bytes, 0, HEADER);
    }
    return bytes;
  }

  private static Subject reading(WireReader<Image> reader) {
    return input -> {
      try {
        reader.read(new RecordHeaders(), input);
        return Optional.empty();
      } catch (UnreadableRecordException e) {
        return Optional.of(e.reason().name());
      }
    };
  }
}
