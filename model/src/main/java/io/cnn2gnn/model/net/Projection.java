package io.cnn2gnn.model.net;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.torch.Initial;
import io.cnn2gnn.model.torch.NetworkPart;
import io.cnn2gnn.model.torch.Parameter;
import io.cnn2gnn.model.torch.Script;
import java.util.List;

/** The metric: {@code project(x)} -> v, rows of length one whose distances the graph is made of. */
record Projection(StudentSpec spec) implements NetworkPart {
  /** Whether a gradient can reach it through the graph. */
  boolean learns() {
    return spec.ranking() != Ranking.FROZEN && spec.ranking() != Ranking.RANDOM;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter(
            "projection", Initial.glorot(), learns(), spec.features(), spec.projection()));
  }

  @Override
  public List<Script> scripts() {
    return List.of(
        Script.of(Projection.class, "projection.py")
            .with("FROZEN", spec.ranking() == Ranking.FROZEN));
  }

  long macs() {
    return (long) spec.features() * spec.projection();
  }
}
