package io.cnn2gnn.training.stream;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Tracks;
import io.cnn2gnn.training.stream.Player.Played;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What a student makes of a data set that comes as a stream, beside what else could be made of its
 * answers.
 */
public final class StreamStudy {
  private static final int BATCH = 64;

  /** Classes that the model is not to know, in some scenarios. */
  private static final int HIDDEN = 4;

  private static final int BINS = 15;

  private final Bundle bundle;
  private final ImageSet set;
  private final Device device;

  /**
   * Of a student.
   *
   * @param set labelled images that it was not trained on; without {@link Tracks} there are only
   *     the scenarios in which images come in any order
   */
  public StreamStudy(Bundle bundle, ImageSet set, Device device) {
    this.bundle = bundle;
    this.set = set;
    this.device = device;
  }

  /**
   * What was measured in a scenario.
   *
   * @param scenario its name
   * @param images that were counted
   * @param figures {@code alone} and {@code graph}, shares of right answers; {@code calibration},
   *     the expected calibration error of the graph's, in 15 bins; and the share of each filter of
   *     the answers alone
   */
  public record Line(String scenario, int images, Map<String, Double> figures) {}

  /** Measures all scenarios. */
  public List<Line> run(long seed) throws BundleException {
    List<Line> lines = new ArrayList<>();
    boolean tracks = !Tracks.of(set).isEmpty();
    List<String> hidden = hidden();
    for (Scenario scenario : Scenario.all(hidden)) {
      if (tracks || scenario.inView() == 0) {
        run(scenario, seed).stream().filter(line -> line.images() > 0).forEach(lines::add);
      }
    }
    return lines;
  }

  /** Evenly spaced over the classes; none where hardly any would be left. */
  private List<String> hidden() {
    List<String> classes = bundle.card().classes();
    return classes.size() < 2 * HIDDEN
        ? List.of()
        : IntStream.range(0, HIDDEN)
            .mapToObj(k -> classes.get((2 * k + 1) * classes.size() / (2 * HIDDEN)))
            .toList();
  }

  private List<Line> run(Scenario scenario, long seed) throws BundleException {
    boolean hides = !scenario.hidden().isEmpty();
    Bundle known =
        hides ? BundleAssembly.without(bundle, Set.copyOf(scenario.hidden()), device) : bundle;
    try (StudentModel model = StudentModel.open(known, device, Candidates.BOTH)) {
      Stream stream = Stream.of(set, scenario, seed);
      List<Played> played = new Player(model, set, scenario, seed).play(stream);
      if (hides) {
        return List.of(
            line(
                scenario.name() + ": those",
                played,
                image -> scenario.hidden().contains(name(image)),
                Map.of()),
            line(
                scenario.name() + ": the others",
                played,
                image -> !scenario.hidden().contains(name(image)),
                Map.of()));
      }
      Map<String, Double> filters =
          scenario.labelled() > 0 ? Map.of() : filters(model, stream, scenario.batch());
      return List.of(line(scenario.name(), played, image -> true, filters));
    }
  }

  private String name(int image) {
    return set.classes().get(set.labels()[image]);
  }

  private Line line(
      String name, List<Played> played, IntPredicate which, Map<String, Double> filters) {
    int n = 0;
    int graph = 0;
    int alone = 0;
    double[] off = new double[BINS];
    for (Played one : played) {
      if (which.test(one.image())) {
        n++;
        boolean right = one.answer().label().equals(name(one.image()));
        graph += right ? 1 : 0;
        alone += one.answer().labels().without().label().equals(name(one.image())) ? 1 : 0;
        int bin = Math.min(BINS - 1, (int) (one.answer().confidence() * BINS));
        off[bin] += one.answer().confidence() - (right ? 1 : 0);
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    double all = Math.max(1, n);
    figures.put("alone", alone / all);
    figures.put("graph", graph / all);
    figures.put("calibration", Arrays.stream(off).map(Math::abs).sum() / all);
    figures.putAll(filters);
    return new Line(name, n, figures);
  }

  /** The share of right answers of each filter. */
  private Map<String, Double> filters(StudentModel model, Stream stream, int batch) {
    Map<String, Double> right = new LinkedHashMap<>();
    for (int[] images : stream.sources()) {
      double[][] p = new double[images.length][];
      float[][] v = new float[images.length][];
      for (int from = 0; from < images.length; from += BATCH) {
        List<Query> queries =
            Arrays.stream(images, from, Math.min(images.length, from + BATCH))
                .mapToObj(
                    i -> new Query(Integer.toString(i), set.samples(i, i + 1), Optional.empty()))
                .toList();
        List<double[]> alone = model.alone(queries);
        List<float[]> vectors = model.embed(queries);
        for (int k = 0; k < queries.size(); k++) {
          p[from + k] = alone.get(k);
          v[from + k] = vectors.get(k);
        }
      }
      new Filters(p, v, batch)
          .all()
          .forEach(
              (filter, answers) -> {
                long hits =
                    IntStream.range(0, images.length)
                        .filter(k -> model.card().classes().get(answers[k]).equals(name(images[k])))
                        .count();
                right.merge(filter, (double) hits, Double::sum);
              });
    }
    right.replaceAll((filter, hits) -> hits / stream.size());
    return right;
  }
}
