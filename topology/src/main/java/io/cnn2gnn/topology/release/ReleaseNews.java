package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.metrics.ReleaseMetrics;
import io.cnn2gnn.topology.metrics.ShadowMetrics;
import io.cnn2gnn.topology.release.BatchRate.Forecast;
import io.cnn2gnn.topology.release.Shadow.Finished;
import io.cnn2gnn.topology.release.Shadow.Progress;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what became of releases, as metrics and as events. One thread uses it. */
public final class ReleaseNews {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseNews.class);

  /** How often a trial is told of while it goes on. */
  private static final Duration SHADOWING_EVERY = Duration.ofSeconds(10);

  private final ReleaseMetrics metrics;
  private final ShadowMetrics trials;
  private final Optional<ModelEventWriter> events;
  private final LongSupplier nanos;
  private Optional<ModelRelease> told = Optional.empty();
  private int toldBatches;
  private long toldAt;

  /**
   * Tells first of the model that answers now.
   *
   * @param registry shows the metrics
   * @param first the model that answers now
   * @param events where to tell it; empty for metrics alone
   * @param nanos a clock that never goes back
   */
  public ReleaseNews(
      MeterRegistry registry,
      ModelCard first,
      Optional<ModelEventWriter> events,
      LongSupplier nanos) {
    this.metrics = new ReleaseMetrics(registry);
    this.trials = new ShadowMetrics(registry);
    this.events = events;
    this.nanos = nanos;
    metrics.active(first.id());
  }

  void activated(ModelCard card, String message) {
    metrics.active(card.id());
    metrics.activated();
    tell(card.name(), card.version(), ModelEventKind.ACTIVATED, message, Map.of());
  }

  void failed(ModelRelease release, Exception e) {
    metrics.failed();
    LOG.error("{} is not taken into service", Releases.key(release), e);
    String what = e.getMessage() == null ? e.toString() : e.getMessage();
    tell(release.getName(), release.getVersion(), ModelEventKind.FAILED, what, Map.of());
  }

  /** Tells how far a trial has come: of its beginning, and then every few seconds. */
  void shadowing(Optional<Progress> trial) {
    if (trial.isEmpty()) {
      told = Optional.empty();
      trials.none();
      return;
    }
    Progress progress = trial.get();
    trials.trial(
        Releases.key(progress.release()),
        progress.isOver(),
        progress.measured(),
        progress.wanted(),
        progress.left().map(Forecast::time));
    if (!progress.isOver() && isNews(progress)) {
      told = Optional.of(progress.release());
      toldBatches = progress.done();
      toldAt = nanos.getAsLong();
      tell(
          progress.release().getName(),
          progress.release().getVersion(),
          ModelEventKind.SHADOWING,
          progress.toString(),
          progress.measured());
    }
  }

  private boolean isNews(Progress progress) {
    return !told.equals(Optional.of(progress.release()))
        || (progress.done() != toldBatches
            && nanos.getAsLong() - toldAt >= SHADOWING_EVERY.toNanos());
  }

  void shadowed(Finished finished) {
    tell(
        finished.release().getName(),
        finished.release().getVersion(),
        ModelEventKind.SHADOWED,
        finished.figures() + finished.objection().map(o -> "; against it: " + o).orElse(""),
        finished.figures().metrics());
  }

  private void tell(
      String name,
      String version,
      ModelEventKind kind,
      String message,
      Map<String, Double> figures) {
    events.ifPresent(writer -> writer.tell(name, version, kind, message, figures));
  }
}
