package io.cnn2gnn.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;

/** The last full window of answers beside what is usual. */
public final class DriftMetrics {
  private final MeterRegistry registry;
  private final Counter alarms;
  private volatile Map<String, Double> latest = Map.of();

  public DriftMetrics(MeterRegistry registry) {
    this.registry = registry;
    gauge("confidence", "Mean probability of the predicted class");
    gauge("distance", "Mean squared distance to the nearest prototype");
    gauge("farShare", "Share of images without a near prototype");
    gauge("mixDistance", "Share of the predicted class mix that has moved");
    gauge("accuracy", "Share of the labelled images that were answered by their label");
    this.alarms = alarms(registry);
  }

  /** The same counter for whoever raises an alarm. */
  static Counter alarms(MeterRegistry registry) {
    return Counter.builder("cnn2gnn.drift.alarms")
        .description("Windows with which drift began, or in which accuracy had dropped")
        .register(registry);
  }

  private void gauge(String figure, String description) {
    String words = figure.replaceAll("([A-Z])", ".$1").toLowerCase(Locale.ROOT);
    Gauge.builder("cnn2gnn.drift." + words, () -> latest.getOrDefault(figure, Double.NaN))
        .description(description + ", over the last full window")
        .register(registry);
  }

  /**
   * Shows a window.
   *
   * @param figures by name; what is missing is shown as NaN
   */
  public void window(Map<String, Double> figures) {
    latest = Map.copyOf(figures);
  }

  /** Counts a window with which drift begins. */
  public void alarm() {
    alarms.increment();
  }
}
