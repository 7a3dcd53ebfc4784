package io.cnn2gnn.topology.trace;

import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.flow.Timestamps;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Goes on with the traces that images bring in W3C's headers: a span from the record's timestamp to
 * its prediction, whose context the prediction carries on. Only OpenTelemetry's API is used:
 * without an SDK or agent the context passes through as it came.
 */
public final class Traces {
  private static final String PARENT = "traceparent";
  private static final String SPAN = "cnn2gnn classify";
  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

  private final Tracer tracer;

  public Traces(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("io.cnn2gnn.topology");
  }

  /** Passes contexts through. */
  public static Traces none() {
    return new Traces(OpenTelemetry.noop());
  }

  /**
   * The headers of an image's prediction: those of the image, with the context of a span of its own
   * if the image brought one.
   *
   * @param at when it was answered
   */
  public Headers answered(Source image, Instant at, String model, String batch) {
    Header parent = image.headers().lastHeader(PARENT);
    if (parent == null) {
      return image.headers();
    }
    Context before = W3C.extract(Context.root(), image.headers(), Text.OF);
    if (!Span.fromContext(before).getSpanContext().isValid()) {
      return image.headers();
    }
    Span span =
        tracer
            .spanBuilder(SPAN)
            .setParent(before)
            .setSpanKind(SpanKind.CONSUMER)
            .setStartTimestamp(
                Instant.ofEpochMilli(Timestamps.answer(image.timestamp(), at.toEpochMilli())))
            .setAttribute("cnn2gnn.model", model)
            .setAttribute("cnn2gnn.batch.id", batch)
            .setAttribute("cnn2gnn.image.coordinates", image.coordinates())
            .startSpan();
    span.end(at);
    RecordHeaders headers = new RecordHeaders(image.headers().toArray());
    W3C.inject(
        before.with(span),
        headers,
        (carrier, key, value) -> {
          carrier.remove(key);
          carrier.add(key, value.getBytes(StandardCharsets.UTF_8));
        });
    return headers;
  }

  /** Headers as OpenTelemetry reads them. */
  private enum Text implements TextMapGetter<Headers> {
    OF;

    @Override
    public Iterable<String> keys(Headers headers) {
      List<Header> all = Arrays.asList(headers.toArray());
      return all.stream().map(Header::key).distinct().toList();
    }

    @Override
    public String get(Headers headers, String key) {
      Header header = headers.lastHeader(key);
      // The interface asks for null where there is none.
      return header == null || header.value() == null
          ? null
          : new String(header.value(), StandardCharsets.UTF_8);
    }
  }
}
