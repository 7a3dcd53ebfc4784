package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** By what a record names its writer's schema. */
sealed interface SchemaId {
  /** Where newer serializers of Confluent's put it; the value is bare Avro then. */
  String HEADER = "__value_schema_id";

  byte ID_FOLLOWS = 0;
  byte GUID_FOLLOWS = 1;

  /** Bytes of an id with the byte before it. */
  int ID_BYTES = 1 + Integer.BYTES;

  int GUID_BYTES = 1 + 2 * Long.BYTES;

  /** The number that it has in one registry. */
  record Local(int id) implements SchemaId {
    @Override
    public String toString() {
      return "the id " + id;
    }
  }

  /** The one that it has in every registry. */
  record Guid(UUID guid) implements SchemaId {
    @Override
    public String toString() {
      return "the GUID " + guid;
    }
  }

  /**
   * An id, and where the Avro begins.
   *
   * @param bodyAt bytes of the value before it
   */
  record Found(SchemaId id, int bodyAt) {}

  /** The id of a record that has one. */
  static Optional<Found> peek(Headers headers, byte[] value) {
    Header header = headers.lastHeader(HEADER);
    if (header != null) {
      return header.value() == null
          ? Optional.empty()
          : ofHeader(header.value()).map(id -> new Found(id, 0));
    }
    return value.length < ID_BYTES || value[0] != ID_FOLLOWS
        ? Optional.empty()
        : Optional.of(new Found(new Local(ByteBuffer.wrap(value).getInt(1)), ID_BYTES));
  }

  private static Optional<SchemaId> ofHeader(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length == ID_BYTES && in.get() == ID_FOLLOWS) {
      return Optional.of(new Local(in.getInt()));
    }
    if (bytes.length == GUID_BYTES && in.rewind().get() == GUID_FOLLOWS) {
      return Optional.of(new Guid(new UUID(in.getLong(), in.getLong())));
    }
    return Optional.empty();
  }

  /** The id of a record. */
  static Found find(Headers headers, byte[] value) throws UnreadableRecordException {
    Optional<Found> found = peek(headers, value);
    if (found.isPresent()) {
      return found.get();
    }
    throw new UnreadableRecordException(
        Reason.NO_MAGIC_BYTE,
        headers.lastHeader(HEADER) == null
            ? "The value does not start with the byte 0 and a schema id"
            : "The header " + HEADER + " holds no schema id");
  }
}
