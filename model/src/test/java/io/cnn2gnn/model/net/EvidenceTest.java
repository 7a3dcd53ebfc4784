package io.cnn2gnn.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.graph.GraphHead;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.torch.NetworkPart;
import io.cnn2gnn.model.torch.Parameters;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The script beside the equations, in loops over doubles. */
class EvidenceTest {
  private static final int S = 2;
  private static final int KNOWN_CLASSES = 2;

  /** Everything that a batch is answered with; vectors are angles of unit vectors, in degrees. */
  private record Scene(
      double[] batch,
      double[][] z,
      int[] known,
      double[] told,
      int[] toldLabels,
      int[] mistaken,
      double[] shown,
      int[] shownLabels,
      double[] heard,
      double[][] answers,
      long[] own,
      long[] heardFrom,
      int fresh) {
    int classes() {
      return KNOWN_CLASSES + fresh;
    }

    /** The same with other labelled rows. */
    Scene with(double[] rows, int[] labels, int[] wrong) {
      return new Scene(
          batch,
          z,
          known,
          rows,
          labels,
          wrong,
          shown,
          shownLabels,
          heard,
          answers,
          own,
          heardFrom,
          fresh);
    }
  }

  /**
   * Three images; a label that the model does not know; rows of another source that do not count.
   */
  private static Scene scene() {
    return new Scene(
        new double[] {0, 20, 75},
        new double[][] {{1.5, -0.5}, {-0.25, 0.75}, {0.5, 0.25}},
        new int[] {0, 2, 0},
        new double[] {8, 25, 31, 170},
        new int[] {1, 2, 0, 1},
        new int[] {1, 1, -1, 0},
        new double[] {5, 70, 84, 11, 17, 30, 61, 40},
        new int[] {0, 1, 1, 0, 1, 1, 0, 1},
        new double[] {12, 65, 74, 3},
        new double[][] {{0.7, 0.2, 0.1}, {0.1, 0.8, 0.1}, {0.3, 0.3, 0.4}, {0, 1, 0}},
        new long[] {1, 1, 2},
        new long[] {1, 2, 2, 3},
        1);
  }

  private static Map<String, double[]> parameters() {
    Map<String, double[]> all = new LinkedHashMap<>();
    double shift = 0;
    for (String tier : List.of("told", "shown", "heard")) {
      all.put(tier + "_reach", new double[] {Math.log(0.9) + shift});
      all.put(tier + "_a", new double[] {1.5 - shift});
      all.put(tier + "_b", new double[] {Math.log(4) + shift});
      all.put(tier + "_strength", new double[] {-0.3 + shift});
      shift += 0.1;
    }
    all.put("told_open", new double[] {0.3});
    all.put("heat", new double[] {0.2});
    all.put("fresh", new double[] {-2});
    all.put("own_strength", new double[] {-0.5});
    all.put("heard_overlap", new double[] {-0.4});
    all.put("told_wrong", new double[] {0.1});
    all.put("doubt", new double[] {-1});
    all.put("doubt_wrong", new double[] {0.3});
    all.put("doubt_right", new double[] {-0.5});
    return all;
  }

  private record Edges(int[] rows, double[] p, double[] r, double[] strengths) {}

  private static double distance(double a, double b) {
    return 2 - 2 * Math.cos(Math.toRadians(a - b));
  }

  private static Edges edges(
      Map<String, double[]> t, String tier, double at, double[] rows, boolean[] candidates) {
    int s = tier.equals("told") ? S : 3 * S;
    double reach = Math.exp(t.get(tier + "_reach")[0]);
    int[] order =
        IntStream.range(0, rows.length)
            .filter(j -> candidates[j])
            .boxed()
            .sorted(Comparator.comparingDouble(j -> distance(at, rows[j])))
            .mapToInt(j -> j)
            .toArray();
    int k = Math.min(s, order.length);
    boolean crowded = order.length > s && distance(at, rows[order[s]]) < reach;
    double threshold = crowded ? distance(at, rows[order[s]]) : reach;
    double[] p = new double[k];
    double[] r = new double[k];
    for (int j = 0; j < k; j++) {
      double d = distance(at, rows[order[j]]);
      p[j] = Math.max(0, threshold - d);
      r[j] = 0.98 / (1 + Math.exp(Math.exp(t.get(tier + "_b")[0]) * d - t.get(tier + "_a")[0]));
    }
    double sum = Arrays.stream(p).sum();
    double total = crowded ? sum : Math.max(reach / 4, sum);
    double[] strengths = new double[k];
    Arrays.fill(strengths, Math.exp(t.get(tier + "_strength")[0]));
    return new Edges(
        Arrays.copyOf(order, k), Arrays.stream(p).map(g -> g / total).toArray(), r, strengths);
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** How far the model is mistaken of what an image shows, by the nearest labelled rows. */
  private static double doubt(Map<String, double[]> t, double at, Scene s) {
    double[] nearest =
        IntStream.range(0, s.told().length)
            .boxed()
            .sorted(Comparator.comparingDouble(j -> distance(at, s.told()[j])))
            .limit(3 * S)
            .mapToDouble(
                j -> {
                  double d = distance(at, s.told()[j]);
                  double r = 0.98 * logistic(t.get("told_a")[0] - Math.exp(t.get("told_b")[0]) * d);
                  return switch (s.mistaken()[j]) {
                    case 1 -> r * Math.exp(t.get("doubt_wrong")[0]);
                    case -1 -> -r * Math.exp(t.get("doubt_right")[0]);
                    default -> 0;
                  };
                })
            .toArray();
    double before = t.get("doubt")[0];
    double more = logistic(before + Arrays.stream(nearest).sum()) - logistic(before);
    return 0.98 * Math.max(0, more);
  }

  /** Labelled neighbours, of which those of a new class have a strength of their own. */
  private static Edges told(Map<String, double[]> t, double at, Scene s) {
    Edges edges = edges(t, "told", at, s.told(), all(s.told().length));
    double doubt = doubt(t, at, s);
    double open = Math.exp(t.get("told_open")[0]);
    for (int j = 0; j < edges.rows().length; j++) {
      int row = edges.rows()[j];
      double alike = Math.exp(t.get(s.mistaken()[row] > 0 ? "told_wrong" : "told_strength")[0]);
      edges.strengths()[j] =
          s.toldLabels()[row] >= KNOWN_CLASSES ? open : (1 - doubt) * alike + doubt * open;
    }
    return edges;
  }

  private static void add(double[] logits, Edges edges, double[][] q) {
    int classes = logits.length;
    for (int j = 0; j < edges.p().length; j++) {
      for (int c = 0; c < classes; c++) {
        double said = edges.r()[j] * q[edges.rows()[j]][c] + (1 - edges.r()[j]) / classes;
        logits[c] += edges.strengths()[j] * edges.p()[j] * Math.log(classes * said);
      }
    }
  }

  private static double[] logs(double[] logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(z -> z - Math.log(sum)).toArray();
  }

  private static double[] label(int label, int classes) {
    double[] q = new double[classes];
    Arrays.fill(q, 0.02 / classes);
    q[label] += 0.98;
    return q;
  }

  private static double[][] labels(int[] labels, int classes) {
    return Arrays.stream(labels).mapToObj(y -> label(y, classes)).toArray(double[][]::new);
  }

  private static boolean[] all(int count) {
    boolean[] all = new boolean[count];
    Arrays.fill(all, true);
    return all;
  }

  /** Log probabilities of each image. */
  private static double[][] expected(Scene s, Map<String, double[]> t) {
    double[][] first = first(s, t);
    double[][] second = round(s, t, first, first);
    return round(s, t, first, second);
  }

  /** Before the recent images speak. */
  private static double[][] first(Scene s, Map<String, double[]> t) {
    int b = s.batch().length;
    int classes = s.classes();
    double[][] first = new double[b][];
    for (int i = 0; i < b; i++) {
      double doubt = doubt(t, s.batch()[i], s);
      double[] logits =
          Arrays.stream(prior(s, t, i))
              .map(log -> Math.log((1 - doubt) * Math.exp(log) + doubt / classes))
              .toArray();
      addTold(logits, s, t, i);
      double[] shown = shown(s, t, i);
      for (int c = 0; c < classes; c++) {
        logits[c] += (1 - doubt) * shown[c];
      }
      first[i] = logs(logits);
    }
    return first;
  }

  /** Log probabilities of an image by itself. */
  private static double[] prior(Scene s, Map<String, double[]> t, int i) {
    double heat = Math.exp(t.get("heat")[0] + t.get("own_strength")[0]);
    double[] own = logs(Arrays.stream(s.z()[i]).map(z -> z * heat).toArray());
    double unknown = logistic(t.get("fresh")[0]);
    return IntStream.range(0, s.classes())
        .mapToDouble(
            c ->
                c < KNOWN_CLASSES
                    ? own[c] + (s.fresh() > 0 ? Math.log(1 - unknown) : 0)
                    : Math.log(unknown / s.fresh()))
        .toArray();
  }

  private static void addTold(double[] logits, Scene s, Map<String, double[]> t, int i) {
    add(logits, told(t, s.batch()[i], s), labels(s.toldLabels(), s.classes()));
  }

  /** What prototypes say where nobody is doubted. */
  private static double[] shown(Scene s, Map<String, double[]> t, int i) {
    double[] shown = new double[s.classes()];
    add(
        shown,
        edges(t, "shown", s.batch()[i], s.shown(), all(s.shown().length)),
        labels(s.shownLabels(), s.classes()));
    return shown;
  }

  private static double[][] round(
      Scene s, Map<String, double[]> t, double[][] first, double[][] said) {
    double[][] result = new double[s.batch().length][];
    for (int i = 0; i < result.length; i++) {
      result[i] = hearing(t, first[i], heard(s, t, i), answers(s, said));
    }
    return result;
  }

  /** Log probabilities of an image that was known as first and hears recent ones. */
  private static double[] hearing(
      Map<String, double[]> t, double[] first, Edges edges, double[][] q) {
    double[] logits = first.clone();
    add(logits, edges, q);
    double share = share(t, edges);
    return logs(Arrays.stream(logits).map(z -> z * share).toArray());
  }

  private static double share(Map<String, double[]> t, Edges edges) {
    double said =
        IntStream.range(0, edges.p().length).mapToDouble(j -> edges.p()[j] * edges.r()[j]).sum();
    return Math.exp(-Math.exp(t.get("heard_overlap")[0]) * said);
  }

  /** What is known of batch mates and of the bank's rows. */
  private static double[][] answers(Scene s, double[][] said) {
    int b = s.batch().length;
    double[][] q = new double[b + s.heard().length][];
    for (int j = 0; j < q.length; j++) {
      q[j] =
          j >= b
              ? s.answers()[j - b]
              : s.known()[j] > 0
                  ? label(s.known()[j] - 1, s.classes())
                  : Arrays.stream(said[j]).map(Math::exp).toArray();
    }
    return q;
  }

  private static Edges heard(Scene s, Map<String, double[]> t, int i) {
    int b = s.batch().length;
    double[] rows = Stream.of(s.batch(), s.heard()).flatMapToDouble(Arrays::stream).toArray();
    boolean[] candidates = new boolean[rows.length];
    for (int j = 0; j < rows.length; j++) {
      long from = j < b ? s.own()[j] : s.heardFrom()[j - b];
      candidates[j] = j != i && from == s.own()[i];
    }
    return edges(t, "heard", s.batch()[i], rows, candidates);
  }

  /** Log probabilities of an image without each tier. */
  private static double[][] leftOut(Scene s, Map<String, double[]> t, int i) {
    int classes = s.classes();
    double[][] first = first(s, t);
    double[][] second = round(s, t, first, first);
    Edges heard = heard(s, t, i);
    double[] shown = shown(s, t, i);
    double[] prior = prior(s, t, i);
    double doubt = doubt(t, s.batch()[i], s);
    double[] whole = round(s, t, first, second)[i];
    double share = share(t, heard);
    double[][] q = answers(s, second);
    int b = s.batch().length;
    return new double[][] {
      logs(
          IntStream.range(0, classes)
              .mapToDouble(c -> whole[c] + share * (prior[c] + shown[c] - first[i][c]))
              .toArray()),
      logs(
          IntStream.range(0, classes)
              .mapToDouble(c -> whole[c] - share * (1 - doubt) * shown[c])
              .toArray()),
      hearing(t, first[i], only(heard, j -> j < b), q),
      hearing(t, first[i], only(heard, j -> j >= b), q)
    };
  }

  /** The same edges, but others weigh nothing. */
  private static Edges only(Edges edges, IntPredicate rows) {
    double[] p = edges.p().clone();
    for (int j = 0; j < p.length; j++) {
      p[j] = rows.test(edges.rows()[j]) ? p[j] : 0;
    }
    return new Edges(edges.rows(), p, edges.r(), edges.strengths());
  }

  private static ScriptModule script(Map<String, double[]> values) {
    StudentSpec spec = Specs.small(Ranking.LEARNED, false, Head.EVIDENCE);
    List<NetworkPart> parts =
        List.of(
            new GraphHead(Ranking.LEARNED, S, Candidates.BOTH),
            new Evidence(spec, Candidates.BOTH));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> tensors.put(name, new Tensor(new long[] {1}, Differences.floats(value))));
    ScriptModule module = Parameters.of(parts).define(new ScriptModule(), tensors);
    parts.forEach(part -> module.methods(part.scripts()));
    return module;
  }

  private static NDArray vectors(NDManager scope, double[] degrees) {
    float[] v = new float[2 * degrees.length];
    for (int i = 0; i < degrees.length; i++) {
      v[2 * i] = (float) Math.cos(Math.toRadians(degrees[i]));
      v[2 * i + 1] = (float) Math.sin(Math.toRadians(degrees[i]));
    }
    return scope.create(v, new Shape(degrees.length, 2));
  }

  private static NDArray matrix(NDManager scope, double[][] rows, int width) {
    return scope.create(
        Differences.floats(Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray()),
        new Shape(rows.length, width));
  }

  private static NDArray numbers(NDManager scope, int[] values) {
    return values.length == 0
        ? scope.zeros(new Shape(0), DataType.INT64)
        : scope.create(Arrays.stream(values).asLongStream().toArray());
  }

  private static NDArray[] arguments(NDManager scope, Scene s) {
    return new NDArray[] {
      matrix(scope, s.z(), KNOWN_CLASSES),
      vectors(scope, s.batch()),
      numbers(scope, s.known()),
      vectors(scope, s.told()),
      numbers(scope, s.toldLabels()),
      numbers(scope, s.mistaken()),
      scope.zeros(new Shape(0), DataType.INT64),
      vectors(scope, s.shown()),
      numbers(scope, s.shownLabels()),
      vectors(scope, s.heard()),
      matrix(scope, s.answers(), s.classes()),
      scope.create(s.own()),
      scope.create(s.heardFrom()),
      scope.zeros(new Shape(s.fresh()))
    };
  }

  private static double[][] answers(Scene scene) {
    return answers(scene, parameters());
  }

  private static double[][] answers(Scene scene, Map<String, double[]> parameters) {
    try (TorchModule module = TorchModule.frozen(script(parameters), Torch.device("cpu"));
        NDManager scope = module.newManager()) {
      NDList out = module.run("evidence", arguments(scope, scene));
      double[] flat = Differences.doubles(out.get(0).toFloatArray());
      int classes = scene.classes();
      return IntStream.range(0, flat.length / classes)
          .mapToObj(i -> Arrays.copyOfRange(flat, i * classes, (i + 1) * classes))
          .toArray(double[][]::new);
    }
  }

  private static void assertAnswers(Scene scene) {
    assertAnswers(scene, parameters());
  }

  private static void assertAnswers(Scene scene, Map<String, double[]> parameters) {
    double[][] expected = expected(scene, parameters);
    double[][] answers = answers(scene, parameters);
    for (int i = 0; i < expected.length; i++) {
      assertThat(answers[i]).as("image " + i).containsExactly(expected[i], within(2e-5));
    }
  }

  private static Scene alone(int fresh) {
    return alone(new double[] {1, 2}, fresh);
  }

  private static Scene alone(double[] z, int fresh) {
    return new Scene(
        new double[] {10},
        new double[][] {z},
        new int[] {0},
        new double[0],
        new int[0],
        new int[0],
        new double[0],
        new int[0],
        new double[0],
        new double[0][],
        new long[] {1},
        new long[0],
        fresh);
  }

  @Test
  void answersAreThoseOfTheEquations() {
    assertAnswers(scene());
  }

  @Test
  void withoutATierAnAnswerIsWhatTheOthersMakeOfIt() {
    StudentSpec spec = Specs.small(Ranking.LEARNED, false, Head.EVIDENCE);
    ScriptModule module =
        script(parameters())
            .methods(Script.of(Student.class, "evidence_left_out.py"))
            .methods(
                Script.of(EvidenceTest.class, "evidence_left_out_forward.py")
                    .with("MANY", 3 * spec.neighbours()));
    Scene scene = scene();
    try (TorchModule frozen = TorchModule.frozen(module, Torch.device("cpu"));
        NDManager scope = frozen.newManager()) {
      NDList out = frozen.run("forward", arguments(scope, scene));
      long[] classes = out.get(0).toLongArray();
      float[] sure = out.get(1).toFloatArray();
      for (int i = 0; i < scene.batch().length; i++) {
        double[][] expected = leftOut(scene, parameters(), i);
        for (int tier = 0; tier < expected.length; tier++) {
          double best = Arrays.stream(expected[tier]).max().orElseThrow();
          int at = i * expected.length + tier;
          assertThat(expected[tier][(int) classes[at]]).as(i + "/" + tier).isEqualTo(best);
          assertThat((double) sure[at]).isEqualTo(Math.exp(best), within(2e-5));
        }
      }
    }
  }

  @Test
  void aLoneImageWithoutAnyRowsKeepsItsOwnAnswer() {
    assertAnswers(alone(0));
    double heat = Math.exp(parameters().get("heat")[0] + parameters().get("own_strength")[0]);
    assertThat(answers(alone(0))[0])
        .containsExactly(logs(new double[] {heat, 2 * heat}), within(1e-6));
  }

  @Test
  void whereAllRowsAreAlikeThoseOfLowestIndexWeighTheSame() {
    Scene one = alone(0);
    Scene alike =
        one.with(new double[] {10, 10, 10, 10, 10}, new int[] {1, 1, 1, 1, 1}, new int[5]);
    double[] expected = expected(one, parameters())[0];
    Map<String, double[]> t = parameters();
    double r = 0.98 / (1 + Math.exp(-t.get("told_a")[0]));
    double[][] q = {label(1, 2)};
    double[] strength = {Math.exp(-0.3)};
    add(expected, new Edges(new int[] {0}, new double[] {1}, new double[] {r}, strength), q);
    assertThat(answers(alike)[0]).containsExactly(logs(expected), within(1e-4));
  }

  @Test
  void thousandsOfRowsAreSearchedToTheSameAnswers() {
    Random random = new Random(4);
    Scene one = scene();
    // All but a few lie far off: where thousands are near, float32 cannot tell which are nearest.
    double[] many = random.doubles(6000, 150, 290).toArray();
    int[] labels = random.ints(6000, 0, 3).toArray();
    int[] mistaken = random.ints(6000, -1, 2).toArray();
    System.arraycopy(one.told(), 0, many, 3000, 3);
    assertAnswers(one.with(many, labels, mistaken));
  }

  @Test
  void gradientsOfEveryParameterAreThoseOfTheEquations() {
    Scene scene = scene();
    int[] labels = {1, 2, 0};
    Map<String, double[]> gradients =
        Differences.byAutograd(
            script(parameters()).methods(Script.of(EvidenceTest.class, "evidence_forward.py")),
            scope ->
                Stream.concat(Stream.of(arguments(scope, scene)), Stream.of(numbers(scope, labels)))
                    .toArray(NDArray[]::new));
    Map<String, double[]> values = parameters();
    assertThat(gradients).containsOnlyKeys(values.keySet());
    // It learns by the loss of the image's own answer alone.
    assertThat(gradients.remove("heat")).containsExactly(0);
    gradients.forEach(
        (name, gradient) -> {
          double[] expected =
              Differences.of(
                  moved -> {
                    Map<String, double[]> others = new LinkedHashMap<>(values);
                    others.put(name, moved);
                    double[][] logs = expected(scene, others);
                    return -IntStream.range(0, labels.length)
                        .mapToDouble(i -> logs[i][labels[i]])
                        .sum();
                  },
                  values.get(name));
          assertThat(gradient).as(name).containsExactly(expected, within(2e-4));
        });
  }

  @Test
  void whereTheModelWasMistakenLabelsDecide() {
    Scene one = alone(new double[] {0, 6}, 0);
    double[] near = {9, 10.5, 11, 9.5, 10, 8};
    Scene sure = one.with(near, new int[6], new int[6]);
    Scene lost = one.with(near, new int[6], new int[] {1, 1, 1, 1, 1, 1});
    assertAnswers(lost);
    // All six are of class 0. The image's own answer is class 1.
    assertThat(answers(sure)[0][0]).isLessThan(answers(lost)[0][0] - 0.5);
  }

  @Test
  void aStudentOfBeforeModelsWereDoubtedAnswersAsBefore() {
    StudentSpec spec = Specs.small(Ranking.LEARNED, false, Head.EVIDENCE);
    Map<String, Tensor> before = new LinkedHashMap<>(Student.initial(spec, 1));
    before.keySet().removeAll(List.of("told_wrong", "doubt", "doubt_wrong", "doubt_right"));
    before.put("told_strength", Tensor.filled(-0.3f, 1));
    Map<String, Tensor> completed = Evidence.completed(before);
    assertThat(completed.get("told_wrong").data()).containsExactly(-0.3f);
    // However many say that the model is mistaken, and however sure it is.
    Map<String, double[]> none = parameters();
    List.of("told_wrong", "doubt", "doubt_wrong", "doubt_right")
        .forEach(name -> none.put(name, new double[] {completed.get(name).data()[0]}));
    double[] near = IntStream.range(0, 24).mapToDouble(i -> 11 + 0.4 * i).toArray();
    int[] mistaken = new int[24];
    Arrays.fill(mistaken, 1);
    double[] sure = {0, 60};
    Scene asked = alone(sure, 0).with(near, new int[24], mistaken);
    Scene unasked = asked.with(near, new int[24], new int[24]);
    assertThat(answers(asked, none)[0]).containsExactly(answers(unasked, none)[0]);
    assertThat(answers(asked, none)[0]).containsExactly(first(unasked, none)[0], within(1e-3));
  }

  /** Students of before these two were learned. */
  @Test
  void withoutOwnStrengthAndOverlapTheSumCountsInFull() {
    Map<String, double[]> none = parameters();
    none.put("own_strength", new double[] {0});
    none.put("heard_overlap", new double[] {-40});
    StudentSpec spec = Specs.small(Ranking.LEARNED, false, Head.EVIDENCE);
    Map<String, Tensor> before = new LinkedHashMap<>(Student.initial(spec, 1));
    before.keySet().removeAll(List.of("own_strength", "heard_overlap"));
    Student.check(spec, before);
    Map<String, Tensor> completed = Evidence.completed(before);
    assertThat(completed.get("own_strength").data()).containsExactly(0);
    assertThat(completed.get("heard_overlap").data()).containsExactly(-40);
    assertAnswers(scene(), none);
  }

  @Test
  void aSilentStudentHeedsNobody() {
    StudentSpec spec = Specs.small(Ranking.LEARNED, false, Head.EVIDENCE);
    Map<String, Tensor> silent = Evidence.silent(Student.initial(spec, 1));
    assertThat(silent.keySet()).isEqualTo(Student.initial(spec, 1).keySet());
    for (String tier : List.of("told", "shown", "heard")) {
      assertThat(Math.exp(silent.get(tier + "_strength").data()[0])).isLessThan(1e-12);
    }
    assertThat(silent.get("own_strength").data()).containsExactly(0);
    assertThat(Math.exp(silent.get("heard_overlap").data()[0])).isLessThan(1e-12);
  }
}
