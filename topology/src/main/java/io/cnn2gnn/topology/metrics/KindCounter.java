package io.cnn2gnn.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts things of a few kinds. */
public final class KindCounter<E extends Enum<E>> {
  private final Map<E, Counter> counters;

  KindCounter(MeterRegistry registry, KindMeter<E> meter) {
    this.counters = new EnumMap<>(meter.kinds());
    for (E kind : meter.kinds().getEnumConstants()) {
      counters.put(
          kind,
          Counter.builder(meter.name())
              .description(meter.description())
              .tag(meter.tag(), kind.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /** Counts one. */
  public void count(E kind) {
    counters.get(kind).increment();
  }
}
