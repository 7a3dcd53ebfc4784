package io.cnn2gnn.training.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * How a data set comes as a stream.
 *
 * @param name for tables
 * @param inView things that a source shows at a time; 0 for images in any order, each by itself
 * @param stride every so many frames of a track are shown
 * @param batch images in a batch
 * @param labelled share of the images whose class somebody says
 * @param late after how many further images of the source
 * @param hidden classes that the model is not to know
 */
record Scenario(
    String name,
    int inView,
    int stride,
    int batch,
    double labelled,
    int late,
    List<String> hidden) {
  private static final double[] LABELLED = {0.02, 0.1};
  private static final int LATE = 64;

  /** Images of a source that are sent before its answers are awaited, about. */
  private static final int AHEAD = 64;

  Scenario {
    hidden = List.copyOf(hidden);
  }

  /**
   * What every study measures.
   *
   * @param hidden empty for no scenario with hidden classes
   */
  static List<Scenario> all(List<String> hidden) {
    List<Scenario> all = new ArrayList<>();
    all.add(of("1 track at a time", 1, 1, 64, 0));
    all.add(of("3 tracks at a time", 3, 1, 64, 0));
    all.add(of("8 tracks at a time", 8, 1, 64, 0));
    all.add(of("3 tracks, every third frame", 3, 3, 64, 0));
    all.add(of("3 tracks, batches of 8", 3, 1, 8, 0));
    all.add(of("3 tracks, batches of 1", 3, 1, 1, 0));
    all.add(of("shuffled", 0, 1, 64, 0));
    for (double share : LABELLED) {
      String labels = ", " + Math.round(100 * share) + " % labelled";
      all.add(of("3 tracks" + labels, 3, 1, 64, share));
      all.add(of("shuffled" + labels, 0, 1, 64, share));
      if (!hidden.isEmpty()) {
        String name = "4 tracks, " + hidden.size() + " classes hidden" + labels;
        all.add(new Scenario(name, 4, 1, 64, share, LATE, hidden));
      }
    }
    return all;
  }

  /**
   * Images that a source sends at a time: one batch, or several where no label can come between.
   */
  int turn() {
    return labelled > 0 ? batch : Math.max(1, AHEAD / batch) * batch;
  }

  private static Scenario of(String name, int inView, int stride, int batch, double labelled) {
    return new Scenario(name, inView, stride, batch, labelled, LATE, List.of());
  }
}
