package io.cnn2gnn.training.stream;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What else could be made of the answers that a student gives to the images of one source alone, as
 * they come: probabilities p [images][classes] and metric vectors v. Where a constant has to be
 * chosen there is one filter for each, so that the best of them can be told on the stream itself,
 * which no graph here may.
 */
final class Filters {
  private static final double[] SMOOTHING = {0.3, 0.5, 0.7, 0.85};
  private static final int[] VOTERS = {3, 5, 9};
  private static final double[] STAYING = {0.5, 0.8, 0.9, 0.95, 0.98};
  private static final int AFFINE = 5;
  private static final int ROUNDS = 30;

  private final double[][] p;
  private final float[][] v;
  private final int batch;

  Filters(double[][] p, float[][] v, int batch) {
    this.p = p;
    this.v = v;
    this.batch = batch;
  }

  /** The classes that each filter answers. */
  Map<String, int[]> all() {
    Map<String, int[]> all = new LinkedHashMap<>();
    for (double keep : SMOOTHING) {
      all.put("smoothing " + keep, best(smoothed(keep)));
    }
    for (int voters : VOTERS) {
      all.put("vote " + voters, best(voted(voters)));
    }
    for (double stay : STAYING) {
      all.put("markov " + stay, best(markov(stay, false)));
    }
    all.put("markov online", best(markov(0.5, true)));
    all.put("lame", best(lame()));
    return all;
  }

  private static int[] best(double[][] q) {
    return Arrays.stream(q)
        .mapToInt(
            row ->
                IntStream.range(0, row.length)
                    .reduce(0, (best, c) -> row[c] > row[best] ? c : best))
        .toArray();
  }

  private double[][] smoothed(double keep) {
    double[][] q = new double[p.length][];
    for (int i = 0; i < p.length; i++) {
      q[i] = p[i].clone();
      for (int c = 0; i > 0 && c < q[i].length; c++) {
        q[i][c] = keep * q[i - 1][c] + (1 - keep) * p[i][c];
      }
    }
    return q;
  }

  private double[][] voted(int voters) {
    double[][] q = new double[p.length][];
    for (int i = 0; i < p.length; i++) {
      q[i] = new double[p[i].length];
      for (int j = Math.max(0, i - voters + 1); j <= i; j++) {
        for (int c = 0; c < q[i].length; c++) {
          q[i][c] += p[j][c];
        }
      }
    }
    return q;
  }

  /** A hidden Markov filter: the class stays with one probability, or is any other. */
  private double[][] markov(double staying, boolean learns) {
    double[][] q = new double[p.length][];
    double stay = staying;
    for (int i = 0; i < p.length; i++) {
      int classes = p[i].length;
      double[] next = new double[classes];
      double stayed = 0;
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        double before = i == 0 ? 1.0 / classes : q[i - 1][c];
        stayed += stay * before * p[i][c];
        next[c] = (stay * before + (1 - stay) / classes) * p[i][c];
        sum += next[c];
      }
      for (int c = 0; c < classes; c++) {
        next[c] /= sum;
      }
      if (learns && i > 0) {
        stay = Math.max(0.01, Math.min(0.99, 0.98 * stay + 0.02 * stayed / sum));
      }
      q[i] = next;
    }
    return q;
  }

  /** LAME (Boudiaf et al., CVPR 2022, arXiv 2201.05718) over each batch, with 5 neighbours. */
  private double[][] lame() {
    double[][] q = new double[p.length][];
    for (int from = 0; from < p.length; from += batch) {
      int n = Math.min(batch, p.length - from);
      double[][] affinity = affinity(from, n);
      double[][] now = Arrays.copyOfRange(p, from, from + n);
      for (int round = 0; round < ROUNDS; round++) {
        double[][] next = new double[n][];
        for (int i = 0; i < n; i++) {
          next[i] = step(p[from + i], affinity[i], now);
        }
        now = next;
      }
      System.arraycopy(now, 0, q, from, n);
    }
    return q;
  }

  private static double[] step(double[] own, double[] affinity, double[][] now) {
    double[] logits = new double[own.length];
    for (int c = 0; c < logits.length; c++) {
      logits[c] = Math.log(Math.max(1e-12, own[c]));
      for (int j = 0; j < affinity.length; j++) {
        logits[c] += affinity[j] * now[j][c];
      }
    }
    double most = Arrays.stream(logits).max().orElseThrow();
    double[] e = Arrays.stream(logits).map(z -> Math.exp(z - most)).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(x -> x / sum).toArray();
  }

  /** Whether either of two images is among the nearest of the other, a half for each. */
  private double[][] affinity(int from, int n) {
    double[][] affinity = new double[n][n];
    for (int i = 0; i < n; i++) {
      int self = i;
      double[] near =
          IntStream.range(0, n)
              .mapToDouble(
                  j -> j == self ? Double.NEGATIVE_INFINITY : dot(v[from + self], v[from + j]))
              .toArray();
      double[] sorted = near.clone();
      Arrays.sort(sorted);
      double least = sorted[Math.max(0, n - Math.min(AFFINE, Math.max(1, n - 1)))];
      for (int j = 0; j < n; j++) {
        if (j != i && near[j] >= least) {
          affinity[i][j] += 0.5;
          affinity[j][i] += 0.5;
        }
      }
    }
    return affinity;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}
