package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.batching.BatchProcessor;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.inference.ClassifyProcessor;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.metrics.BacklogMetrics;
import io.cnn2gnn.topology.metrics.BacklogMetrics.Partition;
import io.cnn2gnn.topology.metrics.DriftMetrics;
import io.cnn2gnn.topology.metrics.ReleaseMetrics;
import io.cnn2gnn.topology.metrics.ServiceGauges;
import io.cnn2gnn.topology.metrics.ShadowMetrics;
import io.cnn2gnn.topology.metrics.TruthMetrics;
import io.cnn2gnn.topology.teaching.Teaching;
import io.cnn2gnn.topology.truth.TruthMonitor;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every meter of a service's own, found by making them all in a registry that nobody reads. */
public final class MeterCatalogue {
  private MeterCatalogue() {}

  /**
   * One meter.
   *
   * @param name as Prometheus shows it
   * @param type in lower case: counter, gauge, timer, distribution summary
   * @param hasBuckets whether its distribution can be seen
   * @param labels in the order of their names, with the values that are known before the service
   *     runs
   */
  public record Entry(
      String name,
      String type,
      boolean hasBuckets,
      Map<String, List<String>> labels,
      String description) {
    public Entry {
      labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
  }

  /** All of them, by name. */
  public static List<Entry> entries() {
    PrometheusMeterRegistry registry = registry();
    try {
      return registry.getMeters().stream()
          .collect(
              Collectors.groupingBy(
                  meter -> name(registry, meter.getId()), TreeMap::new, Collectors.toList()))
          .entrySet()
          .stream()
          .map(named -> entry(named.getKey(), named.getValue()))
          .toList();
    } finally {
      registry.close();
    }
  }

  /** A registry with all of them. */
  static PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    AppMetrics app = new AppMetrics(registry);
    app.bank(0, () -> 0, () -> 0);
    new BacklogMetrics(registry).show(List.of(new Partition(0, 0, Optional.empty())));
    for (Rejection.Stage stage : Rejection.Stage.values()) {
      app.deadLetter(new Rejection(stage, "", ""));
    }
    app.counter(BatchProcessor.METER);
    app.counter(ClassifyProcessor.METER);
    app.counter(HeapFaults.METER);
    app.counter(Teaching.METER);
    new ReleaseMetrics(registry).active("");
    new ShadowMetrics(registry).trial("", true, Map.of(), 0, Optional.empty());
    new DriftMetrics(registry);
    app.counter(TruthMonitor.METER);
    new TruthMetrics(registry).window(0, 0, Map.of("", 0.0));
    new ServiceGauges(() -> 0, () -> 0, () -> 0, () -> 0, () -> 0).bindTo(registry);
    return registry;
  }

  private static String name(PrometheusMeterRegistry registry, Meter.Id id) {
    String name = id.getConventionName(registry.config().namingConvention());
    // The client of Prometheus adds it when it writes, not Micrometer's convention.
    return id.getType() == Meter.Type.COUNTER ? name + "_total" : name;
  }

  private static Entry entry(String name, List<Meter> series) {
    Meter.Id first = series.get(0).getId();
    Map<String, TreeSet<String>> labels = new TreeMap<>();
    for (Meter one : series) {
      for (Tag tag : one.getId().getTags()) {
        labels.computeIfAbsent(tag.getKey(), key -> new TreeSet<>()).add(tag.getValue());
      }
    }
    return new Entry(
        name,
        first.getType().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        series.get(0) instanceof Timer timer && timer.takeSnapshot().histogramCounts().length > 0,
        labels.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    // One value alone was made up here.
                    label ->
                        label.getValue().size() > 1 ? List.copyOf(label.getValue()) : List.of())),
        Optional.ofNullable(first.getDescription()).orElse(""));
  }
}
