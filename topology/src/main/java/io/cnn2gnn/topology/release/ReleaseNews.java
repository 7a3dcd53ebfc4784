package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.release.Shadow.Finished;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what became of releases, as metrics and as events. */
public final class ReleaseNews {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseNews.class);

  private final MeterRegistry metrics;
  private final MultiGauge active;
  private final Optional<ModelEventWriter> events;

  /**
   * Tells first of the model that answers now.
   *
   * @param first the model that answers now
   * @param events where to tell it; empty for metrics alone
   */
  public ReleaseNews(MeterRegistry metrics, ModelCard first, Optional<ModelEventWriter> events) {
    this.metrics = metrics;
    this.events = events;
    this.active =
        MultiGauge.builder("cnn2gnn.model.active")
            .description("1 for the model that answers")
            .register(metrics);
    show(first);
    metrics.counter("cnn2gnn.model.load.failures");
  }

  private void show(ModelCard card) {
    active.register(List.of(MultiGauge.Row.of(Tags.of("model", card.id()), 1)), true);
  }

  void activated(ModelCard card, String message) {
    show(card);
    metrics.counter("cnn2gnn.model.activations").increment();
    tell(card.name(), card.version(), ModelEventKind.ACTIVATED, message, Map.of());
  }

  void failed(ModelRelease release, Exception e) {
    metrics.counter("cnn2gnn.model.load.failures").increment();
    LOG.error("{} is not taken into service", Releases.key(release), e);
    String what = e.getMessage() == null ? e.toString() : e.getMessage();
    tell(release.getName(), release.getVersion(), ModelEventKind.FAILED, what, Map.of());
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
