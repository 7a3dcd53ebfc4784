package io.cnn2gnn.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaUtils;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Writes records in Confluent's wire format: the byte 0, the schema's id in four bytes, the Avro
 * body; byte for byte what {@code KafkaAvroSerializer} writes. The id is fetched once, when the
 * writer is made, so that no write depends on the registry. Safe for use by several threads.
 *
 * @param <T> the generated record
 */
public final class WireWriter<T extends SpecificRecord> implements ValueWriter<T> {
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;

  private final byte[] header;
  private final DatumWriter<T> body;

  /**
   * Gets the id of the record's schema under the subject {@code <topic>-value}, or the one that
   * {@code value.subject.name.strategy} names instead.
   *
   * @param autoRegister whether to register the schema if the subject lacks it. If false, the
   *     schema may have been registered as generated or as the plain {@code .avsc} file.
   * @throws SchemaRegistrationException if the subject lacks the schema or refuses it
   * @throws RegistryUnavailableException if the registry gives no usable answer
   */
  public WireWriter(
      SchemaRegistryClient registry, String topic, Class<T> type, boolean autoRegister) {
    TrustedRecords.install();
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    String subject = SubjectNames.of(registry).of(topic, schema);
    int id = autoRegister ? register(registry, subject, schema) : lookUp(registry, subject, schema);
    header = ByteBuffer.allocate(SchemaId.ID_BYTES).put(SchemaId.ID_FOLLOWS).putInt(id).array();
    body = new SpecificDatumWriter<>(schema, model);
  }

  private static int register(SchemaRegistryClient registry, String subject, Schema schema) {
    try {
      try {
        return registry.register(subject, new AvroSchema(schema));
      } catch (RestClientException e) {
        if (e.getStatus() != CONFLICT) {
          throw e;
        }
        // Two instances that start at once: to the slower one Apicurio says that the subject is
        // there already. It will be there still, and hold the schema or truly refuse it.
        return registry.register(subject, new AvroSchema(schema));
      }
    } catch (RestClientException e) {
      if (e.getStatus() == CONFLICT || e.getStatus() == UNPROCESSABLE) {
        throw new SchemaRegistrationException(
            ("Subject '%s' refuses the schema %s of this release. Is it used for other records, or by"
                    + " a newer release? %s")
                .formatted(subject, schema.getFullName(), e.getMessage()),
            e);
      }
      throw RegistryUnavailableException.during("register under subject '" + subject + "'", e);
    } catch (IOException e) {
      throw RegistryUnavailableException.during("register under subject '" + subject + "'", e);
    }
  }

  private static int lookUp(SchemaRegistryClient registry, String subject, Schema schema) {
    try {
      try {
        return registry.getId(subject, new AvroSchema(schema));
      } catch (RestClientException e) {
        if (!SchemaRegistries.isMissing(e)) {
          throw e;
        }
        return lookUpFile(registry, subject, new AvroSchema(asWritten(schema)));
      }
    } catch (RestClientException e) {
      if (SchemaRegistries.isMissing(e)) {
        throw new SchemaRegistrationException(
            ("Subject '%s' does not hold the schema %s of this release. Register %s.avsc under it, or"
                    + " allow this application to register schemas. %s")
                .formatted(subject, schema.getFullName(), schema.getName(), e.getMessage()),
            e);
      }
      throw RegistryUnavailableException.during("look up a schema of subject '" + subject + "'", e);
    } catch (IOException e) {
      throw RegistryUnavailableException.during("look up a schema of subject '" + subject + "'", e);
    }
  }

  private static int lookUpFile(SchemaRegistryClient registry, String subject, AvroSchema file)
      throws IOException, RestClientException {
    try {
      return registry.getId(subject, file);
    } catch (RestClientException e) {
      if (!SchemaRegistries.isMissing(e)) {
        throw e;
      }
      // Apicurio compares texts, and that of a file has other spaces, unless it is told not to.
      return registry.getId(subject, file, true);
    }
  }

  // The .avsc file lacks the Java string types that code generation adds, which registries compare.
  private static Schema asWritten(Schema schema) {
    Object instance = SpecificData.get().newRecord(null, schema);
    return AvroSchemaUtils.getSchema(instance, false, false, true);
  }

  /**
   * The headers of a record whose value is exchanged for one that this class writes: without the
   * schema id of the value that they came with.
   */
  public static Headers headers(Headers old) {
    if (old.lastHeader(SchemaId.HEADER) == null) {
      return old;
    }
    Headers headers = new RecordHeaders(old.toArray());
    headers.remove(SchemaId.HEADER);
    return headers;
  }

  /**
   * Returns the record in the wire format. A field that holds what its schema does not allow, such
   * as a required one that is null, is the caller's mistake and throws an unchecked exception.
   */
  @Override
  public byte[] write(T record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.writeBytes(header);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      body.write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
