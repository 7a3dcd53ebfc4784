package io.cnn2gnn.training.gate;

import java.util.List;

/**
 * Right answers of two models on the same images. Images that both have right, or both wrong, say
 * nothing of which one is better; only those on which they differ do.
 *
 * <p>What the gain of the candidate may be beyond these images lies between {@link #low} and {@link
 * #high}, each of which chance passes about once in twenty times: Wald's interval of the difference
 * of paired proportions with the adjustment of Bonett and Price, Journal of Educational and
 * Behavioral Statistics 37 (2012), 479-488. With n images, a of them right by the active model
 * alone and c by the candidate alone,
 *
 * <pre>p = (a + 1)/(n + 2), q = (c + 1)/(n + 2): q - p ± z √(v (p + q - (q - p)²)/(n + 2))</pre>
 *
 * Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014), 2850-2875, recommend it among
 * those that were proposed: it is near its nominal level in small sets too, and is not of width 0
 * where the models differ on no image.
 *
 * <p>v is 1 where the images have nothing to do with each other. Frames of one track have: a model
 * has them right or wrong together. With d the difference of an image (1, 0 or -1) less its mean, v
 * is the variance of the sums over tracks over that of images (Kish, Survey Sampling, 1965: the
 * design effect), where the two images that the adjustment adds count as whole tracks:
 *
 * <pre>v = max(1, (Σ (Σ d)² + 2 Σ m²/n)/(Σ d² + 2)), m the images of a track</pre>
 *
 * @param images at least one
 * @param both that both have right
 * @param onlyActive that the active model alone has right
 * @param onlyCandidate that the candidate alone has right
 * @param dependence v above, at least 1
 */
record Paired(int images, int both, int onlyActive, int onlyCandidate, double dependence) {
  /** The quantile of the normal distribution at 95 %. */
  private static final double Z = 1.6448536269514722;

  Paired {
    if (images < 1
        || Math.min(both, Math.min(onlyActive, onlyCandidate)) < 0
        || (long) both + onlyActive + onlyCandidate > images
        || !(dependence >= 1)) {
      throw new IllegalArgumentException(
          "not counts of the same images: %d, %d, %d of %d"
              .formatted(both, onlyActive, onlyCandidate, images));
    }
  }

  /** Of images that have nothing to do with each other. */
  Paired(int images, int both, int onlyActive, int onlyCandidate) {
    this(images, both, onlyActive, onlyCandidate, 1);
  }

  /**
   * Of whether each image was answered rightly, in the same order.
   *
   * @param tracks images that belong together; what is in none is by itself
   */
  static Paired of(boolean[] active, boolean[] candidate, List<int[]> tracks) {
    int both = 0;
    int onlyActive = 0;
    int onlyCandidate = 0;
    for (int i = 0; i < active.length; i++) {
      both += active[i] && candidate[i] ? 1 : 0;
      onlyActive += active[i] && !candidate[i] ? 1 : 0;
      onlyCandidate += candidate[i] && !active[i] ? 1 : 0;
    }
    double gain = (double) (onlyCandidate - onlyActive) / active.length;
    double[] differences = new double[active.length];
    for (int i = 0; i < active.length; i++) {
      differences[i] = (candidate[i] ? 1 : 0) - (active[i] ? 1 : 0) - gain;
    }
    return new Paired(
        active.length, both, onlyActive, onlyCandidate, dependence(differences, tracks));
  }

  private static double dependence(double[] differences, List<int[]> tracks) {
    double apart = 0;
    for (double one : differences) {
      apart += one * one;
    }
    double together = apart;
    double pairs = differences.length;
    for (int[] track : tracks) {
      double sum = 0;
      double squares = 0;
      for (int image : track) {
        sum += differences[image];
        squares += differences[image] * differences[image];
      }
      together += sum * sum - squares;
      pairs += (double) track.length * track.length - track.length;
    }
    return Math.max(1, (together + 2 * pairs / differences.length) / (apart + 2));
  }

  /** So many images that have nothing to do with each other would tell as much. */
  long independent() {
    return Math.round(images / dependence);
  }

  double activeAccuracy() {
    return (double) (both + onlyActive) / images;
  }

  double candidateAccuracy() {
    return (double) (both + onlyCandidate) / images;
  }

  /** Images that one of the two alone has right. */
  int differing() {
    return onlyActive + onlyCandidate;
  }

  /** By how much the candidate's accuracy is higher, as measured. */
  double gain() {
    return (double) (onlyCandidate - onlyActive) / images;
  }

  double low() {
    return centre() - half();
  }

  double high() {
    return centre() + half();
  }

  private double centre() {
    return (double) (onlyCandidate - onlyActive) / (images + 2);
  }

  private double half() {
    double variance = (differing() + 2.0) / (images + 2) - centre() * centre();
    return Z * Math.sqrt(dependence * variance / (images + 2));
  }

  /**
   * How many images would make the interval no wider than the tolerance t to either side, if the
   * models differ on the same share d of them, by the same gain g: about the N of
   *
   * <pre>t² = z² v ((d - g²) N + 2)/N²</pre>
   *
   * @param tolerance above 0
   */
  long needed(double tolerance) {
    double variance = (double) differing() / images - gain() * gain();
    double z2 = Z * Z * dependence;
    double part = z2 * variance;
    double needed =
        (part + Math.sqrt(part * part + 8 * z2 * tolerance * tolerance))
            / (2 * tolerance * tolerance);
    return (long) Math.ceil(needed);
  }
}
