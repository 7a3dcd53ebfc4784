package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeUnitsTest {
  private static final Instant TIME = Instant.parse("2024-06-01T00:00:00Z");
  private static final String MICROS = "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}";

  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();

  static Stream<Class<? extends SpecificRecord>> records() {
    return Stream.of(
        Image.class,
        Label.class,
        LabelOutcome.class,
        ModelEvent.class,
        ModelRelease.class,
        Prediction.class);
  }

  private static Schema schema(Class<?> type) throws Exception {
    return (Schema) type.getMethod("getClassSchema").invoke(null);
  }

  private static Schema written(Class<?> type, String time) throws Exception {
    String ours = schema(type).toString();
    assertThat(ours).contains(MICROS);
    return new Schema.Parser().parse(ours.replace(MICROS, time));
  }

  /** A record whose times are the same number. */
  private byte[] value(Schema schema, Object time) throws Exception {
    GenericRecord record = (GenericRecord) example(schema);
    for (Schema.Field field : schema.getFields()) {
      if (isTime(field)) {
        record.put(field.pos(), time);
      }
    }
    int id = registry.register("images-value", new AvroSchema(schema));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(SchemaId.ID_BYTES).put(SchemaId.ID_FOLLOWS).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<>(schema, new GenericData()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static boolean isTime(Schema.Field field) {
    return field.name().equals("at") || field.name().endsWith("At");
  }

  /** The emptiest datum of a schema. */
  private static Object example(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> {
        GenericRecord record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), example(field.schema())));
        yield record;
      }
      case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(0));
      case UNION -> example(schema.getTypes().get(0));
      case ARRAY -> new GenericData.Array<>(0, schema);
      case MAP -> Map.of();
      case STRING -> "x";
      case BYTES -> ByteBuffer.allocate(0);
      case INT -> 0;
      case LONG -> 0L;
      case FLOAT -> 0f;
      case DOUBLE -> 0d;
      case BOOLEAN -> false;
      case NULL -> null;
      default -> throw new IllegalStateException("none of ours: " + schema);
    };
  }

  private <T extends SpecificRecord> T read(Class<T> type, byte[] value) throws Exception {
    return new WireReader<>(registry, "images", type).read(new RecordHeaders(), value);
  }

  private UnreadableRecordException refused(Class<? extends SpecificRecord> type, byte[] value) {
    return catchThrowableOfType(UnreadableRecordException.class, () -> read(type, value));
  }

  private static void assertTimes(SpecificRecord record, Instant time) {
    long times =
        record.getSchema().getFields().stream()
            .filter(TimeUnitsTest::isTime)
            .peek(field -> assertThat(record.get(field.pos())).isEqualTo(time))
            .count();
    assertThat(times).isPositive();
  }

  @ParameterizedTest
  @MethodSource("records")
  void millisecondsBecomeMicroseconds(Class<? extends SpecificRecord> type) throws Exception {
    Schema written = written(type, "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}");
    assertTimes(read(type, value(written, TIME.toEpochMilli())), TIME);
    assertTimes(read(type, value(written, -1L)), Instant.ofEpochMilli(-1));
  }

  @ParameterizedTest
  @MethodSource("records")
  void microsecondsStayWhatTheyAre(Class<? extends SpecificRecord> type) throws Exception {
    long micros = TIME.toEpochMilli() * 1000;
    assertTimes(read(type, value(schema(type), micros)), TIME);
    // Those who drop logical types write what the documentation says.
    assertTimes(read(type, value(written(type, "\"long\""), micros)), TIME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}",
        "{\"type\":\"long\",\"logicalType\":\"local-timestamp-millis\"}",
        "{\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}",
        "{\"type\":\"long\",\"logicalType\":\"local-timestamp-nanos\"}",
        "{\"type\":\"long\",\"logicalType\":\"time-micros\"}",
        "{\"type\":\"long\",\"logicalType\":\"seconds-since-epoch\"}",
      })
  void otherTimesAreRefusedAndNamed(String time) throws Exception {
    for (Class<? extends SpecificRecord> type : records().toList()) {
      UnreadableRecordException refused = refused(type, value(written(type, time), 7L));
      assertThat(refused.reason()).as("%s", type).isEqualTo(Reason.WRONG_SCHEMA);
      assertThat(refused)
          .hasMessageContaining(new Schema.Parser().parse(time).getProp("logicalType"))
          .hasMessageContaining("timestamp-micros");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"int\"",
        "{\"type\":\"int\",\"logicalType\":\"date\"}",
        "{\"type\":\"int\",\"logicalType\":\"time-millis\"}",
      })
  void anIntIsNoTimestamp(String time) throws Exception {
    assertThat(refused(Image.class, value(written(Image.class, time), 7)).reason())
        .isEqualTo(Reason.WRONG_SCHEMA);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE / 1000 + 1})
  void millisecondsBeyondAllMicrosecondsAreNoTime(long millis) throws Exception {
    Schema written =
        written(Image.class, "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}");
    assertThat(refused(Image.class, value(written, millis)).reason())
        .isEqualTo(Reason.CORRUPT_AVRO);
  }

  @Test
  void aTimeThatLiesDeeperIsLookedAtToo() {
    Schema reader = nested("timestamp-micros");
    assertThat(TimeUnits.of(reader, nested("timestamp-micros")).objection()).isEmpty();
    assertThat(TimeUnits.of(reader, nested("timestamp-millis")).objection().orElseThrow())
        .startsWith("list[].when is timestamp-millis");
  }

  private static Schema nested(String unit) {
    return new Schema.Parser()
        .parse(
            ("{'type':'record','name':'A','fields':[{'name':'list','type':{'type':'array','items':"
                    + "['null',{'type':'record','name':'B','fields':[{'name':'when','type':"
                    + "{'type':'long','logicalType':'%s'}},{'name':'next','type':['null','B']}]}]}}]}")
                .formatted(unit)
                .replace('\'', '"'));
  }
}
