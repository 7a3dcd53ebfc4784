package io.cnn2gnn.topology.pages;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.topology.truth.TruthFigures;
import io.cnn2gnn.topology.truth.TruthMonitor;
import java.util.List;
import java.util.Map;

/**
 * {@code /accuracy}: how right this instance's last answers were whose class became known, by model
 * and class, and what was taken for what.
 */
public final class AccuracyPage implements JsonPage {
  private final TruthMonitor truths;

  public AccuracyPage(TruthMonitor truths) {
    this.truths = truths;
  }

  @Override
  public Reply get(Map<String, String> query) {
    ModelCard card = truths.inService();
    return Reply.of(200, new Body(truths.figures(card), truths.before(card)));
  }

  private record Body(TruthFigures inService, List<TruthFigures> before) {}
}
