package io.cnn2gnn.topology.flow;

import io.cnn2gnn.model.inference.Answer;

/** What becomes of an image: exactly one of these. */
public sealed interface Outcome {
  /** It was classified. */
  record Predicted(DecodedImage image, Answer answer) implements Outcome {}

  /** It never will be; it goes to the dead-letter topic. */
  record Rejected(Source source, Rejection rejection) implements Outcome {}
}
