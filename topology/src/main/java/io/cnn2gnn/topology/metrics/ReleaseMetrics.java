package io.cnn2gnn.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** Which model answers, and how often that changed or could not. */
public final class ReleaseMetrics {
  private final MultiGauge active;
  private final Counter activations;
  private final Counter failures;

  public ReleaseMetrics(MeterRegistry registry) {
    this.active =
        MultiGauge.builder("cnn2gnn.model.active")
            .description("1 for the model that answers")
            .register(registry);
    this.activations =
        Counter.builder("cnn2gnn.model.activations")
            .description("Releases that were taken into service")
            .register(registry);
    this.failures =
        Counter.builder("cnn2gnn.model.load.failures")
            .description("Releases that could not be taken into service")
            .register(registry);
  }

  /** Shows which model answers. */
  public void active(String id) {
    active.register(List.of(MultiGauge.Row.of(Tags.of("model", id), 1)), true);
  }

  /** Counts a release that answers from now on. */
  public void activated() {
    activations.increment();
  }

  /** Counts one that cannot. */
  public void failed() {
    failures.increment();
  }
}
