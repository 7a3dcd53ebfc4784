package io.cnn2gnn.topology.pages;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.topology.serving.ActiveModel;
import java.util.List;
import java.util.Map;

/** {@code /model}: which model answers, and what was measured of it. */
public final class ModelPage implements JsonPage {
  private final ActiveModel models;

  public ModelPage(ActiveModel models) {
    this.models = models;
  }

  @Override
  public Reply get(Map<String, String> query) {
    ActiveModel.InService now = models.inService();
    ModelCard card = now.card();
    return Reply.of(
        200,
        new Body(
            card.name(),
            card.version(),
            card.space(),
            now.since().toString(),
            card.classes(),
            DriftReference.without(card.metrics())));
  }

  private record Body(
      String name,
      String version,
      String space,
      String since,
      List<String> classes,
      Map<String, Double> metrics) {}
}
