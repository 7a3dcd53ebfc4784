package io.cnn2gnn.topology.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The candidate on trial beside the model that answers, and what was measured of both. One thread
 * tells it.
 */
public final class ShadowMetrics {
  private final MultiGauge candidate;
  private volatile Map<String, Double> latest = Map.of();
  private volatile double wanted = Double.NaN;
  private volatile double left = Double.NaN;
  private String shown = "";

  public ShadowMetrics(MeterRegistry registry) {
    this.candidate =
        MultiGauge.builder("cnn2gnn.model.candidate")
            .description(
                "1 for the candidate that is tried in the shadow, 0 once its trial is over")
            .register(registry);
    figure(registry, "batches", "Batches that both models have answered");
    figure(registry, "images", "Images in them");
    figure(registry, "agreement", "Share of images on which both models agree");
    figure(registry, "confidenceShift", "The candidate's mean confidence less the active model's");
    figure(registry, "slowdown", "The candidate's time over the active model's");
    figure(registry, "labelled", "Images with a label");
    figure(registry, "activeAccuracy", "Share of those that the active model has right");
    figure(registry, "candidateAccuracy", "Share of those that the candidate has right");
    Gauge.builder("cnn2gnn.shadow.batches.wanted", () -> wanted)
        .description("Batches of a whole trial")
        .register(registry);
    Gauge.builder("cnn2gnn.shadow.left", () -> left)
        .description("Time to the end of the trial, at the rate seen")
        .baseUnit("seconds")
        .register(registry);
  }

  private void figure(MeterRegistry registry, String name, String description) {
    String words = name.replaceAll("([A-Z])", ".$1").toLowerCase(Locale.ROOT);
    Gauge.builder("cnn2gnn.shadow." + words, () -> latest.getOrDefault(name, Double.NaN))
        .description(description + ", in the trial of a candidate")
        .register(registry);
  }

  /**
   * Shows a trial.
   *
   * @param model the candidate
   * @param measured by name; what is missing is shown as NaN
   * @param left empty if nothing tells how fast batches come
   */
  public void trial(
      String model,
      boolean isOver,
      Map<String, Double> measured,
      int batchesWanted,
      Optional<Duration> left) {
    String now = model + isOver;
    if (!now.equals(shown)) {
      shown = now;
      candidate.register(List.of(MultiGauge.Row.of(Tags.of("model", model), isOver ? 0 : 1)), true);
    }
    latest = Map.copyOf(measured);
    wanted = batchesWanted;
    this.left = left.map(time -> time.toMillis() / 1000.0).orElse(Double.NaN);
  }

  /** Shows that there is no candidate. */
  public void none() {
    if (!shown.isEmpty()) {
      shown = "";
      candidate.register(List.of(), true);
    }
    latest = Map.of();
    wanted = Double.NaN;
    left = Double.NaN;
  }
}
