package io.cnn2gnn.training.gate;

import ai.djl.Device;
import com.google.common.math.Quantiles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Tracks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares a candidate with the active model on images that neither has learned from, each in its
 * own input size, in one run and, for the milliseconds, in turns.
 *
 * <p>An accuracy decides where it can be told apart ({@link Paired}). The candidate passes if it is
 * within the tolerance as measured, and twice the tolerance can be ruled out. It is refused if it
 * is not within the tolerance, and being as good can be ruled out. From the number of images on
 * that the tolerance needs one of the two is so, and what was measured decides; below it, a clear
 * difference does. Of each of the two accuracies, an equal model is then found worse, and one that
 * is worse by twice the tolerance good enough, about once in twenty times at most.
 */
public final class Gate {
  private static final int BATCH = 64;
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 25;

  /** A difference of just the tolerance is within it, whatever floating point makes of it. */
  private static final double ROUNDING = 1e-9;

  private Gate() {}

  /** From worst to best. */
  enum Verdict {
    WORSE,
    TOO_FEW,
    WITHIN
  }

  /**
   * Measures both. A class that a model does not know, it gets wrong.
   *
   * @param heldOut labelled images, at least one
   * @throws BundleException if one of the models fails its self-test
   */
  public static GateResult compare(
      Bundle active, Bundle candidate, ImageSet heldOut, GateOptions options, Device device)
      throws BundleException {
    if (heldOut.size() == 0 || heldOut.hasUnlabelled()) {
      throw new IllegalArgumentException(
          "a gate needs images whose classes are known: " + heldOut.name());
    }
    try (Contestant one = new Contestant(active, heldOut, device);
        Contestant other = new Contestant(candidate, heldOut, device)) {
      Measured measured = measure(one, other, heldOut, options.seed());
      return judge(active.card().id(), candidate.card().id(), measured, options);
    }
  }

  private static Measured measure(Contestant one, Contestant other, ImageSet heldOut, long seed) {
    List<int[]> tracks = Tracks.of(heldOut).all();
    Paired batched = Paired.of(one.right(BATCH, seed), other.right(BATCH, seed), tracks);
    Paired alone = Paired.of(one.right(1, seed), other.right(1, seed), tracks);
    int timed = Math.min(BATCH, heldOut.size());
    double[] active = new double[ROUNDS];
    double[] candidate = new double[ROUNDS];
    // In turns: whatever else the machine does falls on both.
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      double first = one.millis(timed);
      double second = other.millis(timed);
      if (round >= 0) {
        active[round] = first;
        candidate[round] = second;
      }
    }
    return new Measured(
        batched, alone, Quantiles.median().compute(active), Quantiles.median().compute(candidate));
  }

  /** What an accuracy says. More images that the candidate alone has right never make it worse. */
  static Verdict verdict(Paired paired, double tolerance) {
    boolean within = paired.gain() >= -tolerance - ROUNDING;
    if (within && paired.low() >= -2 * tolerance) {
      return Verdict.WITHIN;
    }
    return !within && paired.high() < 0 ? Verdict.WORSE : Verdict.TOO_FEW;
  }

  static GateResult judge(String active, String candidate, Measured measured, GateOptions options) {
    Map<String, Double> figures = measured.figures();
    String text = measured.text(active, candidate);
    List<String> worse = worse(measured, options);
    if (!worse.isEmpty()) {
      return new GateResult.Refused(
          figures, "refused by the gate: " + String.join("; ", worse) + "; " + text);
    }
    if (verdict(measured.batched(), options.tolerance()) == Verdict.WITHIN
        && verdict(measured.alone(), options.tolerance()) == Verdict.WITHIN) {
      return new GateResult.Passed(figures, "passed the gate: " + text);
    }
    return new GateResult.TooFew(figures, tooFew(measured, options.tolerance()) + "; " + text);
  }

  private static List<String> worse(Measured measured, GateOptions options) {
    List<String> worse = new ArrayList<>();
    worse(measured.batched(), "accuracy", options.tolerance(), worse);
    worse(measured.alone(), "accuracy one by one", options.tolerance(), worse);
    if (measured.slowdown() > options.maxSlowdown()) {
      worse.add(
          String.format(
              Locale.ROOT,
              "it takes %.1f times as long, more than %s",
              measured.slowdown(),
              options.maxSlowdown()));
    }
    return worse;
  }

  private static void worse(Paired paired, String name, double tolerance, List<String> worse) {
    if (verdict(paired, tolerance) == Verdict.WORSE) {
      worse.add(
          String.format(
              Locale.ROOT, "%s is lower by %.4f, more than %s", name, -paired.gain(), tolerance));
    }
  }

  private static String tooFew(Measured measured, double tolerance) {
    String differing =
        "too few to tell: %d images differ on %d"
            .formatted(
                measured.images(),
                Math.max(measured.batched().differing(), measured.alone().differing()));
    long independent = Math.min(measured.batched().independent(), measured.alone().independent());
    if (independent < measured.images()) {
      differing +=
          " and tell as much as %d that are no frames of the same tracks".formatted(independent);
    }
    if (tolerance == 0) {
      return differing + ", and a tolerance of 0 asks for a difference that is clear";
    }
    long needed =
        Math.max(
            measured.images() + 1L,
            Math.max(measured.batched().needed(tolerance), measured.alone().needed(tolerance)));
    return String.format(
        Locale.ROOT,
        "%s; about %,d are needed for a tolerance of %s",
        differing,
        rounded(needed),
        tolerance);
  }

  /** Up to two digits: it is an estimate. */
  private static long rounded(long number) {
    long unit = 1;
    while (number / unit >= 100) {
      unit *= 10;
    }
    return (number + unit - 1) / unit * unit;
  }
}
