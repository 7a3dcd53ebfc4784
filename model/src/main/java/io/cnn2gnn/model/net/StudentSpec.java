package io.cnn2gnn.model.net;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import java.util.List;
import java.util.Objects;

/**
 * Shape of a student: convolution stem, projection, graph head and what it makes of neighbours.
 *
 * @param input what it takes
 * @param widths channels after each convolution of the stem; the last times pool^2 is the width of
 *     x
 * @param strides stride of each convolution, which is 3x3 up to stride 2, 5x5 at 3 and 7x7 at 4
 * @param pool side of the grid that the last feature map is averaged to; x keeps its layout
 * @param projection q, the length of the metric vector v
 * @param hidden width of the layer between x and the classes
 * @param classes number of classes, at least 2
 * @param neighbours s, neighbours per image
 * @param mix of graph layers: initial weight of the neighbourhood beside the image itself, in (0,
 *     1)
 * @param ranking how neighbours are chosen
 * @param labels of graph layers: whether the known labels of neighbours are features of theirs
 * @param head what an image makes of its neighbours; cards of before do not say it
 */
public record StudentSpec(
    InputSpec input,
    List<Integer> widths,
    List<Integer> strides,
    int pool,
    int projection,
    int hidden,
    int classes,
    int neighbours,
    float mix,
    Ranking ranking,
    boolean labels,
    Head head) {
  private static final int MAX_WIDTH = 1024;
  private static final int MAX_DEPTH = 16;

  public StudentSpec {
    widths = List.copyOf(widths);
    strides = List.copyOf(strides);
    head = head == null ? Head.LAYERS : head;
    if (widths.isEmpty() || widths.size() != strides.size()) {
      throw new IllegalArgumentException("the stem needs one stride per width, and at least one");
    }
    bounded("stem depth", widths.size(), 1, MAX_DEPTH);
    for (int i = 0; i < widths.size(); i++) {
      bounded("stem width", widths.get(i), 1, MAX_WIDTH);
      bounded("stem stride", strides.get(i), 1, 4);
    }
    bounded("pool", pool, 1, 8);
    bounded("projection", projection, 1, MAX_WIDTH);
    bounded("hidden", hidden, 1, MAX_WIDTH);
    bounded("classes", classes, 2, 100_000);
    bounded("neighbours", neighbours, 1, 256);
    Objects.requireNonNull(ranking, "the student's shape lacks how neighbours are ranked");
    if (!(mix > 0 && mix < 1)) {
      throw new IllegalArgumentException("mix must lie between 0 and 1: " + mix);
    }
  }

  /** A student with graph layers. */
  public StudentSpec(
      InputSpec input,
      List<Integer> widths,
      List<Integer> strides,
      int pool,
      int projection,
      int hidden,
      int classes,
      int neighbours,
      float mix,
      Ranking ranking,
      boolean labels) {
    this(
        input,
        widths,
        strides,
        pool,
        projection,
        hidden,
        classes,
        neighbours,
        mix,
        ranking,
        labels,
        Head.LAYERS);
  }

  private static void bounded(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " must lie in " + min + ".." + max + ": " + value);
    }
  }

  /** The script's {@code keep} when the graph is in use: 1, or 0 for a student that has none. */
  public float keep() {
    return ranking == Ranking.NONE ? 0 : 1;
  }

  /** Width of the pooled features x. */
  public int features() {
    return widths.get(widths.size() - 1) * pool * pool;
  }

  /** Floats of one bank row: the metric vector, and what its image says to others. */
  public int rowLength() {
    return projection + (head == Head.LAYERS ? hidden : 0) + classes;
  }
}
