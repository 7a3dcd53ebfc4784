package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.metrics.ReleaseMetrics;
import io.cnn2gnn.topology.release.Shadow.Finished;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what became of releases, as metrics and as events. */
public final class ReleaseNews {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseNews.class);

  private final ReleaseMetrics metrics;
  private final Optional<ModelEventWriter> events;

  /**
   * Tells first of the model that answers now.
   *
   * @param registry shows the metrics
   * @param first the model that answers now
   * @param events where to tell it; empty for metrics alone
   */
  public ReleaseNews(MeterRegistry registry, ModelCard first, Optional<ModelEventWriter> events) {
    this.metrics = new ReleaseMetrics(registry);
    this.events = events;
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
