package io.cnn2gnn.training.fit;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.Head;
import io.cnn2gnn.model.net.StudentSpec;
import java.util.List;

/** A student whose metric vectors lie on a circle, for tests of what neighbours are worth. */
final class SmallStudent {
  private SmallStudent() {}

  static StudentSpec of(int classes) {
    return new StudentSpec(
        new InputSpec(4, 4, 1, List.of(0.5f), List.of(0.25f)),
        List.of(4),
        List.of(1),
        1,
        2,
        3,
        classes,
        2,
        0.5f,
        Ranking.LEARNED,
        false,
        Head.EVIDENCE);
  }
}
