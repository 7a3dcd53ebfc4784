package io.cnn2gnn.page.map;

import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which images decided which, by what their answers say. Nodes below {@code images} are those
 * images, in their order; the others are neighbours that at least two of them share: prototypes,
 * labelled images and earlier ones.
 *
 * @param nodes how many there are
 * @param known of each image, how sure it is that it is like something whose class somebody has
 *     said: a labelled image or a prototype
 */
public record ImageGraph(int images, int nodes, List<Edge> edges, List<Double> known) {
  /** Of an image: fewer than there are neighbours, as the last ones say little. */
  private static final int MOST_EDGES = 12;

  /** Two images that are this unlikely to be of one class are no neighbours. */
  private static final double LEAST = 0.05;

  public ImageGraph {
    edges = List.copyOf(edges);
    known = List.copyOf(known);
  }

  /**
   * Two nodes that belong together.
   *
   * @param strength how much, in (0, 1]
   */
  public record Edge(int from, int to, double strength) {}

  private record Link(int image, String neighbour, double strength) {}

  private record Pair(int low, int high) {}

  /** Of answers, each of another image. */
  public static ImageGraph of(List<Prediction> answers) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      places.put(answers.get(i).getImageId(), i);
    }
    List<Link> links = new ArrayList<>();
    List<Double> known = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      links.addAll(links(i, answers.get(i)));
      known.add(known(answers.get(i)));
    }
    int nodes = answers.size();
    Map<String, Integer> named = new HashMap<>();
    links.forEach(link -> named.merge(link.neighbour(), 1, Integer::sum));
    Map<Pair, Double> edges = new LinkedHashMap<>();
    for (Link link : links) {
      if (!places.containsKey(link.neighbour()) && named.get(link.neighbour()) > 1) {
        places.put(link.neighbour(), nodes++);
      }
      Integer other = places.get(link.neighbour());
      if (other != null && other != link.image()) {
        Pair pair = new Pair(Math.min(link.image(), other), Math.max(link.image(), other));
        // Either of them may have named the other: that both did makes it surer.
        edges.merge(pair, link.strength(), (a, b) -> a + b - a * b);
      }
    }
    return new ImageGraph(
        answers.size(),
        nodes,
        edges.entrySet().stream()
            .map(e -> new Edge(e.getKey().low(), e.getKey().high(), e.getValue()))
            .toList(),
        known);
  }

  private static List<Link> links(int image, Prediction answer) {
    double most =
        answer.getNeighbours().stream().mapToDouble(n -> finite(n.getWeight())).max().orElse(0);
    return answer.getNeighbours().stream()
        .map(n -> new Link(image, n.getImageId(), strength(n, most)))
        .filter(link -> link.strength() >= LEAST)
        .sorted(Comparator.comparingDouble(Link::strength).reversed())
        .limit(MOST_EDGES)
        .toList();
  }

  /** Models of before say of most neighbours no more than their weight. */
  private static double strength(Neighbour n, double most) {
    double said =
        n.getReliability() != null
            ? finite(n.getReliability())
            : most > 0 ? finite(n.getWeight()) / most : 0;
    return Math.min(1, said);
  }

  private static double known(Prediction answer) {
    if (answer.getDecidedBy() == AnswerSource.LABEL) {
      return 1;
    }
    List<Neighbour> said =
        answer.getNeighbours().stream()
            .filter(
                n ->
                    n.getTier() == NeighbourTier.LABELLED
                        || n.getOrigin() == NeighbourOrigin.PROTOTYPE)
            .toList();
    boolean tell = answer.getNeighbours().stream().allMatch(n -> n.getReliability() != null);
    double known =
        tell
            ? said.stream().mapToDouble(n -> finite(n.getReliability())).max().orElse(0)
            : said.stream().mapToDouble(n -> finite(n.getWeight())).sum();
    return Math.min(1, known);
  }

  private static double finite(float value) {
    return Float.isFinite(value) ? Math.max(0, value) : 0;
  }
}
