package io.cnn2gnn.model.drift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a window of answers compares with held-out data.
 *
 * @param farShare share of images without a near prototype
 * @param mixDistance total variation between the mix of predicted classes and the held-out one
 * @param objections what lies outside of what held-out data would show, for people
 */
public record DriftVerdict(double farShare, double mixDistance, List<String> objections) {
  public DriftVerdict {
    objections = List.copyOf(objections);
  }

  /** Whether the window lies outside. */
  public boolean isDrift() {
    return !objections.isEmpty();
  }

  /** The figures by name. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("farShare", farShare);
    metrics.put("mixDistance", mixDistance);
    return metrics;
  }
}
