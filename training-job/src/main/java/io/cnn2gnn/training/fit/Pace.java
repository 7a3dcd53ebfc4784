package io.cnn2gnn.training.fit;

import io.cnn2gnn.training.data.Views;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Times steps of the work itself; what they learn is thrown away. */
final class Pace {
  private static final int WARM_UP = 8;
  private static final int TIMED = 9;
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(5);

  private Pace() {}

  /**
   * The median of a few steps, after some that are not timed, in which TorchScript compiles.
   *
   * @param until how many steps it takes until all are alike
   */
  static double secondsPerStep(Learner learner, Views views, Schedule schedule, int until) {
    int steps = Math.max(1, views.set().size() / schedule.batch());
    long begin = System.nanoTime();
    for (int i = 0; i < Math.max(WARM_UP, until) && within(begin); i++) {
      step(learner, views, schedule, i % steps);
    }
    List<Double> seconds = new ArrayList<>();
    long timed = System.nanoTime();
    while (seconds.isEmpty() || (seconds.size() < TIMED && within(timed))) {
      long before = System.nanoTime();
      step(learner, views, schedule, seconds.size() % steps);
      seconds.add((System.nanoTime() - before) / 1e9);
    }
    Collections.sort(seconds);
    return seconds.get(seconds.size() / 2);
  }

  private static boolean within(long begin) {
    return System.nanoTime() - begin < LIMIT;
  }

  private static void step(Learner learner, Views views, Schedule schedule, int step) {
    int batch = schedule.batch();
    int[] images = Arrays.copyOfRange(views.order(0), step * batch, (step + 1) * batch);
    learner.step(step, 0, images, schedule.rate(0, 1000));
  }
}
