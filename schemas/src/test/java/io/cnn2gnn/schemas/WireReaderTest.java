package io.cnn2gnn.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireReaderTest {
  private static final Headers NO_HEADERS = new RecordHeaders();
  private static final String NOT_FOUND = "{\"error_code\":40403,\"message\":\"Schema not found\"}";

  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final WireReader<Image> reader = new WireReader<>(registry, "images", Image.class);

  @Test
  void readsWhatTheWriterWrote() throws UnreadableRecordException {
    assertThat(reader.read(NO_HEADERS, written(Samples.image()))).isEqualTo(Samples.image());
    assertThat(reader.read(NO_HEADERS, written(Samples.referencedImage())))
        .isEqualTo(Samples.referencedImage());
    assertThat(
            new WireReader<>(registry, "predictions", Prediction.class)
                .read(
                    NO_HEADERS,
                    new WireWriter<>(registry, "predictions", Prediction.class, true)
                        .write(Samples.prediction())))
        .isEqualTo(Samples.prediction());
    assertThat(
            new WireReader<>(registry, "models", ModelRelease.class)
                .read(
                    NO_HEADERS,
                    new WireWriter<>(registry, "models", ModelRelease.class, true)
                        .write(Samples.release())))
        .isEqualTo(Samples.release());
  }

  @Test
  void rejectsTombstonesAndEmptyValues() {
    assertThat(reasonFor(null)).isEqualTo(Reason.EMPTY_VALUE);
    assertThat(reasonFor(new byte[0])).isEqualTo(Reason.EMPTY_VALUE);
  }

  @Test
  void rejectsAValueWithoutTheMagicByte() {
    assertThat(reasonFor("{\"id\": 1}".getBytes(UTF_8))).isEqualTo(Reason.NO_MAGIC_BYTE);
    assertThat(reasonFor(new byte[] {0, 0, 0, 1})).isEqualTo(Reason.NO_MAGIC_BYTE);
  }

  @ParameterizedTest
  @ValueSource(ints = {12345, 0, -1, Integer.MIN_VALUE})
  void rejectsAnIdThatTheRegistryDoesNotKnow(int id) {
    byte[] value = written(Samples.image());
    ByteBuffer.wrap(value).putInt(1, id);
    assertThat(reasonFor(value)).isEqualTo(Reason.UNKNOWN_SCHEMA_ID);
  }

  @Test
  void readsAnIdThatTheRegistryLearnsLater() throws Exception {
    byte[] value = written(Samples.image());
    SchemaRegistryClient late = new MockSchemaRegistryClient();
    WireReader<Image> waiting = new WireReader<>(late, "images", Image.class);
    assertThat(reasonFor(waiting, value)).isEqualTo(Reason.UNKNOWN_SCHEMA_ID);
    late.register("images-value", new AvroSchema(Image.getClassSchema()));
    assertThat(waiting.read(NO_HEADERS, value)).isEqualTo(Samples.image());
  }

  @Test
  void rejectsAnotherRecord() {
    byte[] value =
        new WireWriter<>(registry, "models", ModelRelease.class, true).write(Samples.release());
    assertThat(reasonFor(value)).isEqualTo(Reason.WRONG_SCHEMA);
  }

  @Test
  void rejectsAPrimitive() throws Exception {
    assertThat(reasonFor(encoded(Schema.create(Schema.Type.STRING), "hello")))
        .isEqualTo(Reason.WRONG_SCHEMA);
  }

  @Test
  void rejectsAWriterSchemaThatLacksARequiredField() throws Exception {
    Schema onlyId = parse("[{'name': 'id', 'type': 'string'}]");
    assertThat(reasonFor(encoded(onlyId, record(onlyId, "id", "1"))))
        .isEqualTo(Reason.WRONG_SCHEMA);
  }

  @Test
  void readsANewerImageWithFieldsAndFormatsItDoesNotKnow() throws Exception {
    Schema newer =
        parse(
            """
            [{'name': 'id', 'type': 'string'},
             {'name': 'shutter', 'type': {'type': 'array', 'items': 'double'}},
             {'name': 'capturedAt', 'type': {'type': 'long', 'logicalType': 'timestamp-micros'}},
             {'name': 'content', 'type': {'type': 'record', 'name': 'InlineImage', 'fields': [
               {'name': 'format', 'type': {'type': 'enum', 'name': 'ImageFormat', 'symbols': ['AVIF']}},
               {'name': 'bytes', 'type': 'bytes'}]}}]
            """);
    Schema content = newer.getField("content").schema();
    GenericRecord inline =
        new GenericRecordBuilder(content)
            .set("format", new GenericData.EnumSymbol(content.getField("format").schema(), "AVIF"))
            .set("bytes", ByteBuffer.allocate(3))
            .build();
    byte[] value =
        encoded(
            newer,
            record(
                newer,
                "id",
                "1",
                "shutter",
                List.of(1.0, 2.0),
                "capturedAt",
                7L,
                "content",
                inline));
    Image image = reader.read(NO_HEADERS, value);
    assertThat(image.getId()).isEqualTo("1");
    assertThat(((InlineImage) image.getContent()).getFormat()).isEqualTo(ImageFormat.JPEG);
    assertThat(image.getAttributes()).isEmpty();
  }

  @Test
  void rejectsBytesAfterTheRecord() {
    byte[] value = written(Samples.image());
    assertThat(reasonFor(Arrays.copyOf(value, value.length + 1))).isEqualTo(Reason.CORRUPT_AVRO);
  }

  @Test
  void rejectsEveryTruncation() {
    byte[] value = written(Samples.image());
    for (int length = SchemaId.ID_BYTES; length < value.length; length++) {
      assertThat(reasonFor(Arrays.copyOf(value, length))).isEqualTo(Reason.CORRUPT_AVRO);
    }
  }

  static LongStream hostileLengths() {
    return LongStream.of(
        1 << 20,
        Integer.MAX_VALUE - 8,
        Integer.MAX_VALUE,
        1L << 40,
        Long.MAX_VALUE,
        -1,
        -(1 << 20),
        Integer.MIN_VALUE,
        Long.MIN_VALUE + 1,
        Long.MIN_VALUE);
  }

  @ParameterizedTest
  @MethodSource("hostileLengths")
  void rejectsHostileLengthsWithoutAllocatingThem(long length) throws Exception {
    WireReader<Prediction> predictions =
        new WireReader<>(registry, "predictions", Prediction.class);
    byte[] imageHeader = Arrays.copyOf(written(Samples.image()), SchemaId.ID_BYTES);
    byte[] predictionHeader =
        Arrays.copyOf(
            new WireWriter<>(registry, "predictions", Prediction.class, true)
                .write(Samples.prediction()),
            SchemaId.ID_BYTES);
    reasonFor(imageHeader);
    reasonFor(predictions, predictionHeader);

    long before = allocatedBytes();
    assertThat(reasonFor(body(imageHeader, out -> out.writeLong(length))))
        .as("a string")
        .isEqualTo(Reason.CORRUPT_AVRO);
    assertThat(
            reasonFor(
                body(
                    imageHeader,
                    out -> {
                      out.writeString("id");
                      out.writeLong(7);
                      out.writeIndex(0);
                      out.writeEnum(0);
                      out.writeInt(0);
                      out.writeInt(0);
                      out.writeLong(length);
                    })))
        .as("bytes")
        .isEqualTo(Reason.CORRUPT_AVRO);
    assertThat(
            reasonFor(
                body(
                    imageHeader,
                    out -> {
                      out.writeString("id");
                      out.writeLong(7);
                      out.writeIndex(1);
                      out.writeString("uri");
                      out.writeString("hash");
                      out.writeLong(1);
                      out.writeIndex(0);
                      out.writeLong(length);
                    })))
        .as("a map")
        .isEqualTo(Reason.CORRUPT_AVRO);
    assertThat(
            reasonFor(
                predictions,
                body(
                    predictionHeader,
                    out -> {
                      out.writeString("id");
                      out.writeString("label");
                      out.writeFloat(1);
                      out.writeLong(length);
                    })))
        .as("an array")
        .isEqualTo(Reason.CORRUPT_AVRO);
    assertThat(allocatedBytes() - before).isLessThan(2 << 20);
  }

  @Test
  void ignoresJavaClassesThatAWriterSchemaNames() throws Exception {
    String trap = Image.getClassSchema().toString().replace("avro.java.string", "java-class");
    byte[] value = written(Samples.image());
    int id =
        registry.register("trap", new AvroSchema(trap.replace("\"String\"", "\"java.net.URL\"")));
    ByteBuffer.wrap(value).putInt(1, id);
    assertThat(reader.read(NO_HEADERS, value)).isEqualTo(Samples.image());
  }

  @ParameterizedTest
  @CsvSource({"500", "502", "503", "429", "401", "403", "404"})
  void waitsForARegistryThatGivesNoUsableAnswer(int status) throws Exception {
    try (StubRegistry stub = new StubRegistry().answer("GET /schemas/ids/1", status, "<html>\n")) {
      assertThatThrownBy(
              () ->
                  new WireReader<>(stub.client(), "images", Image.class)
                      .read(NO_HEADERS, new byte[] {0, 0, 0, 0, 1}))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasCauseInstanceOf(RestClientException.class)
          .hasMessageStartingWith("Could not fetch the schema with the id 1")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void waitsForARegistryThatCannotBeReached() throws Exception {
    StubRegistry stub = new StubRegistry();
    stub.close();
    assertThatThrownBy(
            () ->
                new WireReader<>(stub.client(), "images", Image.class)
                    .read(NO_HEADERS, new byte[] {0, 0, 0, 0, 1}))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void asksForAGoodSchemaOnce() throws Exception {
    String answer =
        "{\"schema\":\"%s\"}".formatted(Image.getClassSchema().toString().replace("\"", "\\\""));
    try (StubRegistry stub = new StubRegistry().answer("GET /schemas/ids/1", 200, answer)) {
      WireReader<Image> remote = new WireReader<>(stub.client(), "images", Image.class);
      for (int i = 0; i < 3; i++) {
        assertThat(remote.read(NO_HEADERS, written(Samples.image()))).isEqualTo(Samples.image());
      }
      assertThat(stub.requests()).containsExactly("GET /schemas/ids/1");
    }
  }

  @Test
  void asksForAWrongSchemaOnce() throws Exception {
    String protobuf = "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message A {}\"}";
    try (StubRegistry stub = new StubRegistry().answer("GET /schemas/ids/1", 200, protobuf)) {
      WireReader<Image> remote = new WireReader<>(stub.client(), "images", Image.class);
      for (int i = 0; i < 3; i++) {
        assertThat(reasonFor(remote, new byte[] {0, 0, 0, 0, 1})).isEqualTo(Reason.WRONG_SCHEMA);
      }
      assertThat(stub.requests()).containsExactly("GET /schemas/ids/1");
    }
  }

  @Test
  void doesNotAskAboutAMissingIdForEveryRecord() throws Exception {
    try (StubRegistry stub = new StubRegistry().answer("GET /schemas/ids/1", 404, NOT_FOUND)) {
      WireReader<Image> remote = new WireReader<>(stub.client(), "images", Image.class);
      for (int i = 0; i < 3; i++) {
        assertThat(reasonFor(remote, new byte[] {0, 0, 0, 0, 1}))
            .isEqualTo(Reason.UNKNOWN_SCHEMA_ID);
      }
      assertThat(stub.requests())
          .as("under the subject, and without one")
          .containsExactly("GET /schemas/ids/1", "GET /schemas/ids/1");
    }
  }

  private byte[] written(Image image) {
    return new WireWriter<>(registry, "images", Image.class, true).write(image);
  }

  private Reason reasonFor(byte[] value) {
    return reasonFor(reader, value);
  }

  private static Reason reasonFor(WireReader<?> reader, byte[] value) {
    return catchThrowableOfType(
            UnreadableRecordException.class, () -> reader.read(NO_HEADERS, value))
        .reason();
  }

  private static Schema parse(String fields) {
    return new Schema.Parser()
        .parse(
            "{'type': 'record', 'name': 'Image', 'namespace': 'io.cnn2gnn.schemas.avro', 'fields': %s}"
                .formatted(fields)
                .replace('\'', '"'));
  }

  private static GenericRecord record(Schema schema, Object... namesAndValues) {
    GenericRecordBuilder builder = new GenericRecordBuilder(schema);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.set((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  private byte[] encoded(Schema schema, Object datum) throws Exception {
    int id = registry.register("other-value", new AvroSchema(schema));
    return body(
        ByteBuffer.allocate(SchemaId.ID_BYTES).put((byte) 0).putInt(id).array(),
        out -> new GenericDatumWriter<>(schema).write(datum, out));
  }

  private interface Encoding {
    void to(BinaryEncoder out) throws IOException;
  }

  private static byte[] body(byte[] header, Encoding encoding) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(header);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    encoding.to(encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
