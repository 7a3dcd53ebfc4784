package io.cnn2gnn.training.gate;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was measured of an active model and a candidate.
 *
 * @param batched right answers in batches of 64
 * @param alone right answers one by one, on the same images
 * @param activeMillis the active model's time per image
 * @param candidateMillis the candidate's
 */
record Measured(Paired batched, Paired alone, double activeMillis, double candidateMillis) {
  double slowdown() {
    return candidateMillis / activeMillis;
  }

  int images() {
    return batched.images();
  }

  /** As {@link GateResult#figures} has them. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new TreeMap<>();
    figures.put("images", (double) images());
    put(figures, batched, "");
    put(figures, alone, "Batch1");
    figures.put("active.millisPerImage", activeMillis);
    figures.put("candidate.millisPerImage", candidateMillis);
    return figures;
  }

  private static void put(Map<String, Double> figures, Paired paired, String suffix) {
    figures.put("active.accuracy" + suffix, paired.activeAccuracy());
    figures.put("candidate.accuracy" + suffix, paired.candidateAccuracy());
    figures.put("active.alone" + suffix, (double) paired.onlyActive());
    figures.put("candidate.alone" + suffix, (double) paired.onlyCandidate());
    figures.put("gain.low" + suffix, paired.low());
    figures.put("gain.high" + suffix, paired.high());
  }

  /** The same as a clause. */
  String text(String active, String candidate) {
    return String.format(
        Locale.ROOT,
        "on %d images held out, %s answers a share of %.4f rightly in batches of 64 (%s: %.4f; %s),"
            + " %.4f one by one (%.4f; %s), and takes %.3f ms an image (%.3f)",
        images(),
        candidate,
        batched.candidateAccuracy(),
        active,
        batched.activeAccuracy(),
        difference(batched),
        alone.candidateAccuracy(),
        alone.activeAccuracy(),
        difference(alone),
        candidateMillis,
        activeMillis);
  }

  private static String difference(Paired paired) {
    return String.format(
        Locale.ROOT,
        "they differ on %d, gain %+.4f to %+.4f",
        paired.differing(),
        paired.low(),
        paired.high());
  }
}
