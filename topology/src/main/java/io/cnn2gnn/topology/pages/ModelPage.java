package io.cnn2gnn.topology.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.topology.serving.ActiveModel;
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
    JsonArray classes = new JsonArray();
    card.classes().forEach(classes::add);
    JsonObject metrics = new JsonObject();
    DriftReference.without(card.metrics())
        .forEach(
            (name, value) -> {
              // JSON has no NaN.
              if (Double.isFinite(value)) {
                metrics.addProperty(name, value);
              }
            });
    JsonObject body = new JsonObject();
    body.addProperty("name", card.name());
    body.addProperty("version", card.version());
    body.addProperty("space", card.space());
    body.addProperty("since", now.since().toString());
    body.add("classes", classes);
    body.add("metrics", metrics);
    return new Reply(200, body);
  }
}
