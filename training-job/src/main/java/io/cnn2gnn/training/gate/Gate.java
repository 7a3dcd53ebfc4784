package io.cnn2gnn.training.gate;

import ai.djl.Device;
import com.google.common.math.Quantiles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.training.data.ImageSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares a candidate with the active model on images that neither has learned from, each in its
 * own input size, in one run and, for the milliseconds, in turns.
 */
public final class Gate {
  private static final int BATCH = 64;
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 25;

  private Gate() {}

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
    Map<String, Double> figures = new TreeMap<>();
    figures.put("images", (double) heldOut.size());
    try (Contestant one = new Contestant(active, heldOut, device);
        Contestant other = new Contestant(candidate, heldOut, device)) {
      figures.put("active.accuracy", one.accuracy(BATCH, options.seed()));
      figures.put("candidate.accuracy", other.accuracy(BATCH, options.seed()));
      figures.put("active.accuracyBatch1", one.accuracy(1, options.seed()));
      figures.put("candidate.accuracyBatch1", other.accuracy(1, options.seed()));
      time(one, other, Math.min(BATCH, heldOut.size()), figures);
    }
    return judge(active.card().id(), candidate.card().id(), figures, options);
  }

  /** Whatever else the machine does falls on both. */
  private static void time(
      Contestant one, Contestant other, int batch, Map<String, Double> figures) {
    double[] active = new double[ROUNDS];
    double[] candidate = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      double first = one.millis(batch);
      double second = other.millis(batch);
      if (round >= 0) {
        active[round] = first;
        candidate[round] = second;
      }
    }
    figures.put("active.millisPerImage", Quantiles.median().compute(active));
    figures.put("candidate.millisPerImage", Quantiles.median().compute(candidate));
  }

  static GateResult judge(
      String active, String candidate, Map<String, Double> figures, GateOptions options) {
    List<String> worse = new ArrayList<>();
    for (String name : List.of("accuracy", "accuracyBatch1")) {
      String words = name.equals("accuracy") ? "accuracy" : "accuracy one by one";
      double gain = figures.get("candidate." + name) - figures.get("active." + name);
      // A difference of just the tolerance is within it, whatever floating point makes of it.
      if (gain < -options.tolerance() - 1e-9) {
        worse.add(
            String.format(
                Locale.ROOT,
                "%s is lower by %.4f, more than %s",
                words,
                -gain,
                options.tolerance()));
      }
    }
    double slowdown =
        figures.get("candidate.millisPerImage") / figures.get("active.millisPerImage");
    if (slowdown > options.maxSlowdown()) {
      worse.add(
          String.format(
              Locale.ROOT,
              "it takes %.1f times as long, more than %s",
              slowdown,
              options.maxSlowdown()));
    }
    String measured =
        String.format(
            Locale.ROOT,
            "on %.0f images held out, %s answers a share of %.4f rightly in batches of 64 (%s:"
                + " %.4f), %.4f one by one (%.4f), and takes %.3f ms an image (%.3f)",
            figures.get("images"),
            candidate,
            figures.get("candidate.accuracy"),
            active,
            figures.get("active.accuracy"),
            figures.get("candidate.accuracyBatch1"),
            figures.get("active.accuracyBatch1"),
            figures.get("candidate.millisPerImage"),
            figures.get("active.millisPerImage"));
    return worse.isEmpty()
        ? new GateResult.Passed(figures, "passed the gate: " + measured)
        : new GateResult.Refused(
            figures, "refused by the gate: " + String.join("; ", worse) + "; " + measured);
  }
}
