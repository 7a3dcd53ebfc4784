package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class WireWriterTest {
  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();

  @Test
  void writesWhatConfluentsSerializerWrites() {
    assertSameBytes("images", Samples.image(), Image.class);
    assertSameBytes("images", Samples.referencedImage(), Image.class);
    assertSameBytes("predictions", Samples.prediction(), Prediction.class);
    assertSameBytes("models", Samples.release(), ModelRelease.class);
  }

  private <T extends SpecificRecord> void assertSameBytes(String topic, T record, Class<T> type) {
    byte[] ours = new WireWriter<>(registry, topic, type, true).write(record);
    try (KafkaAvroSerializer confluents =
        new KafkaAvroSerializer(registry, Map.of("schema.registry.url", "mock://unused"))) {
      assertThat(ours).isEqualTo(confluents.serialize(topic, record));
    }
  }

  @Test
  void needsNoRegistryOnceMade() throws Exception {
    StubRegistry stub =
        new StubRegistry().answer("POST /subjects/images-value/versions", 200, "{\"id\":7}");
    WireWriter<Image> writer = new WireWriter<>(stub.client(), "images", Image.class, true);
    stub.close();
    assertThat(ByteBuffer.wrap(writer.write(Samples.image())).getInt(1)).isEqualTo(7);
  }

  @Test
  void findsASchemaRegisteredAsGenerated() throws Exception {
    int id = registry.register("images-value", new AvroSchema(Image.getClassSchema()));
    assertThat(idOf(new WireWriter<>(registry, "images", Image.class, false))).isEqualTo(id);
  }

  @Test
  void findsASchemaRegisteredFromItsFile() throws Exception {
    String file = Files.readString(Path.of("src/main/avro/Image.avsc"));
    int id = registry.register("images-value", new AvroSchema(file));
    assertThat(idOf(new WireWriter<>(registry, "images", Image.class, false))).isEqualTo(id);
  }

  @Test
  void findsAFileThatARegistryComparesByItsText() throws Exception {
    String look = "POST /subjects/images-value";
    try (StubRegistry stub =
        new StubRegistry()
            .answer(look, 404, "{\"error_code\":40403,\"message\":\"no match\"}")
            .answer(
                look + "?normalize=true&deleted=false",
                200,
                "{\"subject\":\"images-value\",\"version\":1,\"id\":7,\"schema\":\"{}\"}")) {
      assertThat(idOf(new WireWriter<>(stub.client(), "images", Image.class, false))).isEqualTo(7);
    }
  }

  @Test
  void saysWhichSubjectLacksWhichSchema() throws Exception {
    assertLacking();
    registry.register("images-value", new AvroSchema("\"string\""));
    assertLacking();
    assertThat(registry.getAllVersions("images-value")).hasSize(1);
  }

  private void assertLacking() {
    assertThatThrownBy(() -> new WireWriter<>(registry, "images", Image.class, false))
        .isInstanceOf(SchemaRegistrationException.class)
        .hasMessageContaining("'images-value'")
        .hasMessageContaining("io.cnn2gnn.schemas.avro.Image")
        .hasMessageContaining("Register Image.avsc");
  }

  @Test
  void saysThatTheRegistryRefusesASchema() throws Exception {
    try (StubRegistry stub =
        new StubRegistry()
            .answer(
                "POST /subjects/images-value/versions",
                409,
                "{\"error_code\":409,\"message\":\"READER_FIELD_MISSING\"}")) {
      assertThatThrownBy(() -> new WireWriter<>(stub.client(), "images", Image.class, true))
          .isInstanceOf(SchemaRegistrationException.class)
          .hasMessageContaining("'images-value' refuses the schema io.cnn2gnn.schemas.avro.Image")
          .hasMessageContaining("READER_FIELD_MISSING");
    }
  }

  @Test
  void bearsAnotherInstanceThatRegistersTheSchemaAtTheSameMoment() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    SchemaRegistryClient racing =
        new MockSchemaRegistryClient() {
          @Override
          public int register(String subject, ParsedSchema schema)
              throws IOException, RestClientException {
            int id = super.register(subject, schema);
            if (tries.incrementAndGet() == 1) {
              throw new RestClientException("An artifact with that ID already exists.", 409, 409);
            }
            return id;
          }
        };
    assertThat(idOf(new WireWriter<>(racing, "images", Image.class, true)))
        .isEqualTo(racing.getLatestSchemaMetadata("images-value").getId());
    assertThat(tries).hasValue(2);
  }

  @Test
  void doesNotBlameTheSchemaForARegistryThatGivesNoUsableAnswer() throws Exception {
    try (StubRegistry wrongUrl = new StubRegistry()) {
      assertThatThrownBy(() -> new WireWriter<>(wrongUrl.client(), "images", Image.class, true))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("schema.registry.url");
      assertThatThrownBy(() -> new WireWriter<>(wrongUrl.client(), "images", Image.class, false))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("schema.registry.url");
    }
  }

  private static int idOf(WireWriter<Image> writer) {
    return ByteBuffer.wrap(writer.write(Samples.image())).getInt(1);
  }
}
