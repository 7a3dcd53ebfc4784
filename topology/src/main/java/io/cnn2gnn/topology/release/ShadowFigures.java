package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.model.inference.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a candidate's answers compare with the active model's, over the same batches. */
final class ShadowFigures {
  /** Labelled images below this count tell too little of right and wrong. */
  private static final int ENOUGH_LABELS = 100;

  private int batches;
  private int images;
  private int agreed;
  private double activeConfidence;
  private double candidateConfidence;
  private long activeNanos;
  private long candidateNanos;
  private int labelled;
  private int activeRight;
  private int candidateRight;

  /** Adds a batch that both have answered. */
  void add(
      List<Query> queries,
      List<Answer> active,
      long activeNanos,
      List<Answer> candidate,
      long candidateNanos) {
    batches++;
    this.activeNanos += activeNanos;
    this.candidateNanos += candidateNanos;
    for (int i = 0; i < queries.size(); i++) {
      images++;
      // Without labels on both sides: the candidate has been taught none.
      Score a = active.get(i).labels().without();
      Score c = candidate.get(i).labels().without();
      agreed += a.label().equals(c.label()) ? 1 : 0;
      activeConfidence += a.probability();
      candidateConfidence += c.probability();
      Optional<String> label = queries.get(i).label();
      if (label.isPresent()) {
        labelled++;
        activeRight += label.get().equals(a.label()) ? 1 : 0;
        candidateRight += label.get().equals(c.label()) ? 1 : 0;
      }
    }
  }

  int batches() {
    return batches;
  }

  private double share(double count) {
    return count / images;
  }

  private double slowdown() {
    return (double) candidateNanos / Math.max(1, activeNanos);
  }

  /** All of it by name; shares in [0, 1], times in milliseconds per image. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("batches", (double) batches);
    metrics.put("images", (double) images);
    metrics.put("agreement", share(agreed));
    metrics.put("activeConfidence", share(activeConfidence));
    metrics.put("candidateConfidence", share(candidateConfidence));
    metrics.put("confidenceShift", share(candidateConfidence - activeConfidence));
    metrics.put("activeMillisPerImage", share(activeNanos / 1e6));
    metrics.put("candidateMillisPerImage", share(candidateNanos / 1e6));
    metrics.put("slowdown", slowdown());
    metrics.put("labelled", (double) labelled);
    if (labelled > 0) {
      metrics.put("activeAccuracy", (double) activeRight / labelled);
      metrics.put("candidateAccuracy", (double) candidateRight / labelled);
    }
    return metrics;
  }

  /** Why the candidate should not answer; empty if nothing speaks against it. */
  Optional<String> objection(ShadowConfig config) {
    if (slowdown() > config.maxSlowdown()) {
      return Optional.of(
          "it takes %.2f times as long as the active model, %.2f are allowed"
              .formatted(slowdown(), config.maxSlowdown()));
    }
    if (labelled >= ENOUGH_LABELS) {
      return candidateRight >= activeRight
          ? Optional.empty()
          : Optional.of(
              "it is right on %d of %d labelled images, the active model on %d"
                  .formatted(candidateRight, labelled, activeRight));
    }
    return share(agreed) >= config.minAgreement()
        ? Optional.empty()
        : Optional.of(
            "it agrees with the active model on %.1f %% of %d images, %.1f %% are required"
                .formatted(100 * share(agreed), images, 100 * config.minAgreement()));
  }

  /** For people. */
  @Override
  public String toString() {
    String text =
        "%d images in %d batches: %.1f %% agreement, confidence %.3f, the active model's %.3f, %.2f times its time"
            .formatted(
                images,
                batches,
                100 * share(agreed),
                share(candidateConfidence),
                share(activeConfidence),
                slowdown());
    return labelled == 0
        ? text
        : text
            + ", right on %d of %d labelled images, the active model on %d"
                .formatted(candidateRight, labelled, activeRight);
  }
}
