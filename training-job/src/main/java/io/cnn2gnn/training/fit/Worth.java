package io.cnn2gnn.training.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.net.Tier;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.Views;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What prototypes and recent images are worth where nobody labels and images come in any order, by
 * how many answers are right in episodes of their own. Cross entropy does not tell: neighbours that
 * know nothing hardly change it, and turn right answers over.
 */
final class Worth {
  private static final int EPISODES = 60;

  private final StudentSpec spec;
  private final Frames shown;
  private final Frames frames;
  private final Device device;
  private final List<Episode> episodes;

  Worth(StudentSpec spec, Frames shown, Frames frames, long seed, Device device) {
    this.spec = spec;
    this.shown = shown;
    this.frames = frames;
    this.device = device;
    this.episodes =
        IntStream.range(0, EPISODES)
            .mapToObj(i -> Episode.of(frames, new Random(Views.mixed(seed, -5, i))).withoutLabels())
            .toList();
  }

  /**
   * Finds the tiers by which too few answers become right: the gain is not more than two of its
   * standard errors. With one, a tier that is worth nothing would be heard in one set of six.
   */
  Set<Tier> idle(Map<String, Tensor> tensors) throws InterruptedException {
    int[] all = right(tensors);
    Map<Tier, int[]> without = new LinkedHashMap<>();
    for (Tier tier : List.of(Tier.PROTOTYPES, Tier.RECENT)) {
      without.put(tier, right(Student.without(tensors, EnumSet.of(tier))));
    }
    List<Tier> leastFirst =
        without.keySet().stream()
            .sorted(Comparator.comparingInt(tier -> -Arrays.stream(without.get(tier)).sum()))
            .toList();
    Tier first = leastFirst.get(0);
    if (pays(all, without.get(first))) {
      return EnumSet.noneOf(Tier.class);
    }
    int[] neither = right(Student.without(tensors, EnumSet.copyOf(leastFirst)));
    return pays(without.get(first), neither) ? EnumSet.of(first) : EnumSet.copyOf(leastFirst);
  }

  /** Whether more is right with something than without it, by frame. */
  static boolean pays(int[] with, int[] without) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < with.length; i++) {
      double more = with[i] - without[i];
      sum += more;
      squares += more * more;
    }
    return sum > 2 * Math.sqrt(squares);
  }

  /** Right answers to each frame. */
  private int[] right(Map<String, Tensor> tensors) throws InterruptedException {
    int[] right = new int[frames.size()];
    try (TorchModule module = TorchModule.frozen(Student.evidence(spec, tensors, 0), device)) {
      for (int i = 0; i < episodes.size(); i++) {
        if (Thread.interrupted()) {
          throw new InterruptedException("training was interrupted");
        }
        Tally tally = new Tally(module, episodes.get(i), right);
        new EpisodePlayer(spec, module, shown, frames, tally).play(episodes.get(i), new Random(0));
      }
    }
    return right;
  }

  /** Counts what is right of the answers to one episode, batch by batch. */
  private static final class Tally implements EpisodePlayer.Answering {
    private final TorchModule module;
    private final Episode episode;
    private final int[] right;
    private int at;

    Tally(TorchModule module, Episode episode, int[] right) {
      this.module = module;
      this.episode = episode;
      this.right = right;
    }

    @Override
    public NDList answer(long[] labels, NDArray... arguments) {
      NDList out = module.run("forward", arguments);
      try (NDArray best = out.get(1).argMax(1)) {
        long[] said = best.toLongArray();
        for (int i = 0; i < said.length; i++) {
          right[episode.frames()[at++]] += said[i] == labels[i] ? 1 : 0;
        }
      }
      return out;
    }
  }
}
