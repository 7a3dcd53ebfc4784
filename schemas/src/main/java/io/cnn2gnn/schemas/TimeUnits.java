package io.cnn2gnn.schemas;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Times that a writer's schema has in another unit than ours. Avro resolves the numbers and does
 * not look at what they count: milliseconds would be read as microseconds, and so as January 1970.
 *
 * @param millis names of the fields whose milliseconds have to become microseconds
 * @param objection what cannot be converted, if anything
 */
record TimeUnits(Set<String> millis, Optional<String> objection) {
  private static final String MICROS = LogicalTypes.timestampMicros().getName();
  private static final String MILLIS = LogicalTypes.timestampMillis().getName();

  TimeUnits {
    millis = Set.copyOf(millis);
  }

  /** Compares two schemas of one record that Avro can resolve. */
  static TimeUnits of(Schema reader, Schema writer) {
    Set<String> millis = new HashSet<>();
    for (Schema.Field field : reader.getFields()) {
      Schema.Field written = writer.getField(field.name());
      if (written == null) {
        continue;
      }
      if (isMillis(field.schema(), written.schema())) {
        millis.add(field.name());
      } else {
        Optional<String> objection =
            new Walk().objection(field.name(), field.schema(), written.schema());
        if (objection.isPresent()) {
          return new TimeUnits(Set.of(), objection);
        }
      }
    }
    return new TimeUnits(millis, Optional.empty());
  }

  private static boolean isMillis(Schema reader, Schema writer) {
    return isMicros(reader) && writer.getType() == Schema.Type.LONG && MILLIS.equals(unit(writer));
  }

  private static boolean isMicros(Schema schema) {
    return schema.getType() == Schema.Type.LONG && MICROS.equals(unit(schema));
  }

  /** By its name: Avro itself forgets logical types that it does not know. */
  private static String unit(Schema schema) {
    return schema.getProp("logicalType");
  }

  private static Stream<Schema> branches(Schema schema) {
    return schema.isUnion() ? schema.getTypes().stream() : Stream.of(schema);
  }

  /** Makes microseconds of the milliseconds that a record was read from as if they were those. */
  void convert(SpecificRecord record) {
    for (String name : millis) {
      int at = record.getSchema().getField(name).pos();
      long count = ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) record.get(at));
      record.put(at, Instant.EPOCH.plus(Math.multiplyExact(count, 1000L), ChronoUnit.MICROS));
    }
  }

  /** Looks for what cannot be converted, wherever it is. */
  private static final class Walk {
    private record Pair(Schema reader, Schema writer) {}

    private final Set<Pair> seen = new HashSet<>();

    Optional<String> objection(String path, Schema reader, Schema writer) {
      if (reader.isUnion() || writer.isUnion()) {
        return branches(writer)
            .flatMap(
                w ->
                    branches(reader)
                        .filter(r -> isOf(r, w))
                        .flatMap(r -> objection(path, r, w).stream()))
            .findFirst();
      }
      return switch (reader.getType()) {
        case LONG -> isMicros(reader) ? time(path, writer) : Optional.empty();
        case ARRAY ->
            writer.getType() == Schema.Type.ARRAY
                ? objection(path + "[]", reader.getElementType(), writer.getElementType())
                : Optional.empty();
        case MAP ->
            writer.getType() == Schema.Type.MAP
                ? objection(path + "{}", reader.getValueType(), writer.getValueType())
                : Optional.empty();
        case RECORD -> record(path, reader, writer);
        default -> Optional.empty();
      };
    }

    /** Whether Avro would read the one as the other, as far as that says which branches meet. */
    private static boolean isOf(Schema reader, Schema writer) {
      boolean same = reader.getType() == writer.getType();
      return reader.getType() == Schema.Type.RECORD
          ? same && reader.getName().equals(writer.getName())
          : same || (reader.getType() == Schema.Type.LONG && writer.getType() == Schema.Type.INT);
    }

    private Optional<String> record(String path, Schema reader, Schema writer) {
      if (writer.getType() != Schema.Type.RECORD || !seen.add(new Pair(reader, writer))) {
        return Optional.empty();
      }
      return reader.getFields().stream()
          .filter(field -> writer.getField(field.name()) != null)
          .flatMap(
              field ->
                  objection(
                      path + "." + field.name(),
                      field.schema(),
                      writer.getField(field.name()).schema())
                      .stream())
          .findFirst();
    }

    private static Optional<String> time(String path, Schema writer) {
      String unit = unit(writer);
      boolean same = writer.getType() == Schema.Type.LONG && (unit == null || unit.equals(MICROS));
      return same
          ? Optional.empty()
          : Optional.of(
              "%s is %s, and is read as %s only from %s or %s"
                  .formatted(
                      path,
                      unit == null ? writer.getType().getName() : unit,
                      MICROS,
                      MICROS,
                      MILLIS));
    }
  }
}
