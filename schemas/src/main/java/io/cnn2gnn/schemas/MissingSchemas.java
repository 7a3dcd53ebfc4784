package io.cnn2gnn.schemas;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Schemas that a registry says it does not have. The one that was asked may be a copy that is
 * behind, so some of them are waited for, each once: not all, for whoever writes ids that nobody
 * has would hold up its partition for ever.
 */
final class MissingSchemas {
  /** So many are waited for in so long a time. */
  static final int MOST_WAITS = 8;

  static final Duration PERIOD = Duration.ofMinutes(10);

  private static final int MOST_KNOWN = 1_000;

  private final Duration patience;
  private final LongSupplier nanos;
  private final Deque<Long> waits = new ArrayDeque<>();

  /** Since when each one is waited for. */
  private final Map<SchemaId, Long> since =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SchemaId, Long> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  MissingSchemas(Duration patience, LongSupplier nanos) {
    this.patience = patience;
    this.nanos = nanos;
  }

  /** Whether one that is missing is still waited for. */
  synchronized boolean mayCome(SchemaId id) {
    long now = nanos.getAsLong();
    Long begin = since.get(id);
    if (begin == null && !patience.isZero() && mayWait(now)) {
      waits.addLast(now);
      since.put(id, now);
      return true;
    }
    return begin != null && now - begin < patience.toNanos();
  }

  private boolean mayWait(long now) {
    while (!waits.isEmpty() && now - waits.getFirst() >= PERIOD.toNanos()) {
      waits.removeFirst();
    }
    return waits.size() < MOST_WAITS;
  }
}
