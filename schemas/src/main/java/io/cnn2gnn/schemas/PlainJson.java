package io.cnn2gnn.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Records as plain JSON, for readers without a schema registry: a field a key, an enum by its name,
 * a time as ISO 8601, what is absent as null. A key that a reader does not know is passed over, and
 * one that is missing has the field's default, so old and new readers get along as with Avro.
 *
 * @param <T> the generated record, of texts, numbers, enums, times, lists and other records
 */
public final class PlainJson<T extends SpecificRecord> implements ValueWriter<T> {
  private static final ObjectReader TREES = JsonMapper.builder().build().reader();

  private final Class<T> type;
  private final SpecificData model;
  private final Schema schema;

  /** Of one type of record. */
  public PlainJson(Class<T> type) {
    TrustedRecords.install();
    this.type = type;
    this.model = SpecificData.getForClass(type);
    this.schema = model.getSchema(type);
  }

  /** Whether a value looks like JSON; no value in Confluent's wire format does. */
  public static boolean is(byte[] value) {
    return value.length > 0 && value[0] == '{';
  }

  @Override
  public byte[] write(T record) {
    return model.toString(record).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws UnreadableRecordException if it is not JSON, or not of this type
   */
  public T read(byte[] value) throws UnreadableRecordException {
    JsonNode tree;
    try {
      tree = TREES.readTree(value);
    } catch (JsonProcessingException e) {
      throw new UnreadableRecordException(
          Reason.CORRUPT_JSON, "The value is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UnreadableRecordException(Reason.CORRUPT_JSON, "The value is not JSON: " + e, e);
    }
    return type.cast(read(tree, schema, type.getSimpleName()));
  }

  private Object read(JsonNode node, Schema schema, String path) throws UnreadableRecordException {
    return switch (schema.getType()) {
      case RECORD -> record(node, schema, path);
      case UNION -> node.isNull() ? null : read(node, branch(schema), path);
      case ARRAY -> list(node, schema, path);
      case ENUM -> constant(node, schema, path);
      case STRING -> {
        check(node.isTextual(), "a text", path);
        yield node.textValue();
      }
      case LONG -> schema.getLogicalType() == null ? whole(node, path) : time(node, schema, path);
      case INT -> {
        check(node.canConvertToInt() && node.isIntegralNumber(), "a whole number", path);
        yield node.intValue();
      }
      case FLOAT -> {
        check(node.isNumber(), "a number", path);
        yield node.floatValue();
      }
      case DOUBLE -> {
        check(node.isNumber(), "a number", path);
        yield node.doubleValue();
      }
      case BOOLEAN -> {
        check(node.isBoolean(), "true or false", path);
        yield node.booleanValue();
      }
      default -> throw new IllegalArgumentException(path + " has no JSON: " + schema);
    };
  }

  private SpecificRecord record(JsonNode node, Schema schema, String path)
      throws UnreadableRecordException {
    check(node.isObject(), "an object", path);
    SpecificRecord record = (SpecificRecord) model.newRecord(null, schema);
    for (Schema.Field field : schema.getFields()) {
      String at = path + "." + field.name();
      JsonNode value = node.get(field.name());
      check(value != null || field.hasDefaultValue(), "there", at);
      record.put(
          field.pos(),
          value == null ? model.getDefaultValue(field) : read(value, field.schema(), at));
    }
    return record;
  }

  private List<Object> list(JsonNode node, Schema schema, String path)
      throws UnreadableRecordException {
    check(node.isArray(), "a list", path);
    List<Object> list = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      list.add(read(element, schema.getElementType(), path + "[" + list.size() + "]"));
    }
    return list;
  }

  /** As Avro resolves it: a symbol of a newer writer is the default one. */
  private Object constant(JsonNode node, Schema schema, String path)
      throws UnreadableRecordException {
    String symbol = node.asText();
    if (!schema.hasEnumSymbol(symbol)) {
      check(schema.getEnumDefault() != null, "one of " + schema.getEnumSymbols(), path);
      symbol = schema.getEnumDefault();
    }
    return model.createEnum(symbol, schema);
  }

  private static long whole(JsonNode node, String path) throws UnreadableRecordException {
    check(node.canConvertToLong() && node.isIntegralNumber(), "a whole number", path);
    return node.longValue();
  }

  private static Instant time(JsonNode node, Schema schema, String path)
      throws UnreadableRecordException {
    if (!(schema.getLogicalType() instanceof LogicalTypes.TimestampMicros)) {
      throw new IllegalArgumentException(path + " has no JSON: " + schema);
    }
    try {
      return Instant.parse(node.asText());
    } catch (DateTimeException e) {
      throw new UnreadableRecordException(
          Reason.CORRUPT_JSON, path + " must be a time such as 2026-01-31T12:00:00Z", e);
    }
  }

  private static Schema branch(Schema union) {
    return union.getTypes().stream()
        .filter(branch -> branch.getType() != Schema.Type.NULL)
        .reduce(
            (a, b) -> {
              throw new IllegalArgumentException("several types have no JSON: " + union);
            })
        .orElseThrow();
  }

  private static void check(boolean right, String what, String path)
      throws UnreadableRecordException {
    if (!right) {
      throw new UnreadableRecordException(Reason.CORRUPT_JSON, path + " must be " + what);
    }
  }
}
