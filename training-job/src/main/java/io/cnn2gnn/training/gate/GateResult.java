package io.cnn2gnn.training.gate;

import java.util.Map;

/** What a gate says of a candidate, with the figures by which it says so. */
public sealed interface GateResult {
  /**
   * By name: {@code images}, and with the prefixes {@code active.} and {@code candidate.} {@code
   * accuracy} (in batches of 64), {@code accuracyBatch1}, {@code alone} (images that it alone has
   * right), {@code aloneBatch1} and {@code millisPerImage}; {@code gain.low} and {@code gain.high},
   * between which the candidate's gain in accuracy lies, and the same with {@code Batch1}.
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

  /** The images held out are too few for the tolerance, and the difference is not clear. */
  record TooFew(Map<String, Double> figures, String reason) implements GateResult {
    public TooFew {
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
