package io.cnn2gnn.benchmarks.start;

import io.cnn2gnn.benchmarks.goal.Machine;
import io.cnn2gnn.benchmarks.service.AnswerClock;
import io.cnn2gnn.benchmarks.service.Deployment;
import io.cnn2gnn.benchmarks.service.Feed;
import io.cnn2gnn.benchmarks.service.ServiceProcess;
import io.cnn2gnn.benchmarks.service.TestBed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;

/**
 * Starts the service again and again on the same topics and the same state. The first start does
 * not count: it creates the application's own topics, and reads from disk what the others find in
 * memory.
 */
public final class StartBenchmark {
  private static final String INSTANCE = "one";

  private final TestBed bed;
  private final Options options;

  /**
   * What to measure.
   *
   * @param command main class and first arguments of the service
   * @param bundle the model
   * @param rounds whose median counts
   * @param images after which memory is looked at again
   * @param settings of the service beside its defaults
   * @param seed of images
   */
  public record Options(
      List<String> command,
      Path bundle,
      int rounds,
      int images,
      Map<String, String> settings,
      long seed) {
    public Options {
      command = List.copyOf(command);
      settings = Map.copyOf(settings);
      if (rounds < 1 || images < 1) {
        throw new IllegalArgumentException(
            "rounds and images must be positive: %d, %d".formatted(rounds, images));
      }
    }
  }

  /** Prepares a benchmark; nothing is started yet. */
  public StartBenchmark(TestBed bed, Options options) {
    this.bed = bed;
    this.options = options;
  }

  /** Runs everything. */
  public StartReport run() throws Exception {
    Deployment service =
        new Deployment(
            bed.broker(), bed.registryUrl(), options.bundle(), "bench-start", bed.folder());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bed.broker()))) {
      service.create(admin);
    }
    List<Double> seconds = new ArrayList<>();
    List<Double> ready = new ArrayList<>();
    List<Double> worked = new ArrayList<>();
    Random random = new Random(options.seed());
    try (Feed feed = new Feed(service);
        AnswerClock answers = new AnswerClock(service)) {
      for (int round = 0; round <= options.rounds(); round++) {
        List<Double> counted = round == 0 ? new ArrayList<>() : seconds;
        List<Double> countedReady = round == 0 ? new ArrayList<>() : ready;
        List<Double> countedWorked = round == 0 ? new ArrayList<>() : worked;
        try (ServiceProcess process =
            ServiceProcess.start(options.command(), service, INSTANCE, options.settings())) {
          double took = process.awaitReady();
          counted.add(took);
          process.residentMegabytes().ifPresent(countedReady::add);
          int first = round * options.images();
          for (int i = first; i < first + options.images(); i++) {
            feed.send(i, feed.noise(i, random));
          }
          feed.flush();
          answers.await(first + options.images(), process::isAlive);
          process.residentMegabytes().ifPresent(countedWorked::add);
          process.stop();
          bed.progress()
              .accept(
                  String.format(
                      Locale.ROOT,
                      "start, %s: ready in %.2f s",
                      round == 0 ? "warm-up" : "round " + round,
                      took));
        }
      }
    }
    return new StartReport(describe(), options.images(), seconds, ready, worked);
  }

  private String describe() {
    return String.format(
        Locale.ROOT,
        "The service in a process of its own, JVM options of this one, broker and registry up, its"
            + " topics there; %d rounds, seed %d; %s.",
        options.rounds(),
        options.seed(),
        Machine.description());
  }
}
