package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.SchemaId.Found;
import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Reads records in Confluent's wire format, the schema's id before the Avro or in a header, and
 * tells a bad record from a bad registry: the first belongs in the dead-letter topic, the second is
 * worth waiting for. The registry is asked once per schema. Hostile bytes cost no more memory than
 * a small multiple of their length. Safe for use by several threads.
 *
 * @param <T> the generated record
 */
public final class WireReader<T extends SpecificRecord> {
  private final SchemaRegistryClient registry;
  private final Optional<String> subject;
  private final Class<T> type;
  private final SpecificData model;
  private final Schema schema;
  private final MissingSchemas missing;
  private final Map<SchemaId, Body<T>> bodies = new ConcurrentHashMap<>();

  /** Makes a reader of a topic's records, all of one type; does not ask the registry yet. */
  public WireReader(SchemaRegistryClient registry, String topic, Class<T> type) {
    this(registry, topic, type, Duration.ZERO);
  }

  /**
   * As above, for one who gives a record up for good where its schema is missing.
   *
   * @param patience how long a schema is waited for of which the registry says that it has none: a
   *     copy of a registry may be behind
   */
  public WireReader(SchemaRegistryClient registry, String topic, Class<T> type, Duration patience) {
    TrustedRecords.install();
    this.registry = registry;
    this.subject = SubjectNames.of(registry).ofIds(topic);
    this.type = type;
    this.model = SpecificData.getForClass(type);
    this.schema = model.getSchema(type);
    this.missing = new MissingSchemas(patience, System::nanoTime);
  }

  /**
   * Returns the record, resolved from its writer's schema to ours.
   *
   * @param headers of the record
   * @param value the record value; null, which Kafka uses for tombstones, is unreadable
   * @throws UnreadableRecordException if the value will never be readable. An id that the registry
   *     does not know is asked for again when it next appears, or when the client's own memory of
   *     missing ids expires.
   * @throws RegistryUnavailableException if the registry gives no usable answer for a new id
   */
  public T read(Headers headers, byte[] value) throws UnreadableRecordException {
    if (value == null || value.length == 0) {
      throw new UnreadableRecordException(Reason.EMPTY_VALUE, "The value is empty");
    }
    Found found = SchemaId.find(headers, value);
    Body<T> body = bodies.get(found.id());
    if (body == null) {
      body = resolve(found.id());
      bodies.put(found.id(), body);
    }
    return body.read(value, found.bodyAt());
  }

  /** Whether {@link #read} answers without asking the registry. */
  public boolean isKnown(Headers headers, byte[] value) {
    return SchemaId.peek(headers, value).map(found -> bodies.containsKey(found.id())).orElse(true);
  }

  private Body<T> resolve(SchemaId id) throws UnreadableRecordException {
    ParsedSchema writer;
    try {
      writer = fetch(id);
    } catch (NotAvroException e) {
      return unreadable(
          "The schema with %s is not an Avro schema: %s".formatted(id, e.getMessage()));
    } catch (IOException | RestClientException e) {
      throw RegistryUnavailableException.during("fetch the schema with " + id, e);
    }
    if (!(writer.rawSchema() instanceof Schema written)
        || !written.getFullName().equals(schema.getFullName())) {
      return unreadable(
          "The schema with %s is %s, not %s".formatted(id, writer.name(), schema.getFullName()));
    }
    SchemaPairCompatibility match =
        SchemaCompatibility.checkReaderWriterCompatibility(schema, written);
    if (match.getType() != SchemaCompatibilityType.COMPATIBLE) {
      return unreadable(
          "The schema with %s cannot be resolved to ours: %s"
              .formatted(id, match.getResult().getIncompatibilities()));
    }
    TimeUnits units = TimeUnits.of(schema, written);
    if (units.objection().isPresent()) {
      return unreadable(
          "Times in the schema with %s cannot be converted to ours: %s"
              .formatted(id, units.objection().get()));
    }
    DatumReader<T> reader = new SpecificDatumReader<>(written, schema, model);
    return (value, at) -> decode(reader, units, value, at);
  }

  private ParsedSchema fetch(SchemaId id)
      throws IOException, RestClientException, UnreadableRecordException {
    try {
      return id instanceof SchemaId.Guid guid ? byGuid(guid) : byLocalId((SchemaId.Local) id);
    } catch (NoGuidsException e) {
      throw new UnreadableRecordException(
          Reason.UNKNOWN_SCHEMA_ID,
          "Schema id in a header: not supported by this registry, which does not find schemas by "
              + id
              + "; have the producer write the schema's number before the value",
          e);
    } catch (RestClientException e) {
      // A 404 of any other kind may be a proxy's, and must not condemn the records.
      if (!SchemaRegistries.isMissing(e)) {
        throw e;
      }
      if (missing.mayCome(id)) {
        throw new IOException(
            "the schema registry has none yet, and is asked again for a while", e);
      }
      throw new UnreadableRecordException(
          Reason.UNKNOWN_SCHEMA_ID, "The registry has no schema with " + id, e);
    }
  }

  private ParsedSchema byLocalId(SchemaId.Local id) throws IOException, RestClientException {
    if (subject.isPresent()) {
      try {
        return registry.getSchemaBySubjectAndId(subject.get(), id.id());
      } catch (RestClientException e) {
        // The schema may be registered under another subject than that of its topic.
        if (!SchemaRegistries.isMissing(e)) {
          throw e;
        }
      }
    }
    return registry.getSchemaById(id.id());
  }

  private ParsedSchema byGuid(SchemaId.Guid id) throws IOException, RestClientException {
    if (registry instanceof RegistryClient client) {
      return client.getSchemaByGuid(id.guid());
    }
    throw new NoGuidsException();
  }

  private static <T> Body<T> unreadable(String message) {
    return (value, at) -> {
      throw new UnreadableRecordException(Reason.WRONG_SCHEMA, message);
    };
  }

  private T decode(DatumReader<T> reader, TimeUnits units, byte[] value, int at)
      throws UnreadableRecordException {
    // A decoder of an array knows what is left of it, so Avro refuses longer lengths before it
    // allocates.
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(value, at, value.length - at, null);
    T record;
    boolean atEnd;
    try {
      record = reader.read(null, decoder);
      units.convert(record);
      atEnd = decoder.isEnd();
    } catch (SecurityException e) {
      // The JVM's trust in our classes was withdrawn. That is no fault of the record.
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new UnreadableRecordException(
          Reason.CORRUPT_AVRO, "The value is not one Avro-encoded " + type.getSimpleName(), e);
    }
    if (!atEnd) {
      throw new UnreadableRecordException(
          Reason.CORRUPT_AVRO, "Bytes follow the end of the " + type.getSimpleName());
    }
    return record;
  }

  /** What to do with the values of one schema. */
  private interface Body<T> {
    T read(byte[] value, int at) throws UnreadableRecordException;
  }
}
