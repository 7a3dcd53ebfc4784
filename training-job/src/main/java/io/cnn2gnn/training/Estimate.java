package io.cnn2gnn.training;

import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.fit.Progress;
import io.cnn2gnn.training.fit.StudentFit;
import io.cnn2gnn.training.teacher.Responder;
import java.io.IOException;
import java.time.Duration;

/** How long a run will take on this machine, from a few steps of its own work that are timed. */
final class Estimate {
  /** A step goes forward once, and backward through twice as many operations. */
  private static final int FORWARDS_PER_STEP = 3;

  /** Ways in which {@link Evaluation} asks about the test images, in batches. */
  private static final int PASSES = 4;

  /** What an image costs alone, in images of a batch. */
  private static final int ALONE = 8;

  /** Calls in which TorchScript compiles, and calls that are timed. */
  private static final int WARM_UP = 2;

  private static final int TIMED = 3;

  private Estimate() {}

  static Duration of(Plan plan) throws IOException, InterruptedException {
    int epochs = Teachers.epochsLeft(plan);
    double teacher = epochs == 0 ? 0 : epochs * Teachers.secondsPerEpoch(plan);
    try (Responder responder =
        epochs == 0 ? Teachers.open(plan, Estimate::nothingToTrain) : Teachers.untrained(plan)) {
      double answer = secondsPerAnswer(responder, plan.labelled());
      long curve = (long) epochs * plan.heldOut().images().size();
      return seconds(teacher + curve * answer + student(plan, responder, answer));
    }
  }

  private static Progress nothingToTrain() {
    throw new IllegalStateException("a teacher that is ready is trained");
  }

  private static double student(Plan plan, Responder teacher, double answer) throws IOException {
    StudentFit.Task task = plan.task(teacher);
    int all = plan.options().schedule().epochs();
    int batch = plan.options().schedule().batch();
    int done = StudentFit.epochsDone(task.files());
    double step = StudentFit.secondsPerStep(task);
    double image = step / batch / FORWARDS_PER_STEP;
    int test = plan.test().size();
    long asked = test + (task.asks() ? task.answers().unanswered(done, all) : 0);
    long steps = (long) (all - done) * (task.views().set().size() / batch);
    long answered =
        (long) (all - done) * plan.heldOut().images().size() + (long) (PASSES + ALONE) * test;
    return asked * answer + steps * step + answered * image;
  }

  private static double secondsPerAnswer(Responder teacher, ImageSet images) {
    byte[] samples = images.samples(0, Math.min(Evaluation.BATCH, images.size()));
    int count = samples.length / images.imageBytes();
    for (int i = 0; i < WARM_UP; i++) {
      teacher.logits(samples);
    }
    long begin = System.nanoTime();
    for (int i = 0; i < TIMED; i++) {
      teacher.logits(samples);
    }
    return (System.nanoTime() - begin) / 1e9 / TIMED / count;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(1000 * seconds));
  }
}
