package io.cnn2gnn.training;

import io.cnn2gnn.training.fit.Progress;
import java.io.IOException;
import java.time.Duration;

/** Where a training run tells how far it is. */
public interface TrainListener {
  /** How long the run will take; who asks waits while some steps are timed. */
  @FunctionalInterface
  interface Forecast {
    /**
     * Times some steps.
     *
     * @throws IOException if what an earlier run left cannot be read, naming the file
     */
    Duration duration() throws IOException, InterruptedException;
  }

  /** A phase ({@code teacher} or {@code student}) begins; its progress goes to the result. */
  Progress phase(String name);

  /** A run begins whose data is read. */
  default void begin(Forecast forecast) throws IOException, InterruptedException {}

  /** The stem is fitted; on so many other images it is learned what neighbours are worth. */
  default void weighing(int images) {}

  /** The student is trained; it is now measured on so many test images. */
  default void measuring(int images) {}
}
