package io.cnn2gnn.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormatTest {
  private static final JsonBatch BATCH =
      new JsonBatch(
          1_700_000_000_000L,
          List.of(List.of(0f, 0.5f, 1f / 3), List.of(1f, 1e-9f, -2f)),
          Optional.empty());

  static Stream<JsonFormat> formats() {
    return Stream.of(JsonFormat.asPublished(), JsonFormat.withOneMapper());
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void isThatOfThePublishedAdapter(JsonFormat format) {
    assertThat(text(format.write(BATCH)))
        .isEqualTo(
            "{\"creationTimestamp\":1700000000000,\"dataPointSz1\":2,\"dataPointSz2\":3,"
                + "\"dataPoint\":\"0.0,0.5,0.33333334,1.0,1.0E-9,-2.0,\",\"prediction\":null}");
    assertThat(text(format.write(BATCH.with(List.of(List.of(1f, 2f), List.of(3f, 4f))))))
        .endsWith(",\"prediction\":\"[[1.0, 2.0], [3.0, 4.0]]\"}");
  }

  @ParameterizedTest
  @MethodSource("formats")
  void readsWhatItWrites(JsonFormat format) {
    assertThat(format.read(format.write(BATCH))).isEqualTo(BATCH);
    JsonBatch answered = BATCH.with(List.of(List.of(1f)));
    assertThat(format.read(format.write(answered))).isEqualTo(answered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "[]",
        "{\"creationTimestamp\":1}",
        "{\"creationTimestamp\":1,\"dataPointSz1\":1,\"dataPointSz2\":2,\"dataPoint\":\"1.0,\"}",
        "{\"creationTimestamp\":1,\"dataPointSz1\":1,\"dataPointSz2\":1,\"dataPoint\":\"x,\"}",
        "{\"creationTimestamp\":1,\"dataPointSz1\":\"1\",\"dataPointSz2\":1,\"dataPoint\":\"1,\"}"
      })
  void refusesWhatIsNoRecord(String text) {
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> JsonFormat.withOneMapper().read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a record of the adapter: ");
  }
}
