package io.cnn2gnn.lab.reference;

import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.app.MeterCatalogue;
import io.cnn2gnn.topology.app.MeterCatalogue.Entry;
import java.util.List;
import java.util.stream.Collectors;

/** What a service shows of itself. */
final class MetricsPage {
  private MetricsPage() {}

  static String text() {
    return Markdown.page(
        "Metrics",
        """
        Served at `/metrics` when `%s` is set, in Prometheus' text format. How to read them is in
        [observe](../guide/observe.md).
        """
            .formatted(ConfigKey.HTTP_PORT.key()),
        """
        Of a timer or a distribution Prometheus sees `_count`, `_sum` and `_max`, the largest of the last minutes; where the
        table says so, `_bucket` too.
        """,
        Markdown.table(
            List.of("metric", "type", "labels", ""),
            MeterCatalogue.entries().stream().map(MetricsPage::row).toList()),
        """
        Beside them stand `kafka_*`, which Kafka Streams and its clients measure themselves (lag, commits, restores, ...), and
        `jvm_memory_*` and `jvm_gc_*`, the memory of the JVM without libtorch's, and its collections.
        """);
  }

  private static List<String> row(Entry entry) {
    return List.of(
        Markdown.code(entry.name()),
        entry.hasBuckets() ? entry.type() + ", buckets" : entry.type(),
        entry.labels().entrySet().stream()
            .map(label -> label(label.getKey(), label.getValue()))
            .collect(Collectors.joining("; ")),
        entry.description());
  }

  private static String label(String name, List<String> values) {
    return values.isEmpty()
        ? Markdown.code(name)
        : Markdown.code(name)
            + ": "
            + values.stream().map(Markdown::code).collect(Collectors.joining(", "));
  }
}
