package io.cnn2gnn.training.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Plays episodes to a module of the evidence, batch by batch, with the bank and the labels that
 * there would be.
 *
 * @param module see {@code evidence_training.py}
 * @param shown prototypes
 * @param frames that episodes are of
 * @param answering what is done with each batch
 */
record EpisodePlayer(
    StudentSpec spec, TorchModule module, Frames shown, Frames frames, Answering answering) {
  /** What cross entropy passes over. */
  private static final long UNNAMED = -100;

  /** Answers a batch, whether it learns from it or not. */
  interface Answering {
    /**
     * Answers.
     *
     * @param labels of the images, negative where the class has no name yet
     * @return what the script returns: loss, answers and what a row keeps
     */
    NDList answer(long[] labels, NDArray... arguments);
  }

  /** Plays one to its end. */
  void play(Episode episode, Random random) {
    new Run(episode, random).run();
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
        int b = batch.length;
        int classes = known + named;
        long[] truth = Arrays.stream(batch).mapToLong(this::truth).toArray();
        long[] labels = Arrays.stream(truth).map(y -> y < classes ? y : UNNAMED).toArray();
        int[] said = told.stream().mapToInt(frame -> frame).toArray();
        NDList out =
            answering.answer(
                labels,
                rows(scope, frames, batch),
                logits(scope, batch),
                scope.zeros(new Shape(b), DataType.INT64),
                scope.create(labels),
                scope.create(truth),
                rows(scope, frames, said),
                scope.create(Arrays.stream(said).mapToLong(this::truth).toArray()),
                mistaken(scope, said),
                shownRows,
                shownLabels,
                rows(scope, frames, bank.stream().mapToInt(Row::frame).toArray()),
                said(scope, classes),
                scope.create(bank.stream().mapToLong(row -> truth(row.frame())).toArray()),
                scope.create(Arrays.stream(sources).asLongStream().toArray()),
                scope.create(bank.stream().mapToLong(Row::source).toArray()),
                scope.zeros(new Shape(named)));
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

    /** 1 for images that the stem by itself has of another class than theirs, else -1. */
    private NDArray mistaken(NDManager scope, int[] which) {
      float[] wrong = new float[which.length];
      for (int i = 0; i < which.length; i++) {
        wrong[i] = own(which[i]) == frames.labels()[which[i]] ? -1 : 1;
      }
      return scope.create(wrong);
    }

    /** The known class that the stem by itself gives a frame. */
    private int own(int frame) {
      int best = -1;
      float most = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < spec.classes(); c++) {
        float z = frames.z()[frame * spec.classes() + c];
        if (isKnown(c) && z > most) {
          best = c;
          most = z;
        }
      }
      return best;
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
      while (bank.size() > EvidenceFit.REMEMBERED) {
        bank.remove();
      }
    }
  }
}
