package io.cnn2gnn.page.map;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.stream.IntStream;

/**
 * Which points lie together, in the way of DBSCAN: a point with so many others near belongs to
 * their cluster, and what is near it does too.
 */
public final class Clusters {
  /** The number of a point that belongs to none. */
  public static final int NONE = -1;

  private static final int CROWD = 5;

  /** How far near is, in usual distances to the CROWDth other point. */
  private static final double REACH = 2.5;

  private Clusters() {}

  /** The number of each point's cluster, the largest first. */
  public static int[] of(double[] x, double[] y) {
    int n = x.length;
    int[] cluster = new int[n];
    Arrays.fill(cluster, NONE);
    if (n <= CROWD) {
      return cluster;
    }
    double reach = REACH * REACH * usual(x, y);
    int count = 0;
    for (int i = 0; i < n; i++) {
      if (cluster[i] == NONE && near(x, y, i, reach).length > CROWD) {
        grow(x, y, i, reach, cluster, count++);
      }
    }
    return bySize(cluster, count);
  }

  /** The median of the squared distances to the CROWDth nearest. */
  private static double usual(double[] x, double[] y) {
    double[] to =
        IntStream.range(0, x.length)
            .mapToDouble(
                i ->
                    IntStream.range(0, x.length)
                        .mapToDouble(j -> distance(x, y, i, j))
                        .sorted()
                        .skip(CROWD)
                        .findFirst()
                        .orElseThrow())
            .sorted()
            .toArray();
    return to[to.length / 2];
  }

  private static void grow(
      double[] x, double[] y, int first, double reach, int[] cluster, int number) {
    Deque<Integer> open = new ArrayDeque<>();
    cluster[first] = number;
    open.add(first);
    while (!open.isEmpty()) {
      int[] near = near(x, y, open.remove(), reach);
      if (near.length > CROWD) {
        for (int j : near) {
          if (cluster[j] == NONE) {
            cluster[j] = number;
            open.add(j);
          }
        }
      }
    }
  }

  /** The point itself among them. */
  private static int[] near(double[] x, double[] y, int i, double reach) {
    return IntStream.range(0, x.length).filter(j -> distance(x, y, i, j) <= reach).toArray();
  }

  private static double distance(double[] x, double[] y, int i, int j) {
    return (x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j]);
  }

  private static int[] bySize(int[] cluster, int count) {
    int[] sizes = new int[count];
    Arrays.stream(cluster).filter(c -> c != NONE).forEach(c -> sizes[c]++);
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted((a, b) -> sizes[a] == sizes[b] ? a - b : sizes[b] - sizes[a])
            .mapToInt(c -> c)
            .toArray();
    int[] rank = new int[count];
    for (int k = 0; k < count; k++) {
      rank[order[k]] = k;
    }
    return Arrays.stream(cluster).map(c -> c == NONE ? NONE : rank[c]).toArray();
  }
}
