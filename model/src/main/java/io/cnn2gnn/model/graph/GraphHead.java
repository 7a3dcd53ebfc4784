package io.cnn2gnn.model.graph;

import io.cnn2gnn.model.torch.NetworkPart;
import io.cnn2gnn.model.torch.Parameter;
import io.cnn2gnn.model.torch.Script;
import java.util.List;

/**
 * The differentiable sparse graph head of CNN2GNN: {@code neighbours(v [b, q], bank [m, q], same
 * [b, m] bool)} -> index [b, k] int64 and weight [b, k], nearest first, of rows of unit length.
 *
 * <p>Node i chooses its s nearest candidates by squared Euclidean distance and weighs them by the
 * closed form (H) of the paper ({@code weigh.py}), so a row has at most s non-zeros and sums to
 * one. The node itself is no candidate ({@link Ranking} has the exception); it enters as a self
 * loop when messages are passed.
 *
 * <p>Edge cases: where the s nearest are no nearer than the threshold (within {@code 1e-6 (1 + s
 * d_(s+1))}; a smaller bound vanishes in float32) the row is uniform over the s such candidates of
 * lowest index, without gradient. With m &lt;= s candidates the graph uses s = m - 1, with a single
 * one that one has weight 1, and with none the row is empty.
 *
 * @param neighbours s, at least 1
 */
public record GraphHead(Ranking ranking, int neighbours, Candidates candidates)
    implements NetworkPart {
  /** Candidates from which on groups of them are compared first. */
  private static final int LARGE = 4096;

  private static final int GROUP = 64;

  public GraphHead {
    if (neighbours < 1) {
      throw new IllegalArgumentException(
          "s, the number of neighbours, must be at least 1: " + neighbours);
    }
  }

  /** None: the metric is learned where its vectors are made. */
  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public List<Script> scripts() {
    return List.of(
        script("nearest.py").with("LARGE", LARGE).with("GROUP", GROUP),
        ranking == Ranking.RANDOM
            ? script("hashed.py")
            : script("euclidean.py").with("LARGE", LARGE),
        script("weigh.py").with("NEIGHBOURS", neighbours),
        script("candidates.py")
            .with("WITH_SELF", ranking.withSelf())
            .with("BATCH_ALONE", candidates == Candidates.BATCH)
            .with("BOTH", candidates == Candidates.BOTH));
  }

  /**
   * How serving finds labelled rows near an image: {@code labelled(v [b, q], rows [m, q], own [b],
   * sources [m])} -> index [b, n] int64 and squared distance [b, n], nearest first; n is s + 1.
   */
  public Script labelled() {
    return script("labelled.py").with("LARGE", LARGE).with("FEW", neighbours + 1);
  }

  private static Script script(String file) {
    return Script.of(GraphHead.class, file);
  }
}
