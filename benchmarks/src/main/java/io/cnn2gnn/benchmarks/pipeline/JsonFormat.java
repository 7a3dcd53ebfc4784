package io.cnn2gnn.benchmarks.pipeline;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The adapter's records as JSON: the values of all data points as one text with commas between, the
 * two extents beside it. A result repeats the data points.
 */
final class JsonFormat {
  private static final String CREATED = "creationTimestamp";
  private static final String POINTS = "dataPointSz1";
  private static final String LENGTH = "dataPointSz2";
  private static final String VALUES = "dataPoint";
  private static final String PREDICTION = "prediction";

  private final Supplier<ObjectMapper> mappers;

  private JsonFormat(Supplier<ObjectMapper> mappers) {
    this.mappers = mappers;
  }

  /** As published: each call makes Jackson's mapper anew, and with it learns the types anew. */
  static JsonFormat asPublished() {
    return new JsonFormat(JsonFormat::mapper);
  }

  /** With one mapper for all calls, as Jackson's authors advise. */
  static JsonFormat withOneMapper() {
    ObjectMapper mapper = mapper();
    return new JsonFormat(() -> mapper);
  }

  private static ObjectMapper mapper() {
    SimpleModule module = new SimpleModule();
    module.addSerializer(JsonBatch.class, new Writer());
    module.addDeserializer(JsonBatch.class, new Reader());
    return new ObjectMapper().registerModule(module);
  }

  byte[] write(JsonBatch batch) {
    try {
      return mappers.get().writeValueAsBytes(batch);
    } catch (IOException e) {
      throw new IllegalArgumentException("a record cannot be written as JSON", e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException if it is not one
   */
  JsonBatch read(byte[] json) {
    try {
      return mappers.get().readValue(json, JsonBatch.class);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a record of the adapter: " + e.getMessage(), e);
    }
  }

  private static final class Writer extends StdSerializer<JsonBatch> {
    Writer() {
      super(JsonBatch.class);
    }

    @Override
    public void serialize(JsonBatch batch, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject();
      out.writeNumberField(CREATED, batch.creationTimestamp());
      out.writeNumberField(POINTS, batch.points().size());
      out.writeNumberField(LENGTH, batch.points().get(0).size());
      StringBuilder values = new StringBuilder();
      for (List<Float> point : batch.points()) {
        for (Float value : point) {
          values.append(value).append(',');
        }
      }
      out.writeStringField(VALUES, values.toString());
      if (batch.prediction().isPresent()) {
        out.writeStringField(PREDICTION, batch.prediction().get());
      } else {
        out.writeNullField(PREDICTION);
      }
      out.writeEndObject();
    }
  }

  private static final class Reader extends StdDeserializer<JsonBatch> {
    Reader() {
      super(JsonBatch.class);
    }

    @Override
    public JsonBatch deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = parser.getCodec().readTree(parser);
      int length = number(node, LENGTH, context).intValue();
      String[] values = field(node, VALUES, context).asText().split(",", -1);
      int count = number(node, POINTS, context).intValue();
      if (length < 1 || count < 1 || values.length - 1 != (long) count * length) {
        context.reportInputMismatch(
            this, "%d values are not %d points of %d", values.length - 1, count, length);
      }
      List<List<Float>> points = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        List<Float> point = new ArrayList<>(length);
        for (int j = 0; j < length; j++) {
          point.add(value(values[i * length + j], context));
        }
        points.add(point);
      }
      return new JsonBatch(
          number(node, CREATED, context).longValue(),
          points,
          Optional.ofNullable(node.get(PREDICTION)).filter(p -> !p.isNull()).map(JsonNode::asText));
    }

    private float value(String text, DeserializationContext context) throws IOException {
      try {
        return Float.parseFloat(text);
      } catch (NumberFormatException e) {
        return context.reportInputMismatch(this, "'%s' is not a number", text);
      }
    }

    private JsonNode field(JsonNode node, String name, DeserializationContext context)
        throws IOException {
      JsonNode field = node.get(name);
      return field != null
          ? field
          : context.reportInputMismatch(this, "the field %s is missing", name);
    }

    private Number number(JsonNode node, String name, DeserializationContext context)
        throws IOException {
      JsonNode field = field(node, name, context);
      return field.isNumber()
          ? field.numberValue()
          : context.reportInputMismatch(this, "%s is not a number", name);
    }
  }
}
