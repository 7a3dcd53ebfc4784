package io.cnn2gnn.model.drift;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * What windows of a model's answers look like while its images are like those it was measured on.
 * It travels in the metrics of the model's card, under names that begin with {@link #PREFIX}.
 *
 * @param window answers per window
 * @param mix share of each class among the answers to held-out images
 * @param farDistance an image farther from every prototype has no near one
 * @param lowConfidence least mean confidence of a window
 * @param highDistance greatest mean distance to the nearest prototype
 * @param highFarShare greatest share of images without a near prototype
 * @param highMixDistance greatest total variation from the mix
 */
public record DriftReference(
    int window,
    Map<String, Double> mix,
    double farDistance,
    double lowConfidence,
    double highDistance,
    double highFarShare,
    double highMixDistance) {
  public static final String PREFIX = "drift.";

  /** Answers per window; of fewer, chance alone moves the mean a lot. */
  public static final int WINDOW = 500;

  /** A bundle may come from anywhere, and a window is held in memory. */
  private static final int MOST_WINDOW = 100_000;

  private static final String MIX = PREFIX + "mix.";

  /** Fewer held-out images say too little of what is usual. */
  private static final int ENOUGH = 100;

  private static final int ROUNDS = 500;

  /** A window must lie outside by half of what chance made of any of the rounds. */
  private static final double WIDER = 1.5;

  private static final double FAR = 0.99;

  public DriftReference {
    mix = Collections.unmodifiableMap(new TreeMap<>(mix));
    if (window < 1 || window > MOST_WINDOW) {
      throw new IllegalArgumentException(
          PREFIX + "window must lie in 1..%d: %d".formatted(MOST_WINDOW, window));
    }
  }

  /**
   * Learns what is usual, by drawing windows from held-out answers. Each is drawn from a set that
   * was itself drawn from them, since the held-out images are a sample too: the fewer they are, the
   * wider the limits.
   *
   * @return empty if the answers are too few
   */
  public static Optional<DriftReference> learn(List<Observation> heldOut, long seed) {
    if (heldOut.size() < ENOUGH) {
      return Optional.empty();
    }
    DriftStatistics all = DriftStatistics.of(heldOut);
    double[] distances = heldOut.stream().mapToDouble(Observation::distance).sorted().toArray();
    double far = distances[(int) (FAR * (distances.length - 1))];
    double farShare = farShare(heldOut, far);
    double low = all.confidence();
    double high = all.distance();
    double mostFar = farShare;
    double mostMoved = 0;
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<Observation> window = draw(draw(heldOut, heldOut.size(), random), WINDOW, random);
      DriftStatistics statistics = DriftStatistics.of(window);
      low = Math.min(low, statistics.confidence());
      high = Math.max(high, statistics.distance());
      mostFar = Math.max(mostFar, farShare(window, far));
      mostMoved = Math.max(mostMoved, statistics.mixDistance(all.mix()));
    }
    return Optional.of(
        new DriftReference(
            WINDOW,
            all.mix(),
            far,
            all.confidence() + WIDER * (low - all.confidence()),
            all.distance() + WIDER * (high - all.distance()),
            farShare + WIDER * (mostFar - farShare),
            WIDER * mostMoved));
  }

  private static List<Observation> draw(List<Observation> from, int count, Random random) {
    List<Observation> drawn = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      drawn.add(from.get(random.nextInt(from.size())));
    }
    return drawn;
  }

  private static double farShare(List<Observation> answers, double far) {
    return (double) answers.stream().filter(o -> o.distance() > far).count() / answers.size();
  }

  /** Compares a window with what is usual. */
  public DriftVerdict judge(List<Observation> answers) {
    DriftStatistics statistics = DriftStatistics.of(answers);
    double farShare = farShare(answers, farDistance);
    double moved = statistics.mixDistance(mix);
    List<String> objections = new ArrayList<>();
    if (statistics.confidence() < lowConfidence) {
      objections.add(
          text("mean confidence is %.3f, below %.3f", statistics.confidence(), lowConfidence));
    }
    if (statistics.distance() > highDistance) {
      objections.add(
          text(
              "the nearest prototype is %.4f away on average, beyond %.4f",
              statistics.distance(), highDistance));
    }
    if (farShare > highFarShare) {
      objections.add(
          text(
              "%.1f %% of the images have no near prototype, more than %.1f %%",
              100 * farShare, 100 * highFarShare));
    }
    if (moved > highMixDistance) {
      objections.add(
          text(
              "%.1f %% of the class mix has moved, more than %.1f %%",
              100 * moved, 100 * highMixDistance));
    }
    return new DriftVerdict(farShare, moved, objections);
  }

  private static String text(String format, double measured, double limit) {
    return String.format(Locale.ROOT, format, measured, limit);
  }

  /** As a card keeps it. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put(PREFIX + "window", (double) window);
    metrics.put(PREFIX + "farDistance", farDistance);
    metrics.put(PREFIX + "lowConfidence", lowConfidence);
    metrics.put(PREFIX + "highDistance", highDistance);
    metrics.put(PREFIX + "highFarShare", highFarShare);
    metrics.put(PREFIX + "highMixDistance", highMixDistance);
    mix.forEach((label, share) -> metrics.put(MIX + label, share));
    return metrics;
  }

  /**
   * Reads it from a card's metrics.
   *
   * @return empty if there is nothing of it
   * @throws IllegalArgumentException naming what is missing, if there is only a part
   */
  public static Optional<DriftReference> of(Map<String, Double> metrics) {
    if (metrics.keySet().stream().noneMatch(name -> name.startsWith(PREFIX))) {
      return Optional.empty();
    }
    Map<String, Double> mix = new TreeMap<>();
    metrics.forEach(
        (name, value) -> {
          if (name.startsWith(MIX)) {
            mix.put(name.substring(MIX.length()), value);
          }
        });
    return Optional.of(
        new DriftReference(
            (int) required(metrics, "window"),
            mix,
            required(metrics, "farDistance"),
            required(metrics, "lowConfidence"),
            required(metrics, "highDistance"),
            required(metrics, "highFarShare"),
            required(metrics, "highMixDistance")));
  }

  private static double required(Map<String, Double> metrics, String name) {
    Double value = metrics.get(PREFIX + name);
    if (value == null) {
      throw new IllegalArgumentException("the model card lacks " + PREFIX + name);
    }
    return value;
  }

  /** The metrics without what is kept for the watch over drift, for who compares models. */
  public static Map<String, Double> without(Map<String, Double> metrics) {
    Map<String, Double> others = new TreeMap<>(metrics);
    others.keySet().removeIf(name -> name.startsWith(PREFIX));
    return others;
  }
}
