package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordSerdesTest {
  private static final String SCOPE = "record-serdes";
  private static final Map<String, String> CONFIG =
      Map.of("schema.registry.url", "mock://" + SCOPE);

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.dropScope(SCOPE);
  }

  @Test
  void readWhatTheyWrote() {
    assertRoundTrip(RecordSerdes.image(CONFIG), "images", Samples.image());
    assertRoundTrip(RecordSerdes.image(CONFIG), "images", Samples.referencedImage());
    assertRoundTrip(RecordSerdes.prediction(CONFIG), "predictions", Samples.prediction());
    assertRoundTrip(RecordSerdes.modelRelease(CONFIG), "models", Samples.release());
  }

  private static <T> void assertRoundTrip(Serde<T> serde, String topic, T record) {
    byte[] plain = serde.serializer().serialize(topic, record);
    byte[] withHeaders = serde.serializer().serialize(topic, new RecordHeaders(), record);
    assertThat(withHeaders).isEqualTo(plain);
    assertThat(serde.deserializer().deserialize(topic, plain)).isEqualTo(record);
    assertThat(serde.deserializer().deserialize(topic, new RecordHeaders(), plain))
        .isEqualTo(record);
    serde.close();
  }

  @Test
  void understandTheWireReaderAndWriter() throws Exception {
    var registry = SchemaRegistries.create(CONFIG);
    Serde<Image> serde = RecordSerdes.image(CONFIG);
    byte[] ours = new WireWriter<>(registry, "images", Image.class, true).write(Samples.image());
    byte[] theirs = serde.serializer().serialize("images", Samples.image());
    assertThat(serde.deserializer().deserialize("images", ours)).isEqualTo(Samples.image());
    assertThat(new WireReader<>(registry, "images", Image.class).read(new RecordHeaders(), theirs))
        .isEqualTo(Samples.image());
  }

  @Test
  void passTombstonesThrough() {
    Serde<Image> serde = RecordSerdes.image(CONFIG);
    assertThat(serde.serializer().serialize("images", null)).isNull();
    assertThat(serde.deserializer().deserialize("images", null)).isNull();
  }

  @Test
  void reportAnotherRecordAsASerializationException() {
    Serde<ModelRelease> releases = RecordSerdes.modelRelease(CONFIG);
    byte[] release = releases.serializer().serialize("models", Samples.release());
    assertThatThrownBy(
            () -> RecordSerdes.image(CONFIG).deserializer().deserialize("images", release))
        .isInstanceOf(SerializationException.class);
  }
}
