package io.cnn2gnn.training.stream;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Tracks;
import io.cnn2gnn.training.stream.Player.Played;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What a student makes of a data set that comes as a stream, beside what else could be made of its
 * answers.
 */
public final class StreamStudy {
  /** Classes that the model is not to know, in some scenarios. */
  private static final int HIDDEN = 4;

  /** Labels that should be enough to learn a class from. */
  private static final int SOME = 10;

  private static final int BINS = 15;

  private final Bundle bundle;
  private final ImageSet set;
  private final Device device;

  /** Which track each image is of. */
  private final int[] track;

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
    this.track = IntStream.range(0, set.size()).toArray();
    for (int[] images : Tracks.of(set).all()) {
      Arrays.stream(images).forEach(image -> track[image] = images[0]);
    }
  }

  /**
   * What was measured in a scenario.
   *
   * @param scenario its name
   * @param images that were counted
   * @param figures {@code alone} and {@code graph}, shares of right answers; their {@code gain},
   *     and {@code low} and {@code high}, between which it lies; {@code calibration alone} and
   *     {@code calibration}, the expected calibration errors, in 15 bins. Without labels that of
   *     each filter of the answers alone; with labels {@code nearest}, the share of who answers by
   *     the nearest labelled image, and before there is one as the image alone does. {@code
   *     strayed} is the number of images that were answered in a batch of another size than they
   *     were sent in, if any were
   * @param course of the answers, in the order in which they came
   */
  public record Line(String scenario, int images, Map<String, Double> figures, Course course) {}

  /** Measures all scenarios in this process. */
  public List<Line> run(long seed)
      throws BundleException, AnsweringException, InterruptedException {
    List<Line> lines = new ArrayList<>();
    try (StudentModel model = StudentModel.open(bundle, device, Candidates.BOTH)) {
      Alone alone = Alone.of(model, set);
      for (Scenario scenario : scenarios()) {
        if (scenario.hidden().isEmpty()) {
          lines.addAll(run(model, alone, scenario, seed));
        } else {
          try (StudentModel less = StudentModel.open(known(scenario), device, Candidates.BOTH)) {
            lines.addAll(lines(scenario, played(less, scenario, seed)));
          }
        }
      }
    }
    return lines;
  }

  /**
   * Plays all scenarios to somebody else; the same images come in the same batches, and the same of
   * them are labelled. Only what follows from the answers is measured; the figure {@code labels} is
   * how many images of the stream were labelled.
   */
  public List<Line> run(long seed, Answering.Factory others)
      throws BundleException, AnsweringException, InterruptedException {
    List<Line> lines = new ArrayList<>();
    for (Scenario scenario : scenarios()) {
      try (Answering answering =
          others.open(scenario.name(), known(scenario), set, scenario.batch())) {
        Player.Outcome outcome = play(answering, scenario, seed);
        for (Line line : lines(scenario, outcome)) {
          line.figures().put("labels", (double) outcome.labels());
          lines.add(line);
        }
      }
    }
    return lines;
  }

  private List<Scenario> scenarios() {
    boolean tracks = !Tracks.of(set).isEmpty();
    return Scenario.all(hidden()).stream()
        .filter(scenario -> tracks || scenario.inView() == 0)
        .toList();
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

  /** The student, or one that does not know what is hidden. */
  private Bundle known(Scenario scenario) {
    return scenario.hidden().isEmpty()
        ? bundle
        : BundleAssembly.without(bundle, Set.copyOf(scenario.hidden()), device);
  }

  private Player.Outcome play(Answering answering, Scenario scenario, long seed)
      throws AnsweringException, InterruptedException {
    return new Player(answering, scenario, this::name, seed).play(Stream.of(set, scenario, seed));
  }

  private Player.Outcome played(StudentModel model, Scenario scenario, long seed)
      throws AnsweringException, InterruptedException {
    try (Answering answering = new InProcess(model, set, scenario.batch())) {
      return play(answering, scenario, seed);
    }
  }

  private List<Line> run(StudentModel model, Alone alone, Scenario scenario, long seed)
      throws AnsweringException, InterruptedException {
    Player.Outcome outcome = played(model, scenario, seed);
    List<Line> lines = lines(scenario, outcome);
    if (scenario.labelled() == 0) {
      for (Line line : lines) {
        line.figures().putAll(filters(alone, Stream.of(set, scenario, seed), scenario.batch()));
      }
    }
    return lines;
  }

  /**
   * Of hidden classes the images are counted apart from the others, and once more those that came
   * when some of their class had been labelled.
   */
  private List<Line> lines(Scenario scenario, Player.Outcome outcome) {
    Set<String> classes = Set.copyOf(scenario.hidden());
    Predicate<Played> hidden = one -> classes.contains(name(one.image()));
    List<Line> lines =
        classes.isEmpty()
            ? List.of(line("", scenario, outcome.answers(), one -> true))
            : List.of(
                line(": those", scenario, outcome.answers(), hidden),
                line(
                    ": those of whose class " + SOME + " were labelled",
                    scenario,
                    outcome.answers(),
                    hidden.and(one -> one.labelled() >= SOME)),
                line(": the others", scenario, outcome.answers(), hidden.negate()));
    return lines.stream().filter(line -> line.images() > 0).toList();
  }

  private String name(int image) {
    return set.classes().get(set.labels()[image]);
  }

  private boolean isRight(String label, Played one) {
    return label.equals(name(one.image()));
  }

  private Line line(String part, Scenario scenario, List<Played> all, Predicate<Played> which) {
    List<Played> played = all.stream().filter(which).toList();
    int n = played.size();
    boolean[] alone = new boolean[n];
    boolean[] graph = new boolean[n];
    Bootstrap bootstrap = new Bootstrap(set.size());
    double[][] off = new double[2][BINS];
    int nearest = 0;
    int strayed = 0;
    for (int i = 0; i < n; i++) {
      Played one = played.get(i);
      Score without = one.reply().alone();
      alone[i] = isRight(without.label(), one);
      graph[i] = isRight(one.reply().label(), one);
      bootstrap.add(track[one.image()], alone[i], graph[i]);
      miss(off[0], without.probability(), alone[i]);
      miss(off[1], one.reply().confidence(), graph[i]);
      strayed += one.hasStrayed() ? 1 : 0;
      nearest += isRight(one.reply().nearest().orElse(without.label()), one) ? 1 : 0;
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    double every = Math.max(1, n);
    figures.put("alone", count(alone) / every);
    figures.put("graph", count(graph) / every);
    figures.put("gain", figures.get("graph") - figures.get("alone"));
    Bootstrap.Interval interval = bootstrap.interval();
    figures.put("low", interval.low());
    figures.put("high", interval.high());
    figures.put("calibration alone", Arrays.stream(off[0]).map(Math::abs).sum() / every);
    figures.put("calibration", Arrays.stream(off[1]).map(Math::abs).sum() / every);
    if (played.stream().anyMatch(one -> one.reply().nearest().isPresent())) {
      figures.put("nearest", nearest / every);
    }
    if (strayed > 0) {
      figures.put("strayed", (double) strayed);
    }
    return new Line(scenario.name() + part, n, figures, Course.of(alone, graph));
  }

  private static void miss(double[] off, double confidence, boolean right) {
    off[Math.min(BINS - 1, (int) (confidence * BINS))] += confidence - (right ? 1 : 0);
  }

  private static double count(boolean[] right) {
    int n = 0;
    for (boolean one : right) {
      n += one ? 1 : 0;
    }
    return n;
  }

  /** The share of right answers of each filter. */
  private Map<String, Double> filters(Alone alone, Stream stream, int batch) {
    Map<String, Double> right = new LinkedHashMap<>();
    for (int[] images : stream.sources()) {
      Alone own = alone.of(images);
      new Filters(own.p(), own.v(), batch)
          .all()
          .forEach(
              (filter, answers) -> {
                long hits =
                    IntStream.range(0, images.length)
                        .filter(
                            k -> bundle.card().classes().get(answers[k]).equals(name(images[k])))
                        .count();
                right.merge(filter, (double) hits, Double::sum);
              });
    }
    right.replaceAll((filter, hits) -> hits / stream.size());
    return right;
  }
}
