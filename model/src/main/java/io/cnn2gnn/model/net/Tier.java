package io.cnn2gnn.model.net;

/** Kinds of neighbours, each with numbers of its own in {@link Head#EVIDENCE}. */
public enum Tier {
  /** Images that somebody has labelled. */
  LABELLED("told"),
  /** Images that come with the model. */
  PROTOTYPES("shown"),
  /** Recent images of the same source, batch mates among them. */
  RECENT("heard");

  private final String prefix;

  Tier(String prefix) {
    this.prefix = prefix;
  }

  /** What the names of its tensors begin with. */
  String prefix() {
    return prefix;
  }
}
