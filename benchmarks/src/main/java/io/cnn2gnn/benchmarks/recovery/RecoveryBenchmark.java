package io.cnn2gnn.benchmarks.recovery;

import io.cnn2gnn.benchmarks.goal.Machine;
import io.cnn2gnn.benchmarks.service.Deployment;
import io.cnn2gnn.benchmarks.service.TestBed;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;

/**
 * Kills services, each a process of its own, and measures how long it takes until all is well: a
 * service that has lost its state restores its bank, and a standby takes over.
 */
public final class RecoveryBenchmark {
  private static final int MOST_ROWS = 100_000;

  private final TestBed bed;
  private final Options options;

  /**
   * What to measure.
   *
   * @param command main class and first arguments of the service
   * @param bundle the model
   * @param rows of the bank that is restored
   * @param rounds of each trial, whose median counts
   * @param settings of the services beside their defaults; those of the trials win
   * @param seed of images and moments
   */
  public record Options(
      List<String> command,
      Path bundle,
      int rows,
      int rounds,
      Map<String, String> settings,
      long seed) {
    public Options {
      command = List.copyOf(command);
      settings = Map.copyOf(settings);
      if (rows < 1 || rows > MOST_ROWS || rounds < 1) {
        throw new IllegalArgumentException(
            "rows must lie in 1..%d and rounds be positive: %d, %d"
                .formatted(MOST_ROWS, rows, rounds));
      }
    }
  }

  /** Prepares a benchmark; nothing is started yet. */
  public RecoveryBenchmark(TestBed bed, Options options) {
    this.bed = bed;
    this.options = options;
  }

  /** Runs everything. */
  public RecoveryReport run() throws Exception {
    Deployment restored = deployment("bench-restore");
    Deployment pair = deployment("bench-failover");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bed.broker()))) {
      restored.create(admin);
      pair.create(admin);
    }
    Random random = new Random(options.seed());
    List<Restore> restores =
        new RestoreTrial(
                options.command(), restored, options.rows(), options.settings(), bed.progress())
            .run(options.rounds(), random);
    List<Double> gaps =
        new FailoverTrial(options.command(), pair, options.settings(), bed.progress())
            .run(options.rounds(), random);
    return new RecoveryReport(
        describe(), options.rows(), FailoverTrial.SESSION_SECONDS, restores, gaps);
  }

  private Deployment deployment(String application) {
    return new Deployment(
        bed.broker(), bed.registryUrl(), options.bundle(), application, bed.folder());
  }

  private String describe() {
    return String.format(
        Locale.ROOT,
        "Services in processes of their own, one partition, kill -9. Restore: the state directory is"
            + " deleted. Failover: %d images/s, one standby, session timeout %d s. %d rounds, seed"
            + " %d; %s.",
        FailoverTrial.PER_SECOND,
        FailoverTrial.SESSION_SECONDS,
        options.rounds(),
        options.seed(),
        Machine.description());
  }
}
