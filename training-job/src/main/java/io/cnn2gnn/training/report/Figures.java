package io.cnn2gnn.training.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the figures of a model mean, in the words that stand beside them wherever they are shown.
 */
public final class Figures {
  private static final Map<String, String> MEANINGS = meanings();

  private Figures() {}

  /** A clause that fits a line beside name and value; empty for a figure that is not known. */
  public static String meaning(String name) {
    return MEANINGS.getOrDefault(name, "");
  }

  /** A value as people read it: counts without a fraction. */
  public static String text(double value) {
    boolean count = value == Math.rint(value) && Math.abs(value) >= 2;
    return String.format(Locale.ROOT, count ? "%.0f" : "%.4f", value);
  }

  private static Map<String, String> meanings() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("images", "test images that were measured on");
    all.put("accuracy", "share of right answers, in batches of 64");
    all.put("accuracyBatch1", "the same, each image alone");
    all.put("accuracyBankOnly", "the same, no neighbours from the batch");
    all.put("accuracyNoGraph", "the same, no neighbours at all");
    all.put("flipRate", "answers that change with the batch; 0 is best");
    all.put("neighbourPurity", "neighbours' weight of the true class; 1 is best");
    all.put("share1", "neighbours' weight in the first graph layer");
    all.put("share2", "neighbours' weight in the second graph layer");
    all.put("macs", "multiply-adds for an image");
    all.put("millisPerImage", "ms for an image, in batches of 64");
    all.put("teacherAccuracy", "the teacher's share of right answers");
    all.put("teacherMacs", "the teacher's multiply-adds for an image");
    all.put("teacherMillisPerImage", "the teacher's ms for an image");
    gate(all);
    return all;
  }

  /** Of two models on the images held out, as a release has them. */
  private static void gate(Map<String, String> all) {
    all.put("active.accuracy", "the active model's share of right answers, in batches of 64");
    all.put("candidate.accuracy", "this one's, on the same images");
    all.put("active.alone", "images that the active model alone has right");
    all.put("candidate.alone", "images that this one alone has right");
    all.put("gain.low", "at least so much accuracy is gained, in 19 of 20 cases");
    all.put("gain.high", "at most so much, likewise");
    all.put("active.millisPerImage", "the active model's ms for an image, in batches of 64");
    all.put("candidate.millisPerImage", "this one's, in the same run");
    for (String name :
        List.of(
            "active.accuracy",
            "candidate.accuracy",
            "active.alone",
            "candidate.alone",
            "gain.low",
            "gain.high")) {
      all.put(name + "Batch1", "the same, each image alone");
    }
  }
}
