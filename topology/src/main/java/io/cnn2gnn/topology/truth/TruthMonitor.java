package io.cnn2gnn.topology.truth;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.topology.metrics.KindCounter;
import io.cnn2gnn.topology.metrics.KindMeter;
import io.cnn2gnn.topology.teaching.TruthListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gathers, for each of the last few models of an instance, its last answers whose class became
 * known afterwards. An answer counts for the model that gave it, however late it is judged; one
 * whose transaction was aborted is judged again with the next try.
 *
 * <p>Whenever a window has filled with new answers of the model in service, its accuracy is
 * compared with what the card says of held-out images, or else with the model's own first window.
 * One that lies below by more than chance explains ({@link Share#isBelow}) is an alarm, once until
 * a full window of the model does not, or another model has had one. Another model begins with an
 * empty window and raises its own; one that comes back goes on with what is left of its own. Of
 * models that are not in service nothing is an alarm.
 */
public final class TruthMonitor implements TruthListener {
  /** Answers by what became known of them. */
  public static final KindMeter<Judgement> METER =
      new KindMeter<>(
          "cnn2gnn.truth.answers",
          "result",
          Judgement.class,
          "Answers whose class became known afterwards, by whether they were right");

  /** What an answer was. */
  public enum Judgement {
    RIGHT,
    WRONG
  }

  /** Those of models that answered long ago are forgotten. */
  private static final int MODELS = 4;

  /**
   * A window below what is usual.
   *
   * @param card of the model
   * @param reason in words
   */
  record Drop(ModelCard card, TruthFigures figures, String reason) {}

  private final Supplier<ModelCard> inService;
  private final KindCounter<Judgement> counts;
  private final Map<String, TruthWindow> windows = new LinkedHashMap<>(16, 0.75f, true);
  private final List<Drop> drops = new ArrayList<>();
  private Optional<String> below = Optional.empty();

  /**
   * Gathers from now on.
   *
   * @param inService the model that answers now
   */
  public TruthMonitor(Supplier<ModelCard> inService, KindCounter<Judgement> counts) {
    this.inService = inService;
    this.counts = counts;
  }

  @Override
  public synchronized void told(String model, String answered, String truth) {
    counts.count(answered.equals(truth) ? Judgement.RIGHT : Judgement.WRONG);
    TruthWindow window = windows.computeIfAbsent(model, id -> new TruthWindow());
    if (windows.size() > MODELS) {
      windows.remove(windows.keySet().iterator().next());
    }
    window.add(answered, truth);
    ModelCard card = inService.get();
    if (window.isFullAnew() && model.equals(card.id())) {
      compare(card, window);
    }
  }

  private void compare(ModelCard card, TruthWindow window) {
    Optional<Share> usual = usual(card, window);
    boolean isBelow = usual.filter(window.share()::isBelow).isPresent();
    if (isBelow && !below.equals(Optional.of(card.id()))) {
      TruthFigures figures = window.figures(card.id(), usual);
      String reason =
          String.format(
              Locale.ROOT,
              "accuracy is %.3f, below the %.3f of %s",
              figures.accuracy(),
              usual.orElseThrow().value(),
              Share.heldOut(card).isPresent() ? "held-out images" : "its first window");
      drops.add(new Drop(card, figures, reason));
    }
    below = isBelow ? Optional.of(card.id()) : Optional.empty();
  }

  private static Optional<Share> usual(ModelCard card, TruthWindow window) {
    return Share.heldOut(card).or(window::first);
  }

  /** Windows that began to lie below since the last call. */
  synchronized List<Drop> takeDrops() {
    List<Drop> taken = List.copyOf(drops);
    drops.clear();
    return taken;
  }

  /** Of a model, by its card. */
  public synchronized TruthFigures figures(ModelCard card) {
    TruthWindow window = Optional.ofNullable(windows.get(card.id())).orElseGet(TruthWindow::new);
    return window.figures(card.id(), usual(card, window));
  }

  /** The model that answers now. */
  public ModelCard inService() {
    return inService.get();
  }

  /** Of the models that were in service before it and are still remembered. */
  public synchronized List<TruthFigures> before(ModelCard card) {
    List<TruthFigures> before = new ArrayList<>();
    windows.forEach(
        (model, window) -> {
          if (!model.equals(card.id())) {
            before.add(window.figures(model, Optional.empty()));
          }
        });
    return before;
  }
}
