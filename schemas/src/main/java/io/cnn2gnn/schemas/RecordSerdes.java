package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serdes for record values, for those who write producers, consumers or topologies of their own.
 * They are Confluent's serializers with a type, and take their properties ({@code
 * schema.registry.url}, {@code auto.register.schemas}, ...); each serde is ready for use. Faults
 * are Kafka's own exceptions, mostly {@link org.apache.kafka.common.errors.SerializationException},
 * for a bad record as for a bad registry; {@link WireReader} tells them apart.
 */
public final class RecordSerdes {
  private RecordSerdes() {}

  /** A serde for {@link Image}s. */
  public static Serde<Image> image(Map<String, ?> config) {
    return serde(config, Image.class, Image.getClassSchema());
  }

  /** A serde for {@link Prediction}s. */
  public static Serde<Prediction> prediction(Map<String, ?> config) {
    return serde(config, Prediction.class, Prediction.getClassSchema());
  }

  /** A serde for {@link Label}s. */
  public static Serde<Label> label(Map<String, ?> config) {
    return serde(config, Label.class, Label.getClassSchema());
  }

  /** A serde for {@link LabelOutcome}s. */
  public static Serde<LabelOutcome> labelOutcome(Map<String, ?> config) {
    return serde(config, LabelOutcome.class, LabelOutcome.getClassSchema());
  }

  /** A serde for {@link ModelRelease}s. */
  public static Serde<ModelRelease> modelRelease(Map<String, ?> config) {
    return serde(config, ModelRelease.class, ModelRelease.getClassSchema());
  }

  private static <T extends SpecificRecord> Serde<T> serde(
      Map<String, ?> config, Class<T> type, Schema schema) {
    TrustedRecords.install();
    Map<String, Object> settings = new HashMap<>(config);
    settings.put(KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG, true);
    KafkaAvroSerializer serializer = new KafkaAvroSerializer();
    serializer.configure(settings, false);
    KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
    deserializer.configure(settings, false);
    return Serdes.serdeFrom(
        new TypedSerializer<>(serializer), new TypedDeserializer<>(deserializer, type, schema));
  }

  private record TypedSerializer<T>(KafkaAvroSerializer untyped) implements Serializer<T> {
    @Override
    public byte[] serialize(String topic, T data) {
      return untyped.serialize(topic, data);
    }

    @Override
    public byte[] serialize(String topic, Headers headers, T data) {
      return untyped.serialize(topic, headers, data);
    }

    @Override
    public void close() {
      untyped.close();
    }
  }

  private record TypedDeserializer<T>(KafkaAvroDeserializer untyped, Class<T> type, Schema schema)
      implements Deserializer<T> {
    @Override
    public T deserialize(String topic, byte[] data) {
      return type.cast(untyped.deserialize(topic, data, schema));
    }

    @Override
    public T deserialize(String topic, Headers headers, byte[] data) {
      return type.cast(untyped.deserialize(topic, headers, data, schema));
    }

    @Override
    public void close() {
      untyped.close();
    }
  }
}
