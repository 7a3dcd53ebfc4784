package io.cnn2gnn.intake;

import io.cnn2gnn.model.bundle.ClassName;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Reads records whose value is an image file itself, as a camera writes them that knows of no
 * schema. What else there is to say stands in headers, UTF-8 each: {@code id}, by default the
 * record's coordinates, where it was written first; {@code label}; {@code captured-at}, ISO 8601 or
 * milliseconds since 1970, by default the record's timestamp. CloudEvents' {@code ce_id} and {@code
 * ce_time} are taken for the first and the last.
 */
public final class RawImages implements ImageReader {
  static final List<String> ID = List.of("id", "ce_id", Arrived.FROM);
  static final List<String> LABEL = List.of("label");
  static final List<String> CAPTURED_AT = List.of("captured-at", "ce_time");

  /** Avro counts microseconds in 64 bits. */
  private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000 - 1;

  private final InstantSource clock;

  /** Takes the time of records without one from a clock. */
  public RawImages(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public boolean isKnown(Arrived record) {
    return true;
  }

  @Override
  public ImageRecord read(Arrived record) throws RecordRefusedException {
    byte[] value = record.value();
    String id =
        text(record.headers(), ID, "INVALID_ID", Optional.empty())
            .orElseGet(() -> record.topic() + "-" + record.partition() + "@" + record.offset());
    Optional<String> known = Optional.of(id);
    Optional<String> label =
        text(record.headers(), LABEL, "INVALID_LABEL", known).map(ClassName::of);
    Instant capturedAt = capturedAt(record, known);
    if (value.length == 0) {
      throw new RecordRefusedException("EMPTY_VALUE", "The value is empty", known);
    }
    if (value[0] == 0) {
      throw new RecordRefusedException(
          "UNSUPPORTED_FORMAT",
          "the value is no image file: it begins as Avro does; is cnn2gnn.input.format=raw meant?",
          known);
    }
    return new ImageRecord(id, label, capturedAt, new ImageContent.File(value));
  }

  /** Whether a value looks like an image file. */
  static boolean isFile(byte[] value) {
    return begins(value, 0, 0xff, 0xd8, 0xff)
        || begins(value, 0, 0x89, 'P', 'N', 'G')
        || (begins(value, 0, 'R', 'I', 'F', 'F') && begins(value, 8, 'W', 'E', 'B', 'P'));
  }

  private static boolean begins(byte[] value, int at, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (at + i >= value.length || (value[at + i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private Instant capturedAt(Arrived record, Optional<String> id) throws RecordRefusedException {
    Optional<String> said = text(record.headers(), CAPTURED_AT, "INVALID_TIME", id);
    if (said.isEmpty()) {
      Instant own = Instant.ofEpochMilli(record.timestamp());
      return record.timestamp() < 0 || !isWritable(own) ? clock.instant() : own;
    }
    try {
      Instant time =
          said.get().chars().allMatch(c -> c >= '0' && c <= '9')
              ? Instant.ofEpochMilli(Long.parseLong(said.get()))
              : OffsetDateTime.parse(said.get()).toInstant();
      if (!isWritable(time)) {
        throw new DateTimeException("too far away");
      }
      return time;
    } catch (DateTimeException | NumberFormatException e) {
      throw new RecordRefusedException(
          "INVALID_TIME", "the time of a header must be ISO 8601 or milliseconds since 1970", id);
    }
  }

  private static boolean isWritable(Instant time) {
    return Math.abs(time.getEpochSecond()) < MOST_SECONDS;
  }

  /** Of the first of these headers that a record has. */
  private static Optional<String> text(
      Headers headers, List<String> names, String reason, Optional<String> id)
      throws RecordRefusedException {
    for (String name : names) {
      Header header = headers.lastHeader(name);
      if (header != null) {
        String text = decoded(header);
        if (text.isEmpty() || text.length() > ImageRecords.MAX_TEXT) {
          throw new RecordRefusedException(
              reason,
              "the header %s must have 1 to %d characters of UTF-8"
                  .formatted(name, ImageRecords.MAX_TEXT),
              id);
        }
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }

  /** Empty where it is no text. */
  private static String decoded(Header header) {
    try {
      return header.value() == null
          ? ""
          : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header.value())).toString();
    } catch (CharacterCodingException e) {
      return "";
    }
  }
}
