package io.cnn2gnn.topology.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images without an answer, of all partitions, whichever instance has them. */
public final class BacklogMetrics {
  private final MultiGauge images;
  private final MultiGauge age;

  /**
   * One partition's.
   *
   * @param images without an answer
   * @param age of the oldest of them; empty if it is not known
   */
  public record Partition(int partition, long images, Optional<Duration> age) {}

  public BacklogMetrics(MeterRegistry registry) {
    this.images =
        MultiGauge.builder("cnn2gnn.backlog.images")
            .description("Images without an answer, as of the last look, of every partition")
            .register(registry);
    this.age =
        MultiGauge.builder("cnn2gnn.backlog.age")
            .description(
                "Age of the oldest image without an answer, as of the last look, of every partition;"
                    + " 0 where all are answered")
            .baseUnit("seconds")
            .register(registry);
  }

  /** Shows what a look has found; nothing, if it failed. */
  public void show(List<Partition> partitions) {
    List<Row<?>> counts = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    for (Partition one : partitions) {
      Tags tags = Tags.of("partition", Integer.toString(one.partition()));
      counts.add(Row.of(tags, one.images()));
      ages.add(Row.of(tags, one.age().map(age -> age.toMillis() / 1000.0).orElse(Double.NaN)));
    }
    images.register(counts, true);
    age.register(ages, true);
  }
}
