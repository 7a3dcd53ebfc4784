package io.cnn2gnn.training.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what neighbours are worth, in {@link Episode}s of images that the stem was not fitted to:
 * how near one has to be in each tier, how sure it then is, and how much it counts. Stem and metric
 * rest.
 */
public final class EvidenceFit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EvidenceFit.class);
  private static final int EPISODES = 250;
  private static final float RATE = 3e-3f;

  /**
   * Rows of the bank that an episode remembers, and so does whoever plays a stream to measure it.
   */
  public static final int REMEMBERED = 192;

  /** What cross entropy passes over. */
  private static final long UNNAMED = -100;

  private final StudentSpec spec;
  private final Frames frames;
  private final long seed;
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
    this.module = TorchModule.trainable(Student.evidence(spec, tensors), device);
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
    for (int i = 0; i < episodes.size(); i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException("training was interrupted");
      }
      new Run(episodes.get(i), new Random(Views.mixed(seed, -4, i))).run();
    }
  }

  /** A row of the bank as later images find it. */
  private record Row(float[] q, int frame, int source) {}

  private record Label(int frame, int due) {}

  /** One episode. */
  private final class Run {
    private final Episode episode;
    private final Random random;

    /** Where each class stands among the known ones, or those that somebody has named; else -1. */
    private final int[] place;

    private final int known;
    private int named;
    private final Deque<Row> bank = new ArrayDeque<>();
    private final Deque<Label> waiting = new ArrayDeque<>();
    private final List<Integer> told = new ArrayList<>();
    private final NDManager lasting = module.newManager();
    private final NDArray shownRows;
    private final NDArray shownLabels;

    Run(Episode episode, Random random) {
      this.episode = episode;
      this.random = random;
      this.place = new int[spec.classes()];
      int next = 0;
      for (int c = 0; c < place.length; c++) {
        place[c] = episode.hidden().contains(c) ? -1 : next++;
      }
      this.known = next;
      Arrays.stream(episode.before()).forEach(told::add);
      // Prototypes are of classes that the model knows.
      int[] kept =
          IntStream.range(0, shown.size()).filter(i -> isKnown(shown.labels()[i])).toArray();
      this.shownRows = rows(lasting, shown, kept);
      this.shownLabels =
          lasting.create(Arrays.stream(kept).mapToLong(i -> place[shown.labels()[i]]).toArray());
    }

    void run() {
      try (lasting) {
        play();
      }
    }

    private void play() {
      int[] order = episode.frames();
      for (int from = 0; from < order.length; from += episode.batch()) {
        hear(from);
        int to = Math.min(order.length, from + episode.batch());
        batch(Arrays.copyOfRange(order, from, to), Arrays.copyOfRange(episode.sources(), from, to));
        for (int i = from; i < to; i++) {
          if (random.nextDouble() < episode.labelled()) {
            waiting.add(new Label(order[i], i + episode.late()));
          }
        }
      }
    }

    private void hear(int now) {
      while (!waiting.isEmpty() && waiting.peek().due() <= now) {
        int frame = waiting.poll().frame();
        int label = frames.labels()[frame];
        if (place[label] < 0) {
          place[label] = known + named++;
        }
        told.add(frame);
      }
    }

    private long truth(int frame) {
      int label = frames.labels()[frame];
      return place[label] >= 0 ? place[label] : 1_000_000L + label;
    }

    private void batch(int[] batch, int[] sources) {
      try (NDManager scope = module.newManager()) {
        optimizer.begin(step, Schedule.rate(RATE, step, steps));
        step++;
        int b = batch.length;
        int classes = known + named;
        long[] truth = Arrays.stream(batch).mapToLong(this::truth).toArray();
        long[] labels = Arrays.stream(truth).map(y -> y < classes ? y : UNNAMED).toArray();
        int[] said = told.stream().mapToInt(frame -> frame).toArray();
        NDList out =
            module.step(
                optimizer,
                rows(scope, frames, batch),
                logits(scope, batch),
                scope.zeros(new Shape(b), DataType.INT64),
                scope.create(labels),
                scope.create(truth),
                rows(scope, frames, said),
                scope.create(Arrays.stream(said).mapToLong(this::truth).toArray()),
                shownRows,
                shownLabels,
                rows(scope, frames, bank.stream().mapToInt(Row::frame).toArray()),
                said(scope, classes),
                scope.create(bank.stream().mapToLong(row -> truth(row.frame())).toArray()),
                scope.create(Arrays.stream(sources).asLongStream().toArray()),
                scope.create(bank.stream().mapToLong(Row::source).toArray()),
                scope.zeros(new Shape(named)));
        float loss = out.head().getFloat();
        if (!Float.isFinite(loss)) {
          throw new IllegalStateException(
              "what neighbours are worth became " + loss + " in step " + step);
        }
        remember(batch, sources, out.get(2).exp().toFloatArray());
      }
    }

    private boolean isKnown(int label) {
      return place[label] >= 0 && place[label] < known;
    }

    private NDArray rows(NDManager scope, Frames of, int[] which) {
      int width = spec.projection();
      float[] v = new float[which.length * width];
      for (int i = 0; i < which.length; i++) {
        System.arraycopy(of.v(), which[i] * width, v, i * width, width);
      }
      return scope.create(v, new Shape(which.length, width));
    }

    private NDArray logits(NDManager scope, int[] batch) {
      float[] z = new float[batch.length * known];
      for (int i = 0; i < batch.length; i++) {
        for (int c = 0; c < spec.classes(); c++) {
          if (isKnown(c)) {
            z[i * known + place[c]] = frames.z()[batch[i] * spec.classes() + c];
          }
        }
      }
      return scope.create(z, new Shape(batch.length, known));
    }

    private NDArray said(NDManager scope, int classes) {
      float[] values = new float[bank.size() * classes];
      int at = 0;
      for (Row row : bank) {
        System.arraycopy(row.q(), 0, values, at, row.q().length);
        at += classes;
      }
      return scope.create(values, new Shape(bank.size(), classes));
    }

    private void remember(int[] batch, int[] sources, float[] q) {
      int classes = q.length / batch.length;
      for (int i = 0; i < batch.length; i++) {
        bank.add(
            new Row(Arrays.copyOfRange(q, i * classes, (i + 1) * classes), batch[i], sources[i]));
      }
      while (bank.size() > REMEMBERED) {
        bank.remove();
      }
    }
  }

  @Override
  public void close() {
    optimizer.close();
    module.close();
  }
}
