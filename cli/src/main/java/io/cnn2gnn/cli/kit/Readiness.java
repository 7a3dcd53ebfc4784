package io.cnn2gnn.cli.kit;

import io.cnn2gnn.topology.app.ClassificationApp;
import java.time.Duration;

/** Waits for a service in this process. */
public final class Readiness {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(20);

  private Readiness() {}

  /** Images sent before the topology has its partitions would measure its start, not its work. */
  public static void await(ClassificationApp app) throws CliException, InterruptedException {
    long until = System.nanoTime() + TIMEOUT.toNanos();
    while (!app.isReady()) {
      if (!app.isLive() || System.nanoTime() > until) {
        throw new CliException("the topology did not come up; --debug shows its log");
      }
      Thread.sleep(POLL.toMillis());
    }
  }
}
