package io.cnn2gnn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawImagesTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final byte[] FILE = {(byte) 0x89, 'P', 'N', 'G'};

  private final RawImages images = new RawImages(InstantSource.fixed(NOW));

  private static Headers headers(String... pairs) {
    Headers headers = new RecordHeaders();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return headers;
  }

  private static Arrived record(long timestamp, Headers headers, byte... value) {
    return new Arrived("camera-topic", 3, 42, timestamp, headers, value);
  }

  @Test
  void aFileNeedsNothingBesideIt() throws Exception {
    ImageRecord image = images.read(record(1_000, headers(), FILE));
    assertThat(image.id()).isEqualTo("camera-topic-3@42");
    assertThat(image.label()).isEmpty();
    assertThat(image.capturedAt()).isEqualTo(Instant.ofEpochSecond(1));
    assertThat(((ImageContent.File) image.content()).bytes()).isEqualTo(FILE);
  }

  @Test
  void headersSayWhatElseIsKnown() throws Exception {
    Headers headers =
        headers("id", "größe/1", "label", "鞄", "captured-at", "2024-06-01T02:00+02:00");
    ImageRecord image = images.read(record(1_000, headers, FILE));
    assertThat(image.id()).isEqualTo("größe/1");
    assertThat(image.label()).hasValue("鞄");
    assertThat(image.capturedAt()).isEqualTo("2024-06-01T00:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1764000000000000000", "+300000000-01-01T00:00:00Z", "yesterday"})
  void aTimeThatNoPredictionCouldCarryIsRefused(String time) {
    assertThatExceptionOfType(RecordRefusedException.class)
        .isThrownBy(() -> images.read(record(0, headers("captured-at", time), FILE)))
        .satisfies(e -> assertThat(e.reason()).isEqualTo("INVALID_TIME"));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1_764_000_000_000_000_000L, Long.MAX_VALUE})
  void aTimestampThatIsNoTimeIsThatOfNow(long timestamp) throws Exception {
    assertThat(images.read(record(timestamp, headers(), FILE)).capturedAt()).isEqualTo(NOW);
  }

  @Test
  void aFileThatWasTakenOverIsNamedByWhereItWasFirst() throws Exception {
    Headers headers = headers(Arrived.FROM, "north-1@7");
    assertThat(images.read(record(1_000, headers, FILE)).id()).isEqualTo("north-1@7");
  }

  @Test
  void cloudEventsAreUnderstoodAndOurOwnNamesComeFirst() throws Exception {
    Headers headers = headers("ce_id", "theirs", "ce_time", "2024-06-01T00:00:00Z");
    assertThat(images.read(record(0, headers, FILE)).id()).isEqualTo("theirs");
    assertThat(images.read(record(0, headers, FILE)).capturedAt())
        .isEqualTo("2024-06-01T00:00:00Z");
    headers.add("id", "ours".getBytes(StandardCharsets.UTF_8));
    assertThat(images.read(record(0, headers, FILE)).id()).isEqualTo("ours");
  }

  @Test
  void aTimeMayBeMilliseconds() throws Exception {
    Headers headers = headers("captured-at", "1717200000000");
    assertThat(images.read(record(0, headers, FILE)).capturedAt())
        .isEqualTo("2024-06-01T00:00:00Z");
  }

  @Test
  void withoutAnyTimeItIsNow() throws Exception {
    assertThat(images.read(record(-1, headers(), FILE)).capturedAt()).isEqualTo(NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "id, '', INVALID_ID",
    "label, '', INVALID_LABEL",
    "captured-at, yesterday, INVALID_TIME",
    "captured-at, 99999999999999999999, INVALID_TIME",
    "captured-at, 2024-06-01T00:00:00, INVALID_TIME",
  })
  void aHeaderThatWillNotDoIsNamed(String name, String value, String reason) {
    assertThatExceptionOfType(RecordRefusedException.class)
        .isThrownBy(() -> images.read(record(0, headers(name, value), FILE)))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void anIdThatIsNotUtf8IsRefused() {
    Headers headers = new RecordHeaders();
    headers.add("id", new byte[] {(byte) 0xff});
    assertThatExceptionOfType(RecordRefusedException.class)
        .isThrownBy(() -> images.read(record(0, headers, FILE)))
        .withMessage("the header id must have 1 to 512 characters of UTF-8");
  }

  @Test
  void whatIsNoFileIsRefusedUnderItsId() {
    assertThatExceptionOfType(RecordRefusedException.class)
        .isThrownBy(() -> images.read(record(0, headers("id", "a"))))
        .satisfies(e -> assertThat(e.reason()).isEqualTo("EMPTY_VALUE"))
        .satisfies(e -> assertThat(e.imageId()).hasValue("a"));
    byte[] avro = {0, 0, 0, 0, 1, 2, 3};
    assertThatExceptionOfType(RecordRefusedException.class)
        .isThrownBy(() -> images.read(record(0, headers(), avro)))
        .withMessageContaining("begins as Avro does");
  }
}
