package io.cnn2gnn.model.graph;

/**
 * How a node's candidates are ranked: the learned head, and the controls that it is held against.
 */
public enum Ranking {
  /** By the learned metric; the node itself is no candidate and enters as a self loop. */
  LEARNED,
  /**
   * By the learned metric with the node itself in the ranking at distance 0 and no other self loop
   * (AdaGAE's convention, arXiv 2002.08648).
   */
  LEARNED_WITH_SELF,
  /** By the metric as it was initialised: no gradient reaches the projection. */
  FROZEN,
  /** By a hash of the two vectors, which knows nothing of what they mean. */
  RANDOM,
  /** Not at all: A = I. */
  NONE;

  boolean withSelf() {
    return this == LEARNED_WITH_SELF;
  }
}
