package io.cnn2gnn.page.map;

import io.cnn2gnn.page.map.ImageGraph.Edge;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Places of a graph's nodes in two dimensions, in the way of UMAP (arXiv 1802.03426): edges pull
 * their ends together, in proportion to their strength, and others that are drawn at random push a
 * node away. The same graph has the same places.
 *
 * @param x of each node, in [0, 1]
 * @param y likewise
 */
public record Layout(double[] x, double[] y) {
  private static final long SEED = 1;

  /** Over how many edges a first, random place is smoothed, so that clusters begin apart. */
  private static final int SMOOTHED = 20;

  private static final int ROUNDS = 200;
  private static final int PUSHES = 8;
  private static final double SIDE = 10;

  /** Keeps what belongs to nothing from drifting away, so that the rest has room. */
  private static final double GRAVITY = 0.02;

  private static final double FARTHEST_STEP = 4;

  /** Of a graph. */
  public static Layout of(ImageGraph graph) {
    Random random = new Random(SEED);
    double[] x = begin(graph, random);
    double[] y = begin(graph, random);
    pull(graph.edges(), x, y, random);
    fit(x, y);
    return new Layout(x, y);
  }

  private static double[] begin(ImageGraph graph, Random random) {
    double[] at = random.doubles(graph.nodes(), -1, 1).toArray();
    for (int step = 0; step < SMOOTHED; step++) {
      double[] sum = at.clone();
      double[] weight = new double[at.length];
      Arrays.fill(weight, 1);
      for (Edge edge : graph.edges()) {
        sum[edge.from()] += edge.strength() * at[edge.to()];
        sum[edge.to()] += edge.strength() * at[edge.from()];
        weight[edge.from()] += edge.strength();
        weight[edge.to()] += edge.strength();
      }
      for (int i = 0; i < at.length; i++) {
        at[i] = sum[i] / weight[i];
      }
    }
    double mean = Arrays.stream(at).average().orElse(0);
    double spread =
        Math.sqrt(Arrays.stream(at).map(v -> (v - mean) * (v - mean)).average().orElse(0));
    for (int i = 0; i < at.length; i++) {
      // What is smoothed to one place would stay there.
      at[i] = SIDE * ((at[i] - mean) / Math.max(spread, 1e-9) + 0.05 * random.nextGaussian());
    }
    return at;
  }

  private static void pull(List<Edge> edges, double[] x, double[] y, Random random) {
    double strongest = edges.stream().mapToDouble(Edge::strength).max().orElse(1);
    double[] due = new double[edges.size()];
    for (int round = 0; round < ROUNDS; round++) {
      double rate = 1 - (double) round / ROUNDS;
      for (int e = 0; e < due.length; e++) {
        Edge edge = edges.get(e);
        due[e] += edge.strength() / strongest;
        if (due[e] >= 1) {
          due[e]--;
          move(x, y, edge.from(), edge.to(), true, rate);
        }
      }
      for (int i = 0; i < x.length; i++) {
        for (int k = 0; k < PUSHES; k++) {
          move(x, y, i, random.nextInt(x.length), false, rate);
        }
        x[i] -= rate * GRAVITY * x[i];
        y[i] -= rate * GRAVITY * y[i];
      }
    }
  }

  /** Along the gradient of log q or log (1 - q), q = 1 / (1 + d²). */
  private static void move(
      double[] x, double[] y, int node, int other, boolean together, double rate) {
    if (node == other) {
      return;
    }
    double dx = x[node] - x[other];
    double dy = y[node] - y[other];
    double d = dx * dx + dy * dy;
    double force = together ? -2 / (1 + d) : 2 / ((0.001 + d) * (1 + d));
    double stepX = rate * step(force * dx);
    double stepY = rate * step(force * dy);
    x[node] += stepX;
    y[node] += stepY;
    if (together) {
      x[other] -= stepX;
      y[other] -= stepY;
    }
  }

  private static double step(double wanted) {
    return Math.max(-FARTHEST_STEP, Math.min(FARTHEST_STEP, wanted));
  }

  /** Into the unit square, by one scale. */
  private static void fit(double[] x, double[] y) {
    double left = Arrays.stream(x).min().orElse(0);
    double top = Arrays.stream(y).min().orElse(0);
    double width = Arrays.stream(x).max().orElse(0) - left;
    double height = Arrays.stream(y).max().orElse(0) - top;
    double side = Math.max(1e-9, Math.max(width, height));
    for (int i = 0; i < x.length; i++) {
      x[i] = (x[i] - left + (side - width) / 2) / side;
      y[i] = (y[i] - top + (side - height) / 2) / side;
    }
  }
}
