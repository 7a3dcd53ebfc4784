package io.cnn2gnn.model.graph;

/** Which nodes an image may choose as neighbours. */
public enum Candidates {
  /** The other images of its batch. */
  BATCH,
  /** The bank of earlier images and prototypes: answers do not depend on batch mates. */
  BANK,
  /** Both. */
  BOTH
}
