package io.cnn2gnn.topology.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.topology.flow.Source;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final Instant CAME = Instant.parse("2026-11-23T07:15:04Z");
  private static final Instant AT = Instant.parse("2026-11-23T07:15:05Z");

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
  private final Traces traces =
      new Traces(OpenTelemetrySdk.builder().setTracerProvider(provider).build());

  @AfterEach
  void close() {
    provider.close();
  }

  private static Source image(String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return new Source("images", 2, 7, CAME.toEpochMilli(), Optional.empty(), Optional.empty(), all);
  }

  private static Source traced() {
    return image(
        "traceparent",
        "00-" + TRACE + "-" + SPAN + "-01",
        "tracestate",
        "vendor=1",
        "lens",
        "wide");
  }

  private static String text(Headers headers, String key) {
    Header last = headers.lastHeader(key);
    return new String(last.value(), StandardCharsets.UTF_8);
  }

  @Test
  void anImageThatBringsATraceGetsASpanAndItsPredictionGoesOnFromThere() {
    Headers headers = traces.answered(traced(), AT, "garden:1", "images-2@7+1");
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    SpanData span = exporter.getFinishedSpanItems().get(0);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(SPAN);
    assertThat(span.getStartEpochNanos()).isEqualTo(CAME.getEpochSecond() * 1_000_000_000L);
    assertThat(span.getEndEpochNanos()).isEqualTo(AT.getEpochSecond() * 1_000_000_000L);
    assertThat(span.getAttributes().get(AttributeKey.stringKey("cnn2gnn.model")))
        .isEqualTo("garden:1");
    assertThat(text(headers, "traceparent"))
        .isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
    assertThat(headers.headers("traceparent")).hasSize(1);
    assertThat(text(headers, "tracestate")).isEqualTo("vendor=1");
    assertThat(text(headers, "lens")).isEqualTo("wide");
  }

  @Test
  void ofAnImageWithoutATimeTheSpanIsNotDecadesLong() {
    RecordHeaders headers = new RecordHeaders();
    traced().headers().forEach(headers::add);
    Source untimed = new Source("images", 2, 7, -1, Optional.empty(), Optional.empty(), headers);
    var unused = traces.answered(untimed, AT, "garden:1", "images-2@7+1");
    SpanData span = exporter.getFinishedSpanItems().get(0);
    assertThat(span.getStartEpochNanos()).isEqualTo(span.getEndEpochNanos());
  }

  @Test
  void withoutASdkTheContextPassesThroughAsItCame() {
    Source image = traced();
    Headers headers = Traces.none().answered(image, AT, "garden:1", "images-2@7+1");
    assertThat(headers.toArray()).containsExactlyInAnyOrder(image.headers().toArray());
  }

  @Test
  void anImageWithoutATraceBeginsNone() {
    Source image = image("lens", "wide");
    assertThat(traces.answered(image, AT, "garden:1", "b")).isSameAs(image.headers());
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void aTraceThatIsNoneIsLeftAsItIs() {
    Source image = image("traceparent", "nonsense");
    assertThat(traces.answered(image, AT, "garden:1", "b")).isSameAs(image.headers());
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
  }
}
