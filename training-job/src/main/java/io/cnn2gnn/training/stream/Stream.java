package io.cnn2gnn.training.stream;

import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Tracks;
import io.cnn2gnn.training.data.Views;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The images of a set as sources send them.
 *
 * @param sources the indices of each one's images, in the order in which they come
 */
record Stream(List<int[]> sources) {
  private static final int SOURCES = 8;

  static Stream of(ImageSet set, Scenario scenario, long seed) {
    Random random = new Random(seed);
    if (scenario.inView() == 0) {
      return new Stream(List.of(Views.shuffled(set.size(), random.nextLong())));
    }
    List<int[]> tracks = Tracks.of(set).all();
    List<Deque<int[]>> queues = new ArrayList<>();
    IntStream.range(0, SOURCES).forEach(s -> queues.add(new ArrayDeque<>()));
    int next = 0;
    for (int t : Views.shuffled(tracks.size(), random.nextLong())) {
      queues.get(next++ % SOURCES).add(tracks.get(t));
    }
    return new Stream(
        queues.stream()
            .filter(queue -> !queue.isEmpty())
            .map(queue -> interleaved(queue, scenario, random))
            .toList());
  }

  private static int[] interleaved(Deque<int[]> queue, Scenario scenario, Random random) {
    List<Deque<Integer>> view = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    while (!queue.isEmpty() || !view.isEmpty()) {
      while (view.size() < scenario.inView() && !queue.isEmpty()) {
        int[] track = queue.poll();
        Deque<Integer> frames = new ArrayDeque<>();
        for (int k = 0; k < track.length; k += scenario.stride()) {
          frames.add(track[k]);
        }
        view.add(frames);
      }
      int k = random.nextInt(view.size());
      order.add(view.get(k).poll());
      if (view.get(k).isEmpty()) {
        view.remove(k);
      }
    }
    return order.stream().mapToInt(i -> i).toArray();
  }

  int size() {
    return sources.stream().mapToInt(source -> source.length).sum();
  }

  /** All indices, source by source. */
  int[] all() {
    return sources.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
