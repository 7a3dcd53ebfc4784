package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Ends a demo whose topology has failed, or answers nothing any more. */
final class DemoWatch {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BooleanSupplier alive;
  private long lastArrival = System.nanoTime();

  /**
   * Waits from now on.
   *
   * @param alive whether the topology has not failed
   */
  DemoWatch(BooleanSupplier alive) {
    this.alive = alive;
  }

  /**
   * Looks after each poll.
   *
   * @param arrived whether it brought an answer
   * @param open images without one
   * @throws CliException if nothing more is to be expected
   */
  void look(boolean arrived, int open) throws CliException {
    long now = System.nanoTime();
    if (arrived) {
      lastArrival = now;
    }
    if (!alive.getAsBoolean()) {
      throw new CliException("the topology has failed; --debug shows its log");
    }
    if (now - lastArrival > PATIENCE.toNanos()) {
      throw new CliException(
          "%d images are still without an answer after %d s of silence"
              .formatted(open, PATIENCE.toSeconds()));
    }
  }
}
