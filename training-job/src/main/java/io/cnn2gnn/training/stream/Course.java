package io.cnn2gnn.training.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * How right answers were from the begin of a stream to its end.
 *
 * @param points one behind each window of images
 */
record Course(List<Point> points) {
  private static final int WINDOW = 250;
  private static final int FEWEST = 4;

  /**
   * A window.
   *
   * @param images from the begin of the stream to the end of the window
   * @param alone share of right answers of images by themselves, in the window
   * @param graph the same with the graph
   */
  record Point(int images, double alone, double graph) {}

  Course {
    points = List.copyOf(points);
  }

  static Course of(boolean[] alone, boolean[] graph) {
    int window = Math.max(1, Math.min(WINDOW, alone.length / FEWEST));
    List<Point> points = new ArrayList<>();
    for (int from = 0; from + window <= alone.length; from += window) {
      points.add(new Point(from + window, share(alone, from, window), share(graph, from, window)));
    }
    return new Course(points);
  }

  private static double share(boolean[] right, int from, int count) {
    int n = 0;
    for (int i = from; i < from + count; i++) {
      n += right[i] ? 1 : 0;
    }
    return (double) n / count;
  }
}
