package io.cnn2gnn.training.gate;

/**
 * Right answers of two models on the same images. Images that both have right, or both wrong, say
 * nothing of which one is better; only those on which they differ do.
 *
 * <p>What the gain of the candidate may be beyond these images lies between {@link #low} and {@link
 * #high}, each of which chance passes once in twenty times: Wald's interval of the difference of
 * paired proportions with the adjustment of Bonett and Price, Journal of Educational and Behavioral
 * Statistics 37 (2012), 479-488. With n images, a of them right by the active model alone and c by
 * the candidate alone,
 *
 * <pre>p = (a + 1)/(n + 2), q = (c + 1)/(n + 2): q - p ± z √((p + q - (q - p)²)/(n + 2))</pre>
 *
 * Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014), 2850-2875, recommend it among
 * those that were proposed: it is near its nominal level in small sets too, and is not of width 0
 * where the models differ on no image.
 *
 * @param images at least one
 * @param both that both have right
 * @param onlyActive that the active model alone has right
 * @param onlyCandidate that the candidate alone has right
 */
record Paired(int images, int both, int onlyActive, int onlyCandidate) {
  /** The quantile of the normal distribution at 95 %. */
  private static final double Z = 1.6448536269514722;

  Paired {
    if (images < 1
        || Math.min(both, Math.min(onlyActive, onlyCandidate)) < 0
        || (long) both + onlyActive + onlyCandidate > images) {
      throw new IllegalArgumentException(
          "not counts of the same images: %d, %d, %d of %d"
              .formatted(both, onlyActive, onlyCandidate, images));
    }
  }

  /** Of whether each image was answered rightly, in the same order. */
  static Paired of(boolean[] active, boolean[] candidate) {
    int both = 0;
    int onlyActive = 0;
    int onlyCandidate = 0;
    for (int i = 0; i < active.length; i++) {
      both += active[i] && candidate[i] ? 1 : 0;
      onlyActive += active[i] && !candidate[i] ? 1 : 0;
      onlyCandidate += candidate[i] && !active[i] ? 1 : 0;
    }
    return new Paired(active.length, both, onlyActive, onlyCandidate);
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
    return Z * Math.sqrt(variance / (images + 2));
  }

  /**
   * How many images would make the interval no wider than the tolerance t to either side, if the
   * models differ on the same share d of them, by the same gain g: about the N of
   *
   * <pre>t² = z² ((d - g²) N + 2)/N²</pre>
   *
   * @param tolerance above 0
   */
  long needed(double tolerance) {
    double variance = (double) differing() / images - gain() * gain();
    double part = Z * Z * variance;
    double needed =
        (part + Math.sqrt(part * part + 8 * Z * Z * tolerance * tolerance))
            / (2 * tolerance * tolerance);
    return (long) Math.ceil(needed);
  }
}
