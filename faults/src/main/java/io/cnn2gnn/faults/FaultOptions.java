package io.cnn2gnn.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the harness is told.
 *
 * @param rows to run, in this order
 * @param rounds per row
 * @param soak how long the row of random faults goes on
 * @param seed of every choice: moments, images, faults
 * @param bundle that the services run
 * @param service main class and first arguments of the service; it is given {@code --config FILE}
 * @param trainer likewise of the training job
 * @param work folder for data and logs; must be new, stays for a look at the logs
 */
public record FaultOptions(
    List<Row> rows,
    int rounds,
    Duration soak,
    long seed,
    Path bundle,
    List<String> service,
    List<String> trainer,
    Path work) {
  public FaultOptions {
    rows = List.copyOf(rows);
    service = List.copyOf(service);
    trainer = List.copyOf(trainer);
    if (soak.isNegative() || soak.isZero()) {
      throw new IllegalArgumentException("--minutes must be at least 1: " + soak.toMinutes());
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds must be at least 1: " + rounds);
    }
  }
}
