package io.cnn2gnn.model.net;

/** What an image makes of its neighbours. */
public enum Head {
  /** Two graph layers that average the messages of all. Models of before have it. */
  LAYERS,
  /** Evidence that each neighbour adds to the image's own answer, as far as it can be relied on. */
  EVIDENCE
}
