package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serdes for record values, for those who write producers, consumers or topologies of their own:
 * Confluent's serializer with a type, and {@link WireReader}. They take the properties of
 * Confluent's serializers ({@code schema.registry.url}, {@code auto.register.schemas}, ...); each
 * serde is ready for use. Faults are Kafka's own exceptions, mostly {@link
 * org.apache.kafka.common.errors.SerializationException}, for a bad record as for a bad registry;
 * their causes tell them apart.
 */
public final class RecordSerdes {
  private RecordSerdes() {}

  /** A serde for {@link Image}s. */
  public static Serde<Image> image(Map<String, ?> config) {
    return serde(config, Image.class);
  }

  /** A serde for {@link Prediction}s. */
  public static Serde<Prediction> prediction(Map<String, ?> config) {
    return serde(config, Prediction.class);
  }

  /** A serde for {@link Label}s. */
  public static Serde<Label> label(Map<String, ?> config) {
    return serde(config, Label.class);
  }

  /** A serde for {@link LabelOutcome}s. */
  public static Serde<LabelOutcome> labelOutcome(Map<String, ?> config) {
    return serde(config, LabelOutcome.class);
  }

  /** A serde for {@link ModelRelease}s. */
  public static Serde<ModelRelease> modelRelease(Map<String, ?> config) {
    return serde(config, ModelRelease.class);
  }

  private static <T extends SpecificRecord> Serde<T> serde(Map<String, ?> config, Class<T> type) {
    TrustedRecords.install();
    KafkaAvroSerializer serializer = new KafkaAvroSerializer();
    serializer.configure(config, false);
    return Serdes.serdeFrom(
        new TypedSerializer<>(serializer),
        new TypedDeserializer<>(SchemaRegistries.create(config), type));
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

  private record TypedDeserializer<T extends SpecificRecord>(
      SchemaRegistryClient registry, Class<T> type, Map<String, WireReader<T>> readers)
      implements Deserializer<T> {
    TypedDeserializer(SchemaRegistryClient registry, Class<T> type) {
      this(registry, type, new ConcurrentHashMap<>());
    }

    @Override
    public T deserialize(String topic, byte[] data) {
      return deserialize(topic, new RecordHeaders(), data);
    }

    @Override
    public T deserialize(String topic, Headers headers, byte[] data) {
      if (data == null) {
        return null;
      }
      try {
        return readers
            .computeIfAbsent(topic, name -> new WireReader<>(registry, name, type))
            .read(headers, data);
      } catch (UnreadableRecordException | RegistryUnavailableException e) {
        throw new SerializationException(e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      try {
        registry.close();
      } catch (IOException e) {
        throw new UncheckedIOException("closing the registry's client", e);
      }
    }
  }
}
