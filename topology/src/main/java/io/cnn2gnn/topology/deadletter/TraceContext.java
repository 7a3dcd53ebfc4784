package io.cnn2gnn.topology.deadletter;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The headers by which a trace is followed, W3C's {@code traceparent} and {@code tracestate}. Every
 * prediction and dead letter has all headers of its image; one that is cut still has these.
 */
final class TraceContext {
  /** What W3C asks to be passed on of a state; a parent has 55. */
  private static final int MOST_BYTES = 512;

  private static final List<String> NAMES = List.of("traceparent", "tracestate");

  private TraceContext() {}

  static void copy(Headers from, Headers to) {
    for (String name : NAMES) {
      Header header = from.lastHeader(name);
      if (header != null && header.value() != null && header.value().length <= MOST_BYTES) {
        to.add(header);
      }
    }
  }
}
