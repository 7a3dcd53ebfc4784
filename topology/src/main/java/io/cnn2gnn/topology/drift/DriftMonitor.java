package io.cnn2gnn.topology.drift;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.drift.DriftStatistics;
import io.cnn2gnn.model.drift.DriftVerdict;
import io.cnn2gnn.model.drift.Observation;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.serving.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gathers an instance's answers in windows and compares each with what the model's card says is
 * usual. Where windows lie outside one after another, the first of them is an alarm.
 *
 * <p>A window is of one model: another one begins anew, and may raise an alarm of its own.
 */
public final class DriftMonitor implements AnswerListener {
  private final DriftNews news;
  private final List<Observation> window = new ArrayList<>();
  private Optional<ModelCard> model = Optional.empty();
  private Optional<DriftReference> reference = Optional.empty();
  private boolean drifting;

  public DriftMonitor(DriftNews news) {
    this.news = news;
  }

  @Override
  public synchronized void answered(
      ServedModel served, List<DecodedImage> images, List<Answer> answers, long nanos) {
    if (!model.equals(Optional.of(served.card()))) {
      model = Optional.of(served.card());
      reference = served.card().drift();
      window.clear();
      drifting = false;
    }
    for (int i = 0; i < answers.size(); i++) {
      window.add(answers.get(i).observation(images.get(i).query().label()));
      if (window.size() == reference.map(DriftReference::window).orElse(DriftReference.WINDOW)) {
        close(served.card());
        window.clear();
      }
    }
  }

  private void close(ModelCard card) {
    DriftStatistics statistics = DriftStatistics.of(window);
    Optional<DriftVerdict> verdict = reference.map(usual -> usual.judge(window));
    boolean outside = verdict.map(DriftVerdict::isDrift).orElse(false);
    news.window(card, statistics, verdict, outside && !drifting);
    drifting = outside;
  }
}
