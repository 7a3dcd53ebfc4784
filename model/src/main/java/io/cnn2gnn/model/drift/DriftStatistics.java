package io.cnn2gnn.model.drift;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A window of answers in a few figures.
 *
 * @param images how many
 * @param confidence mean probability of the predicted class
 * @param distance mean squared distance to the nearest prototype, in [0, 4]
 * @param mix share of each predicted class; classes that were not predicted are missing
 * @param labelled images whose label is known
 * @param right those of them that were answered so
 */
public record DriftStatistics(
    int images,
    double confidence,
    double distance,
    Map<String, Double> mix,
    int labelled,
    int right) {
  /** Of at least one observation. */
  public static DriftStatistics of(Collection<Observation> window) {
    double confidence = 0;
    double distance = 0;
    int labelled = 0;
    int right = 0;
    Map<String, Integer> counts = new TreeMap<>();
    for (Observation o : window) {
      confidence += o.confidence();
      distance += o.distance();
      counts.merge(o.label(), 1, Integer::sum);
      labelled += o.truth().isPresent() ? 1 : 0;
      right += o.truth().equals(Optional.of(o.label())) ? 1 : 0;
    }
    Map<String, Double> mix = new TreeMap<>();
    counts.forEach((label, count) -> mix.put(label, (double) count / window.size()));
    return new DriftStatistics(
        window.size(), confidence / window.size(), distance / window.size(), mix, labelled, right);
  }

  /**
   * Total variation between the mix and another one: the share of images that would have to change
   * their class, in [0, 1].
   */
  double mixDistance(Map<String, Double> other) {
    Map<String, Double> difference = new TreeMap<>(other);
    mix.forEach((label, share) -> difference.merge(label, -share, Double::sum));
    return difference.values().stream().mapToDouble(Math::abs).sum() / 2;
  }

  /** By name; classes as {@code mix.<label>}, {@code accuracy} only where labels are known. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("images", (double) images);
    metrics.put("confidence", confidence);
    metrics.put("distance", distance);
    mix.forEach((label, share) -> metrics.put("mix." + label, share));
    metrics.put("labelled", (double) labelled);
    if (labelled > 0) {
      metrics.put("accuracy", (double) right / labelled);
    }
    return metrics;
  }
}
