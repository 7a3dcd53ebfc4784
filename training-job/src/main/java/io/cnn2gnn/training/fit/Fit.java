package io.cnn2gnn.training.fit;

import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.training.data.Views;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Drives a learner through its epochs, with a checkpoint after each. */
final class Fit {
  private Fit() {}

  /** Begins a learner from nothing or from a checkpoint. */
  @FunctionalInterface
  interface Start {
    Learner from(Optional<Checkpoint> checkpoint);
  }

  /**
   * Runs to the end.
   *
   * @param split that the learner's accuracy held out is of
   * @param files without ending: {@code .checkpoint} and {@code .csv}, the learning curve
   */
  static Fitted run(
      Start start,
      Views views,
      HeldOut.Split split,
      Schedule schedule,
      Path files,
      Progress progress)
      throws IOException, InterruptedException {
    Path checkpoint = checkpoint(files);
    Path curve = files.resolveSibling(files.getFileName() + ".csv");
    Optional<Checkpoint> saved = Checkpoint.read(checkpoint);
    List<Epoch> history = new ArrayList<>(saved.map(Checkpoint::history).orElse(List.of()));
    Map<String, Tensor> best = saved.map(Checkpoint::best).orElse(Map.of());
    int batch = schedule.batch();
    int perEpoch = views.set().size() / batch;
    long steps = (long) perEpoch * schedule.epochs();
    try (Learner learner = start.from(saved)) {
      for (int epoch = history.size();
          epoch < schedule.epochs() && !isOver(history, schedule);
          epoch++) {
        long began = System.nanoTime();
        progress.epoch(epoch + 1, schedule.epochs(), perEpoch * batch);
        learner.begin(epoch);
        int[] order = views.order(epoch);
        double loss = 0;
        int right = 0;
        int labelled = 0;
        for (int i = 0; i < perEpoch; i++) {
          if (Thread.interrupted()) {
            throw new InterruptedException("training was interrupted");
          }
          long step = (long) epoch * perEpoch + i;
          int[] images = Arrays.copyOfRange(order, i * batch, (i + 1) * batch);
          Learner.Step done = learner.step(step, epoch, images, schedule.rate(step, steps));
          if (!Float.isFinite(done.loss())) {
            throw new IOException(
                "the loss became "
                    + done.loss()
                    + " in epoch "
                    + (epoch + 1)
                    + "; choose a lower learning rate");
          }
          loss += done.loss();
          right += done.right();
          labelled += done.labelled();
          progress.step(batch, done.loss());
        }
        history.add(
            new Epoch(
                epoch + 1,
                (float) (loss / perEpoch),
                (float) right / Math.max(1, labelled),
                (float) learner.heldOut(),
                schedule.rate((epoch + 1L) * perEpoch - 1, steps),
                (System.nanoTime() - began) / 1e9f));
        if (schedule.patience() > 0 && bestEpoch(history) == history.size() - 1) {
          best = learner.tensors();
        }
        new Checkpoint(history, learner.tensors(), learner.state(), best).write(checkpoint);
        History.write(curve, history, split);
        progress.done(history.get(history.size() - 1), split);
      }
      return new Fitted(best.isEmpty() ? learner.tensors() : best, List.copyOf(history));
    }
  }

  private static Path checkpoint(Path files) {
    return files.resolveSibling(files.getFileName() + ".checkpoint");
  }

  /** How many epochs a run with these files has behind it. */
  static int epochsDone(Path files) throws IOException {
    return Checkpoint.read(checkpoint(files)).map(c -> c.history().size()).orElse(0);
  }

  private static boolean isOver(List<Epoch> history, Schedule schedule) {
    return schedule.patience() > 0
        && history.size() - 1 - bestEpoch(history) >= schedule.patience();
  }

  private static int bestEpoch(List<Epoch> history) {
    int best = -1;
    for (int i = 0; i < history.size(); i++) {
      if (best < 0 || history.get(i).heldOut() > history.get(best).heldOut()) {
        best = i;
      }
    }
    return best;
  }
}
