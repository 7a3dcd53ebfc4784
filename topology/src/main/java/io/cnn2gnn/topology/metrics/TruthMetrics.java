package io.cnn2gnn.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;

/** How right the model in service is, of its last answers whose class became known afterwards. */
public final class TruthMetrics {
  private final MultiGauge recall;
  private final Counter alarms;
  private volatile double accuracy = Double.NaN;
  private volatile int judged;

  public TruthMetrics(MeterRegistry registry) {
    Gauge.builder("cnn2gnn.truth.accuracy", () -> accuracy)
        .description("Share of right answers among the last 500 whose class became known")
        .register(registry);
    Gauge.builder("cnn2gnn.truth.judged", () -> judged)
        .description("Answers of which that share is, 500 at most")
        .register(registry);
    this.recall =
        MultiGauge.builder("cnn2gnn.truth.recall")
            .description(
                "Share of right answers by true class; (other) is all but the model's first 100")
            .register(registry);
    this.alarms = DriftMetrics.alarms(registry);
  }

  /**
   * Shows a window.
   *
   * @param recallByClass of few enough classes to show them all
   */
  public void window(int answers, double share, Map<String, Double> recallByClass) {
    judged = answers;
    accuracy = share;
    recall.register(
        recallByClass.entrySet().stream()
            .map(one -> MultiGauge.Row.of(Tags.of("class", one.getKey()), one.getValue()))
            .toList(),
        true);
  }

  /** Counts a window in which the accuracy has dropped. */
  public void alarm() {
    alarms.increment();
  }
}
