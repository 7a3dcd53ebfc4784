package io.cnn2gnn.training.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.net.Tier;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what neighbours are worth, in {@link Episode}s of images that the stem was not fitted to:
 * how near one has to be in each tier, how sure it then is, and how much it counts. Where images
 * come in any order, a tier that is {@linkplain Worth worth nothing} is not heard. Stem and metric
 * rest.
 */
public final class EvidenceFit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EvidenceFit.class);
  private static final int EPISODES = 250;

  /** How it learns from images of a kind. */
  private enum Manner {
    /**
     * What will come is like what it learns from. The rate is the one that comes to the optimum.
     */
    ANY_ORDER(1e-2f, 0),
    /**
     * What will come on a stream is of other things, in another light, and harder: an image's own
     * answer is less to be relied on than it is here. Smoothed labels and a rate that stops before
     * the optimum keep it so.
     */
    TRACKS(3e-3f, 0.02);

    private final float rate;
    private final double smoothing;

    Manner(float rate, double smoothing) {
      this.rate = rate;
      this.smoothing = smoothing;
    }

    static Manner of(Frames frames) {
      return frames.hasNoTracks() ? ANY_ORDER : TRACKS;
    }
  }

  /**
   * Rows of the bank that an episode remembers, and so does whoever plays a stream to measure it.
   */
  public static final int REMEMBERED = 192;

  private final StudentSpec spec;
  private final Frames frames;
  private final long seed;
  private final Manner manner;
  private final TorchModule module;
  private final AdamW optimizer;
  private final Frames shown;
  private long step;
  private long steps;

  private EvidenceFit(
      StudentSpec spec,
      Map<String, Tensor> tensors,
      Frames shown,
      Frames frames,
      long seed,
      Device device) {
    this.spec = spec;
    this.frames = frames;
    this.shown = shown;
    this.seed = seed;
    this.manner = Manner.of(frames);
    this.module = TorchModule.trainable(Student.evidence(spec, tensors, manner.smoothing), device);
    this.optimizer = new AdamW(module.newManager(), 0, Map.of());
  }

  /**
   * Learns.
   *
   * @param tensors of a student whose stem is fitted
   * @param prototypes which the stem was fitted to
   * @param fresh views of images that it was not fitted to
   * @param tracks of these; none where the set has none
   * @return all tensors of the student
   */
  public static Map<String, Tensor> fit(
      StudentSpec spec,
      Map<String, Tensor> tensors,
      ImageSet prototypes,
      Views fresh,
      List<int[]> tracks,
      long seed,
      Device device)
      throws InterruptedException {
    if (spec.ranking() == Ranking.NONE) {
      return Student.alone(tensors);
    }
    if (fresh.set().size() == 0) {
      LOG.warn(
          "no class has images to spare on which to learn what neighbours are worth: this student"
              + " heeds none");
      return Student.alone(tensors);
    }
    Frames shown;
    Frames frames;
    try (Embedding stem = new Embedding(spec, tensors, device)) {
      shown = stem.images(prototypes);
      frames = stem.tracks(fresh, tracks);
    }
    return fit(spec, tensors, shown, frames, seed, device);
  }

  /** The same, of images as a stem sees them. */
  static Map<String, Tensor> fit(
      StudentSpec spec,
      Map<String, Tensor> tensors,
      Frames shown,
      Frames frames,
      long seed,
      Device device)
      throws InterruptedException {
    Map<String, Tensor> learned = learned(spec, tensors, shown, frames, seed, device);
    Set<Tier> idle =
        Manner.of(frames) == Manner.TRACKS
            ? Set.of()
            : new Worth(spec, shown, frames, seed, device).idle(learned);
    if (idle.isEmpty()) {
      return learned;
    }
    LOG.info("without labels no more answers are right by {}: not heard", idle);
    return learned(spec, Student.without(tensors, idle), shown, frames, seed, device);
  }

  private static Map<String, Tensor> learned(
      StudentSpec spec,
      Map<String, Tensor> tensors,
      Frames shown,
      Frames frames,
      long seed,
      Device device)
      throws InterruptedException {
    try (EvidenceFit fit = new EvidenceFit(spec, tensors, shown, frames, seed, device)) {
      fit.run();
      Map<String, Tensor> learned = new LinkedHashMap<>(tensors);
      learned.putAll(fit.module.tensors());
      return learned;
    }
  }

  private void run() throws InterruptedException {
    List<Episode> episodes =
        IntStream.range(0, EPISODES)
            .mapToObj(i -> Episode.of(frames, new Random(Views.mixed(seed, -3, i))))
            .toList();
    steps = episodes.stream().mapToLong(e -> (e.frames().length + e.batch() - 1) / e.batch()).sum();
    EpisodePlayer player = new EpisodePlayer(spec, module, shown, frames, this::learn);
    for (int i = 0; i < episodes.size(); i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException("training was interrupted");
      }
      player.play(episodes.get(i), new Random(Views.mixed(seed, -4, i)));
    }
  }

  private NDList learn(long[] labels, NDArray... arguments) {
    optimizer.begin(step, Schedule.rate(manner.rate, step, steps));
    step++;
    NDList out = module.step(optimizer, arguments);
    float loss = out.head().getFloat();
    if (!Float.isFinite(loss)) {
      throw new IllegalStateException(
          "what neighbours are worth became " + loss + " in step " + step);
    }
    return out;
  }

  @Override
  public void close() {
    optimizer.close();
    module.close();
  }
}
