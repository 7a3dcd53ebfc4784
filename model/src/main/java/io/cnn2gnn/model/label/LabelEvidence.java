package io.cnn2gnn.model.label;

import java.util.Arrays;

/**
 * What the labelled rows near an image say of its class. For image i and its s nearest labelled
 * rows j at squared distances d_ij, nearest first,
 *
 * <pre>
 *   t_i   = min(reach, d_i(s+1))             g_ij = (t_i - d_ij)_+
 *   p_ij  = g_ij / sum_l g_il                where s + 1 rows are within reach,
 *         = g_ij / max(reach / 4, sum_l g_il) where fewer are: the rest of the weight is nobody's
 *   P_ij  = 1 / (1 + exp(b d_ij - a)), in [1/C, 0.98]
 *   e_ic  = strength * sum_j p_ij log(C * (P_ij if c is the label of j, else (1 - P_ij) / (C - 1)))
 * </pre>
 *
 * and e_ic is added to the image's own logits. p is formula (H) of CNN2GNN (arXiv 2404.14822) with
 * one more candidate, nobody, at a distance beyond which a label says nothing. P is the probability
 * that an image at that distance is of the same class; at chance, 1/C, it adds nothing. a, b, reach
 * and strength are learned from the model's prototypes: {@link LabelCalibration}.
 *
 * @param a logit of P at distance 0
 * @param b how fast it falls with the squared distance, at least 0
 * @param reach squared distance beyond which a label says nothing; 0 for never anything
 * @param strength how much the neighbours count beside the image's own answer
 * @param twin at this squared distance, or nearer, two images are nearly the same
 */
public record LabelEvidence(double a, double b, double reach, double strength, double twin) {
  /** Of a label that may be wrong, or of another object that looks alike. */
  private static final double MOST = 0.98;

  /** Share of the reach that the gaps have to add up to before the nearest have all the weight. */
  private static final double FLOOR = 0.25;

  /** What float32 can tell, as in (H). */
  private static final double FLAT = 1e-6;

  /**
   * How probable it is that an image at a distance is of the same class.
   *
   * @param d squared distance
   * @param classes C, at least 2
   */
  public double reliability(double d, int classes) {
    double p = 1 / (1 + Math.exp(b * d - a));
    return Math.max(1.0 / classes, Math.min(MOST, p));
  }

  /**
   * The weights of the nearest rows.
   *
   * @param d squared distances, ascending
   * @param s how many of them may be neighbours; one more says how far the others are
   * @return one for each of the first s, which sum to at most 1
   */
  public double[] weights(double[] d, int s) {
    int k = Math.min(s, d.length);
    double[] p = new double[k];
    boolean crowded = d.length > s && d[s] < reach;
    double t = crowded ? d[s] : reach;
    double sum = 0;
    for (int j = 0; j < k; j++) {
      p[j] = Math.max(0, t - d[j]);
      sum += p[j];
    }
    if (crowded && sum <= FLAT * (1 + s * t)) {
      // As many as near as those behind them: all alike.
      Arrays.fill(p, 1.0 / k);
      return p;
    }
    double total = crowded ? sum : Math.max(FLOOR * reach, sum);
    for (int j = 0; j < k && sum > 0; j++) {
      p[j] /= total;
    }
    return p;
  }

  /**
   * Adds what neighbours say to an image's logits.
   *
   * @param logits of C classes; changed
   * @param labels class of each neighbour
   * @param d their squared distances, as in {@link #weights}
   * @param p their weights
   * @param strengths by class of the neighbour: how much it counts
   */
  public void add(double[] logits, int[] labels, double[] d, double[] p, double[] strengths) {
    int classes = logits.length;
    for (int j = 0; j < p.length; j++) {
      double same = reliability(d[j], classes);
      double other = Math.log(classes * (1 - same) / (classes - 1));
      double gain = Math.log(classes * same) - other;
      double weight = strengths[labels[j]] * p[j];
      for (int c = 0; c < classes; c++) {
        logits[c] += weight * other;
      }
      logits[labels[j]] += weight * gain;
    }
  }

  /** Logits to the logarithms of probabilities. */
  public static double[] logProbabilities(double[] logits) {
    double most = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(z -> Math.exp(z - most)).sum();
    return Arrays.stream(logits).map(z -> z - most - Math.log(sum)).toArray();
  }
}
