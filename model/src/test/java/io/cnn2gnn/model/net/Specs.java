package io.cnn2gnn.model.net;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import java.util.List;

/** Shapes of students for tests. */
final class Specs {
  private Specs() {}

  /** 4 features, a metric of 2, 3 hidden, 2 classes, 2 neighbours, a first share of 0.3. */
  static StudentSpec small(Ranking ranking, boolean labels) {
    return small(ranking, labels, Head.LAYERS);
  }

  static StudentSpec small(Ranking ranking, boolean labels, Head head) {
    return new StudentSpec(
        new InputSpec(4, 4, 1, List.of(0.5f), List.of(0.25f)),
        List.of(4),
        List.of(1),
        1,
        2,
        3,
        2,
        2,
        0.3f,
        ranking,
        labels,
        head);
  }
}
