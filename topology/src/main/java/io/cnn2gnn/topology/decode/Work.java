package io.cnn2gnn.topology.decode;

/** Kinds of work that a record needs until it is an image; each has threads of its own. */
enum Work {
  /** A few milliseconds of a core: a stream thread may help with it. */
  LIGHT,
  /** A large picture, or one that is dear for its size. */
  HEAVY,
  /** Somebody else's answer: the registry's, or that of the host of a reference. */
  REMOTE
}
