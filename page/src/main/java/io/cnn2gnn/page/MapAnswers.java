package io.cnn2gnn.page;

import io.cnn2gnn.page.map.Clusters;
import io.cnn2gnn.page.map.ImageGraph;
import io.cnn2gnn.page.map.Layout;
import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.avro.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A map of the last images of a source: those that decided each other lie together. One is drawn at
 * a time.
 */
final class MapAnswers {
  private static final int MOST_IMAGES = 1_000;
  private static final int MOST_CLASSES = 3;

  private final Gallery gallery;
  private final Semaphore drawing = new Semaphore(1);
  private volatile Optional<Drawn> last = Optional.empty();

  MapAnswers(Gallery gallery) {
    this.gallery = gallery;
  }

  /** A map of the images up to the one of this number. */
  private record Drawn(String source, long number, Reply reply) {}

  /**
   * An image.
   *
   * @param label its class, by its place among the classes
   * @param known how sure it is that it is like something whose class somebody has said
   * @param cluster its place among the clusters; -1 for none
   */
  record Point(String place, double x, double y, int label, double known, int cluster) {}

  /** Images of a class. */
  record Share(String label, int images) {}

  /**
   * Images that lie together.
   *
   * @param known share of them that are more likely than not like something whose class somebody
   *     has said
   * @param middle the image that is nearest to their middle
   */
  record Cluster(int images, List<Share> classes, double confidence, double known, String middle) {}

  /** All of it; classes are those of most images first. */
  record Body(int images, List<Share> classes, List<Point> points, List<Cluster> clusters) {}

  /** Draws it. */
  Reply map(Map<String, String> query) {
    String source = query.getOrDefault("source", "");
    List<Shown> newest =
        gallery.latest(
            answer ->
                answer.place().isPresent()
                    && (source.isEmpty() || Views.sourceOf(answer).equals(source)),
            2 * MOST_IMAGES);
    long number = newest.isEmpty() ? 0 : newest.get(0).number();
    Optional<Drawn> known =
        last.filter(one -> one.source().equals(source) && one.number() == number);
    if (known.isPresent()) {
      return known.get().reply();
    }
    if (!drawing.tryAcquire()) {
      return Reply.problem(503, "another map is being drawn: ask again");
    }
    try {
      Reply reply = Reply.json(200, draw(newest));
      last = Optional.of(new Drawn(source, number, reply));
      return reply;
    } finally {
      drawing.release();
    }
  }

  /** Of the newest images, each once. */
  static Body draw(List<Shown> newestFirst) {
    Set<String> ids = new HashSet<>();
    List<Shown> images =
        newestFirst.stream()
            .filter(one -> ids.add(one.prediction().getImageId()))
            .limit(MOST_IMAGES)
            .toList();
    List<Prediction> answers = images.stream().map(Shown::prediction).toList();
    ImageGraph graph = ImageGraph.of(answers);
    Layout layout = Layout.of(graph);
    double[] x = Arrays.copyOf(layout.x(), images.size());
    double[] y = Arrays.copyOf(layout.y(), images.size());
    int[] cluster = Clusters.of(x, y);
    List<Share> classes = shares(answers, Integer.MAX_VALUE);
    List<String> order = classes.stream().map(Share::label).toList();
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      points.add(
          new Point(
              images.get(i).place().map(Place::toString).orElse(""),
              rounded(x[i]),
              rounded(y[i]),
              order.indexOf(Printable.of(answers.get(i).getLabel())),
              rounded(graph.known().get(i)),
              cluster[i]));
    }
    List<Cluster> clusters = new ArrayList<>();
    int count = Arrays.stream(cluster).max().orElse(Clusters.NONE) + 1;
    for (int c = 0; c < count; c++) {
      int number = c;
      int[] members =
          IntStream.range(0, cluster.length).filter(i -> cluster[i] == number).toArray();
      clusters.add(cluster(members, images, points));
    }
    return new Body(images.size(), classes, points, clusters);
  }

  private static Cluster cluster(int[] members, List<Shown> images, List<Point> points) {
    double x = Arrays.stream(members).mapToDouble(i -> points.get(i).x()).average().orElse(0);
    double y = Arrays.stream(members).mapToDouble(i -> points.get(i).y()).average().orElse(0);
    int middle =
        Arrays.stream(members)
            .boxed()
            .min(
                Comparator.comparingDouble(
                    i -> Math.hypot(points.get(i).x() - x, points.get(i).y() - y)))
            .orElseThrow();
    return new Cluster(
        members.length,
        shares(
            Arrays.stream(members).mapToObj(i -> images.get(i).prediction()).toList(),
            MOST_CLASSES),
        Arrays.stream(members).mapToDouble(i -> images.get(i).confidence()).average().orElse(0),
        Arrays.stream(members).filter(i -> points.get(i).known() >= 0.5).count()
            / (double) members.length,
        points.get(middle).place());
  }

  private static List<Share> shares(List<Prediction> answers, int most) {
    Map<String, Long> counts =
        answers.stream()
            .map(answer -> Printable.of(answer.getLabel()))
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .sorted(Collections.reverseOrder(Map.Entry.comparingByValue()))
        .limit(most)
        .map(one -> new Share(one.getKey(), one.getValue().intValue()))
        .toList();
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
