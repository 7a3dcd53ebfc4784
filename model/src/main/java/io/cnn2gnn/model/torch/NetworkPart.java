package io.cnn2gnn.model.torch;

import java.util.List;

/** A part of a network, such as its stem or its graph: what it learns, and its methods. */
public interface NetworkPart {
  /** Its tensors, in the order in which they are initialised. */
  List<Parameter> parameters();

  /** Its methods, which find those tensors as {@code self.name}. */
  List<Script> scripts();
}
