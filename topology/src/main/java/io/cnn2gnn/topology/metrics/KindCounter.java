package io.cnn2gnn.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts things of a few kinds. */
public final class KindCounter<E extends Enum<E>> {
  private final Map<E, Counter> counters;

  KindCounter(MeterRegistry registry, String name, String tag, Class<E> kinds) {
    this.counters = new EnumMap<>(kinds);
    for (E kind : kinds.getEnumConstants()) {
      counters.put(kind, registry.counter(name, tag, kind.name().toLowerCase(Locale.ROOT)));
    }
  }

  /** Counts one. */
  public void count(E kind) {
    counters.get(kind).increment();
  }
}
