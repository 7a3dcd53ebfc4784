package io.cnn2gnn.model.label;

import io.cnn2gnn.model.bundle.Prototypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Learns how far labels reach from a model's prototypes, each of which is asked what it would hear
 * from the others. Few images are labelled in the beginning and many later, so the others are
 * thinned out to a quarter, a sixteenth and a sixty-fourth as well.
 *
 * <p>a and b are those of the logistic regression of 'same class' on the squared distance. The
 * strength is the one of those below at which own logits and evidence together are most probable to
 * give the prototypes' classes. Where the model knows its prototypes too well, that is little.
 */
public final class LabelCalibration {
  private static final int[] THINNED = {1, 4, 16, 64};

  /** Prototypes that are asked, evenly spaced. */
  private static final int ASKED = 600;

  private static final double[] STRENGTHS = {0.5, 0.75, 1, 1.5, 2};

  /** Of neighbours of the same class, this share lies within reach. */
  private static final double WITHIN = 0.99;

  /** Two images are nearly the same at this share of the usual distance to the nearest. */
  private static final double TWIN = 1.0 / 16;

  private static final int STEPS = 50;
  private static final double SMOOTHED = 0.999;

  private final float[][] metrics;
  private final int[] labels;
  private final double[][] own;
  private final int neighbours;
  private final int classes;

  private record Pair(double distance, boolean same) {}

  /** The nearest of some prototypes to one. */
  private record Nearest(int[] rows, double[] distances) {}

  private LabelCalibration(Prototypes prototypes, float[] bias, int projection, int neighbours) {
    this.neighbours = neighbours;
    this.classes = bias.length;
    int size = prototypes.size();
    int length = (int) prototypes.rows().shape()[1];
    float[] rows = prototypes.rows().data();
    this.labels = prototypes.labels().stream().mapToInt(label -> label).toArray();
    this.metrics = new float[size][];
    this.own = new double[size][classes];
    for (int i = 0; i < size; i++) {
      metrics[i] = Arrays.copyOfRange(rows, i * length, i * length + projection);
      for (int c = 0; c < classes; c++) {
        own[i][c] = (double) rows[(i + 1) * length - classes + c] + bias[c];
      }
    }
  }

  /**
   * Learns from prototypes.
   *
   * @param prototypes rows (v, m1, m2) and their classes
   * @param bias float32 [classes], that of the second layer: m2 + bias are an image's own logits
   * @param projection length of v
   * @param neighbours s
   * @return what says nothing, if they are too few to tell
   */
  public static LabelEvidence of(
      Prototypes prototypes, float[] bias, int projection, int neighbours) {
    return new LabelCalibration(prototypes, bias, projection, neighbours).learn();
  }

  private LabelEvidence learn() {
    Random random = new Random(1);
    List<Pair> pairs = new ArrayList<>();
    List<List<Nearest>> heard = new ArrayList<>();
    for (int thin : THINNED) {
      List<Integer> kept = new ArrayList<>();
      for (int i = 0; i < labels.length; i++) {
        if (random.nextInt(thin) == 0) {
          kept.add(i);
        }
      }
      List<Nearest> nearest = new ArrayList<>();
      for (int i : asked()) {
        Nearest one = nearest(i, kept);
        nearest.add(one);
        for (int j = 0; j < Math.min(neighbours, one.rows().length); j++) {
          pairs.add(new Pair(one.distances()[j], labels[one.rows()[j]] == labels[i]));
        }
      }
      heard.add(nearest);
    }
    double[] same =
        pairs.stream().filter(Pair::same).mapToDouble(Pair::distance).sorted().toArray();
    if (same.length == 0) {
      return new LabelEvidence(0, 0, 0, 0, 0);
    }
    double reach = same[(int) (WITHIN * (same.length - 1))];
    double[] logistic = logistic(pairs);
    LabelEvidence evidence =
        new LabelEvidence(logistic[0], logistic[1], reach, 1, TWIN * usual(heard.get(0)));
    return new LabelEvidence(
        evidence.a(), evidence.b(), reach, strength(evidence, heard), evidence.twin());
  }

  private int[] asked() {
    int every = Math.max(1, labels.length / ASKED);
    int[] asked = new int[(labels.length + every - 1) / every];
    Arrays.setAll(asked, i -> i * every);
    return asked;
  }

  private Nearest nearest(int i, List<Integer> among) {
    record At(int row, double distance) {}
    List<At> nearest = new ArrayList<>();
    double farthest = Double.POSITIVE_INFINITY;
    for (int j : among) {
      double d = j == i ? Double.POSITIVE_INFINITY : distance(metrics[i], metrics[j]);
      if (d < farthest) {
        nearest.add(new At(j, d));
        nearest.sort(Comparator.comparingDouble(At::distance));
        if (nearest.size() > neighbours + 1) {
          nearest.remove(neighbours + 1);
          farthest = nearest.get(neighbours).distance();
        }
      }
    }
    return new Nearest(
        nearest.stream().mapToInt(At::row).toArray(),
        nearest.stream().mapToDouble(At::distance).toArray());
  }

  private static double distance(float[] v, float[] w) {
    double closeness = 0;
    for (int k = 0; k < v.length; k++) {
      closeness += (double) v[k] * w[k];
    }
    return Math.max(0, 2 - 2 * closeness);
  }

  /** The median distance to the nearest. */
  private static double usual(List<Nearest> nearest) {
    double[] distances =
        nearest.stream()
            .filter(one -> one.distances().length > 0)
            .mapToDouble(one -> one.distances()[0])
            .sorted()
            .toArray();
    return distances[distances.length / 2];
  }

  /** Newton's method on targets that are never quite sure, so that there is always a solution. */
  private static double[] logistic(List<Pair> pairs) {
    double scale =
        Math.max(Float.MIN_NORMAL, pairs.stream().mapToDouble(Pair::distance).average().orElse(1));
    double a = 0;
    double b = 0;
    for (int step = 0; step < STEPS; step++) {
      double ga = 0;
      double gb = 0;
      double haa = 1e-6;
      double hab = 0;
      double hbb = 1e-6;
      for (Pair pair : pairs) {
        double x = -pair.distance() / scale;
        double p = 1 / (1 + Math.exp(-a - b * x));
        double error = (pair.same() ? SMOOTHED : 1 - SMOOTHED) - p;
        double w = p * (1 - p);
        ga += error;
        gb += error * x;
        haa += w;
        hab += w * x;
        hbb += w * x * x;
      }
      double determinant = haa * hbb - hab * hab;
      a += bounded((hbb * ga - hab * gb) / determinant);
      b += bounded((haa * gb - hab * ga) / determinant);
    }
    if (b < 0) {
      double share = pairs.stream().filter(Pair::same).count() / (double) pairs.size();
      return new double[] {
        Math.log(Math.max(1 - SMOOTHED, share) / Math.max(1 - SMOOTHED, 1 - share)), 0
      };
    }
    return new double[] {a, b / scale};
  }

  private static double bounded(double step) {
    return Math.max(-2, Math.min(2, step));
  }

  private double strength(LabelEvidence evidence, List<List<Nearest>> heard) {
    double best = STRENGTHS[0];
    double least = Double.POSITIVE_INFINITY;
    for (double strength : STRENGTHS) {
      double loss = loss(evidence, heard, strength);
      if (loss < least) {
        least = loss;
        best = strength;
      }
    }
    return best;
  }

  /** Of the thinned ones: among all of them a prototype has heard of every other in training. */
  private double loss(LabelEvidence evidence, List<List<Nearest>> heard, double strength) {
    double[] strengths = new double[classes];
    Arrays.fill(strengths, strength);
    int[] asked = asked();
    double sum = 0;
    for (List<Nearest> nearest : heard.subList(1, heard.size())) {
      for (int i = 0; i < asked.length; i++) {
        Nearest one = nearest.get(i);
        double[] logits = own[asked[i]].clone();
        double[] p = evidence.weights(one.distances(), neighbours);
        int[] said = Arrays.stream(one.rows()).map(row -> labels[row]).toArray();
        evidence.add(logits, said, one.distances(), p, strengths);
        sum += LabelEvidence.logProbabilities(logits)[labels[asked[i]]];
      }
    }
    return -sum;
  }
}
