package io.cnn2gnn.training.gate;

/** What becomes of a model of which the images held out are too few to tell. */
public enum WhenTooFew {
  /** As of one that passes. */
  RELEASE,
  /** It becomes a candidate, also where one that passes would answer at once. */
  CANDIDATE,
  /** As of one that is worse. */
  REFUSE
}
