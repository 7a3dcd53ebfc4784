package io.cnn2gnn.training.fit;

import io.cnn2gnn.training.data.Views;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A piece of a stream that might come: some sources, each with one to eight things in view that
 * come frame by frame, or with one frame of everything; some images labelled, later; sometimes
 * classes that the model does not know.
 *
 * @param frames in the order in which they come
 * @param sources of each
 * @param batch images in a batch
 * @param labelled share of the images that somebody labels
 * @param late after how many further images
 * @param hidden classes that the model does not know
 * @param before frames of other tracks that were labelled before it begins
 */
record Episode(
    int[] frames,
    int[] sources,
    int batch,
    double labelled,
    int late,
    List<Integer> hidden,
    int[] before) {
  private static final int LENGTH = 480;
  private static final int[] IN_VIEW = {1, 2, 3, 4, 8};
  private static final int[] STRIDES = {1, 1, 2};
  private static final int[] SOURCES = {1, 1, 2, 4};
  private static final int[] BATCHES = {8, 16, 32, 64};
  private static final double[] LABELLED = {0, 0.02, 0.05, 0.2};
  private static final int[] BEFORE = {0, 50, 200, 500};
  private static final double APART = 0.4;
  private static final double HIDING = 0.2;

  static Episode of(Frames all, Random random) {
    boolean apart = random.nextDouble() < APART || all.hasNoTracks();
    int batch = pick(BATCHES, random);
    double labelled = LABELLED[random.nextInt(LABELLED.length)];
    int sources = pick(SOURCES, random);
    List<int[]> things = oneOfEach(all, random);
    List<int[]> chosen = apart ? things : chosen(things, all.labels(), random);
    List<Deque<int[]>> queues = new ArrayList<>();
    IntStream.range(0, sources).forEach(s -> queues.add(new ArrayDeque<>()));
    int stride = pick(STRIDES, random);
    for (int i : order(chosen.size(), random)) {
      int[] track = chosen.get(i);
      int[] shown =
          apart
              ? new int[] {track[random.nextInt(track.length)]}
              : IntStream.range(0, (track.length + stride - 1) / stride)
                  .map(k -> track[k * stride])
                  .toArray();
      queues.get(random.nextInt(sources)).add(shown);
    }
    List<int[]> stream = interleaved(queues, pick(IN_VIEW, random), random);
    int length = Math.min(LENGTH, stream.size());
    int[] frames = stream.stream().limit(length).mapToInt(one -> one[0]).toArray();
    List<Integer> hidden = List.of();
    if (random.nextDouble() < HIDING) {
      List<Integer> classes =
          IntStream.of(frames).map(f -> all.labels()[f]).distinct().boxed().toList();
      if (classes.size() > 3) {
        hidden =
            IntStream.of(order(classes.size(), random))
                .limit(3)
                .mapToObj(classes::get)
                .collect(Collectors.toList());
        labelled = Math.max(labelled, 0.1);
      }
    }
    return new Episode(
        frames,
        stream.stream().limit(length).mapToInt(one -> one[1]).toArray(),
        batch,
        labelled,
        32,
        hidden,
        labelled > 0 ? before(all, frames, hidden, pick(BEFORE, random), random) : new int[0]);
  }

  /** The same, but nobody labels, and the model knows all classes. */
  Episode withoutLabels() {
    return new Episode(frames, sources, batch, 0, late, List.of(), new int[0]);
  }

  /**
   * Whoever labels goes on doing so: most labelled rows are of things that are no longer in view,
   * and of all classes.
   */
  private static int[] before(
      Frames all, int[] frames, List<Integer> hidden, int most, Random random) {
    Set<Integer> now = IntStream.of(frames).boxed().collect(Collectors.toSet());
    Set<Integer> shown =
        IntStream.range(0, all.tracks().size())
            .filter(t -> IntStream.of(all.tracks().get(t)).anyMatch(now::contains))
            .map(t -> all.things()[t])
            .boxed()
            .collect(Collectors.toSet());
    List<int[]> gone =
        IntStream.range(0, all.tracks().size())
            .filter(t -> !shown.contains(all.things()[t]))
            .mapToObj(all.tracks()::get)
            .filter(track -> !hidden.contains(all.labels()[track[0]]))
            .toList();
    return IntStream.range(0, gone.isEmpty() ? 0 : most)
        .map(
            k -> {
              int[] track = gone.get(random.nextInt(gone.size()));
              return track[random.nextInt(track.length)];
            })
        .distinct()
        .toArray();
  }

  /** A track of each thing, in any order: nothing is in view twice. */
  private static List<int[]> oneOfEach(Frames all, Random random) {
    Map<Integer, int[]> tracks = new LinkedHashMap<>();
    for (int t : order(all.tracks().size(), random)) {
      tracks.putIfAbsent(all.things()[t], all.tracks().get(t));
    }
    return List.copyOf(tracks.values());
  }

  /** Some tracks, and often others of their classes, so that labels can tell of them. */
  private static List<int[]> chosen(List<int[]> tracks, int[] labels, Random random) {
    int count = Math.min(tracks.size(), 10 + random.nextInt(6));
    List<int[]> chosen = new ArrayList<>(tracks.subList(0, count));
    if (random.nextDouble() < 0.5) {
      List<Integer> classes = chosen.stream().map(track -> labels[track[0]]).toList();
      tracks.subList(count, tracks.size()).stream()
          .filter(track -> classes.contains(labels[track[0]]))
          .limit(10)
          .forEach(chosen::add);
    }
    return chosen;
  }

  /** Frame and source, one after the other. */
  private static List<int[]> interleaved(List<Deque<int[]>> queues, int inView, Random random) {
    record Shown(int[] frames, int source) {}
    List<int[]> stream = new ArrayList<>();
    List<List<Shown>> views = new ArrayList<>();
    queues.forEach(queue -> views.add(new ArrayList<>()));
    while (true) {
      List<Integer> live = new ArrayList<>();
      for (int s = 0; s < queues.size(); s++) {
        while (views.get(s).size() < inView && !queues.get(s).isEmpty()) {
          views.get(s).add(new Shown(queues.get(s).poll(), s));
        }
        if (!views.get(s).isEmpty()) {
          live.add(s);
        }
      }
      if (live.isEmpty()) {
        return stream;
      }
      List<Shown> view = views.get(live.get(random.nextInt(live.size())));
      int k = random.nextInt(view.size());
      Shown shown = view.get(k);
      stream.add(new int[] {shown.frames()[0], shown.source()});
      int[] rest = Arrays.copyOfRange(shown.frames(), 1, shown.frames().length);
      if (rest.length == 0) {
        view.remove(k);
      } else {
        view.set(k, new Shown(rest, shown.source()));
      }
    }
  }

  private static int[] order(int n, Random random) {
    return Views.shuffled(n, random.nextLong());
  }

  private static int pick(int[] values, Random random) {
    return values[random.nextInt(values.length)];
  }
}
