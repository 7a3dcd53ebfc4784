package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
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

/**
 * Reads records in Confluent's wire format, and tells a bad record from a bad registry: the first
 * belongs in the dead-letter topic, the second is worth waiting for. The registry is asked once per
 * schema id. Hostile bytes cost no more memory than a small multiple of their length. Safe for use
 * by several threads.
 *
 * @param <T> the generated record
 */
public final class WireReader<T extends SpecificRecord> {
  static final int HEADER_LENGTH = 1 + Integer.BYTES;

  private final SchemaRegistryClient registry;
  private final Class<T> type;
  private final SpecificData model;
  private final Schema schema;
  private final Map<Integer, Body<T>> bodies = new ConcurrentHashMap<>();

  /** Makes a reader of one type of record; does not ask the registry yet. */
  public WireReader(SchemaRegistryClient registry, Class<T> type) {
    TrustedRecords.install();
    this.registry = registry;
    this.type = type;
    this.model = SpecificData.getForClass(type);
    this.schema = model.getSchema(type);
  }

  /**
   * Returns the record, resolved from its writer's schema to ours.
   *
   * @param value the record value; null, which Kafka uses for tombstones, is unreadable
   * @throws UnreadableRecordException if the value will never be readable. An id that the registry
   *     does not know is asked for again when it next appears, or when the client's own memory of
   *     missing ids expires.
   * @throws RegistryUnavailableException if the registry gives no usable answer for a new id
   */
  public T read(byte[] value) throws UnreadableRecordException {
    if (value == null || value.length == 0) {
      throw new UnreadableRecordException(Reason.EMPTY_VALUE, "The value is empty");
    }
    if (value.length < HEADER_LENGTH || value[0] != 0) {
      throw new UnreadableRecordException(
          Reason.NO_MAGIC_BYTE, "The value does not start with the byte 0 and a schema id");
    }
    int id = ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
    Body<T> body = bodies.get(id);
    if (body == null) {
      body = resolve(id);
      bodies.put(id, body);
    }
    return body.read(value);
  }

  /** Whether {@link #read} answers without asking the registry. */
  public boolean isKnown(byte[] value) {
    return value.length < HEADER_LENGTH
        || value[0] != 0
        || bodies.containsKey(ByteBuffer.wrap(value, 1, Integer.BYTES).getInt());
  }

  private Body<T> resolve(int id) throws UnreadableRecordException {
    ParsedSchema writer;
    try {
      writer = registry.getSchemaById(id);
    } catch (RestClientException e) {
      // A 404 of any other kind may be a proxy's, and must not condemn the records.
      if (SchemaRegistries.isMissing(e)) {
        throw new UnreadableRecordException(
            Reason.UNKNOWN_SCHEMA_ID, "The registry has no schema with the id " + id, e);
      }
      throw RegistryUnavailableException.during("fetch the schema with the id " + id, e);
    } catch (IOException e) {
      if (isNotAvro(e)) {
        return unreadable("Schema " + id + " is not an Avro schema");
      }
      throw RegistryUnavailableException.during("fetch the schema with the id " + id, e);
    }
    if (!(writer.rawSchema() instanceof Schema written)
        || !written.getFullName().equals(schema.getFullName())) {
      return unreadable(
          "Schema %d is %s, not %s".formatted(id, writer.name(), schema.getFullName()));
    }
    SchemaPairCompatibility match =
        SchemaCompatibility.checkReaderWriterCompatibility(schema, written);
    if (match.getType() != SchemaCompatibilityType.COMPATIBLE) {
      return unreadable(
          "Schema %d cannot be resolved to ours: %s"
              .formatted(id, match.getResult().getIncompatibilities()));
    }
    DatumReader<T> reader = new SpecificDatumReader<>(written, schema, model);
    return value -> decode(reader, value);
  }

  // The client reports a schema that its Avro provider cannot parse (JSON Schema, Protobuf) as an
  // IOException of its own making, which only its text tells from a broken connection.
  private static boolean isNotAvro(IOException e) {
    return e.getClass() == IOException.class
        && e.getMessage() != null
        && e.getMessage().startsWith("Invalid schema ");
  }

  private static <T> Body<T> unreadable(String message) {
    return value -> {
      throw new UnreadableRecordException(Reason.WRONG_SCHEMA, message);
    };
  }

  private T decode(DatumReader<T> reader, byte[] value) throws UnreadableRecordException {
    // A decoder of an array knows what is left of it, so Avro refuses longer lengths before it
    // allocates.
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(value, HEADER_LENGTH, value.length - HEADER_LENGTH, null);
    T record;
    boolean atEnd;
    try {
      record = reader.read(null, decoder);
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

  /** What to do with the values of one schema id. */
  private interface Body<T> {
    T read(byte[] value) throws UnreadableRecordException;
  }
}
