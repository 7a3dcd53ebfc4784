package io.cnn2gnn.training.gate;

import java.util.Map;

/** What a gate says of a candidate, with the figures by which it says so. */
public sealed interface GateResult {
  /**
   * By name: {@code images}, and with the prefixes {@code active.} and {@code candidate.} {@code
   * accuracy} (in batches of 64), {@code accuracyBatch1} and {@code millisPerImage}.
   */
  Map<String, Double> figures();

  /** The same as a sentence. */
  String reason();

  /** The candidate is as good, within the tolerance. */
  record Passed(Map<String, Double> figures, String reason) implements GateResult {
    public Passed {
      figures = Map.copyOf(figures);
    }
  }

  /** The candidate is worse, and in what. */
  record Refused(Map<String, Double> figures, String reason) implements GateResult {
    public Refused {
      figures = Map.copyOf(figures);
    }
  }
}
