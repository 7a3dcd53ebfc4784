package io.cnn2gnn.benchmarks.latency;

import io.cnn2gnn.benchmarks.goal.Machine;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.pipeline.Contestant;
import io.cnn2gnn.benchmarks.pipeline.LoopPeer;
import io.cnn2gnn.benchmarks.pipeline.PipelineBenchmark;
import io.cnn2gnn.benchmarks.pipeline.Rate;
import io.cnn2gnn.benchmarks.pipeline.Setup;
import io.cnn2gnn.benchmarks.pipeline.Workload;
import io.cnn2gnn.benchmarks.service.Deployment;
import io.cnn2gnn.benchmarks.service.TestBed;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.StartupException;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * How long an image takes from when it was due to its committed answer, in an open loop: images are
 * sent at their times, whatever becomes of those before. First {@link PipelineBenchmark} says what
 * the service does at most; then it gets half of that, and a tenth. A plain consumer loop gets the
 * same images at the same times, which tells what the machine and the broker add to anybody's time.
 */
public final class LatencyBenchmark {
  private static final int FILES = 2048;
  private static final double LONGEST_SATURATION = 12;

  /** Seconds at each load that do not count. */
  private static final double SETTLE = 2;

  /** Seconds at each load in the round that does not count: saturation has compiled the code. */
  private static final double WARM_UP = 5;

  private static final double HALF = 0.5;
  private static final double TENTH = 0.1;

  private final TestBed bed;
  private final Options options;

  /**
   * What to measure.
   *
   * @param bundle the model
   * @param images zip of PNG files
   * @param side to which they are enlarged
   * @param records on the topic from which saturation is measured
   * @param rounds whose median counts, after one that does not
   * @param seconds of each load in each round, and of saturation up to 12
   * @param settings of the service beside its defaults
   * @param seed of images
   */
  public record Options(
      Path bundle,
      Path images,
      int side,
      int records,
      int rounds,
      double seconds,
      Map<String, String> settings,
      long seed) {
    public Options {
      settings = Map.copyOf(settings);
      if (side < 1 || records < 1 || rounds < 1 || !(seconds > 0)) {
        throw new IllegalArgumentException("side, records, rounds and seconds must be positive");
      }
    }
  }

  /** Prepares a benchmark; nothing is started yet. */
  public LatencyBenchmark(TestBed bed, Options options) {
    this.bed = bed;
    this.options = options;
  }

  /** Runs everything. */
  public LatencyReport run() throws Exception {
    List<Double> saturation = saturation();
    double most = Spread.of(saturation).median();
    if (Double.isNaN(most)) {
      throw new IOException("all answers came at once: saturation needs more records or seconds");
    }
    Workload workload = Workload.of(options.images(), FILES, options.side(), options.seed());
    List<Load> half = new ArrayList<>();
    List<Load> tenth = new ArrayList<>();
    List<Load> loopAtHalf = new ArrayList<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bed.broker()));
        SchemaRegistryClient registry =
            SchemaRegistries.create(Map.of("schema.registry.url", bed.registryUrl()))) {
      for (int round = 0; round <= options.rounds(); round++) {
        String name = round == 0 ? "warm-up" : "round " + round;
        double seconds = round == 0 ? Math.min(options.seconds(), WARM_UP) : options.seconds();
        // They take turns in who is first.
        for (boolean isLoop : round % 2 == 0 ? List.of(false, true) : List.of(true, false)) {
          Deployment topics =
              deployment("bench-latency-%s%d".formatted(isLoop ? "loop-" : "", round));
          topics.create(admin);
          try (Subject subject = isLoop ? loop(registry, topics) : service(topics);
              OpenLoop open = new OpenLoop(topics, workload)) {
            open.awaitFirst(subject);
            Load atHalf = open.measure(subject, most * HALF, SETTLE, seconds);
            bed.progress().accept(line(name, isLoop ? "loop" : "service", atHalf));
            if (round > 0) {
              (isLoop ? loopAtHalf : half).add(atHalf);
            }
            if (!isLoop) {
              Load atTenth = open.measure(subject, most * TENTH, SETTLE, seconds);
              bed.progress().accept(line(name, "service", atTenth));
              if (round > 0) {
                tenth.add(atTenth);
              }
            }
          } finally {
            topics.delete(admin);
          }
        }
      }
    }
    return new LatencyReport(describe(workload), linger(), saturation, half, tenth, loopAtHalf);
  }

  private static String line(String round, String who, Load load) {
    return String.format(
        Locale.ROOT,
        "latency, %s, %s: p99 %.1f ms at %,.0f images/s",
        round,
        who,
        load.p99(),
        load.perSecond());
  }

  private Subject service(Deployment topics) throws IOException, StartupException {
    return ServiceSubject.start(topics, options.settings());
  }

  private Subject loop(SchemaRegistryClient registry, Deployment topics)
      throws IOException, BundleException {
    return new LoopSubject(
        LoopPeer.start(
            new Setup(
                bed.broker(),
                bed.registryUrl(),
                registry,
                options.bundle(),
                Bundle.read(options.bundle()),
                topics.images(),
                topics.predictions(),
                bed.folder(),
                options.settings())));
  }

  private List<Double> saturation() throws Exception {
    PipelineBenchmark.Options service =
        new PipelineBenchmark.Options(
            options.bundle(),
            options.images(),
            options.side(),
            options.records(),
            options.rounds(),
            Math.min(options.seconds(), LONGEST_SATURATION),
            List.of(Contestant.SERVICE),
            options.settings(),
            options.seed());
    return new PipelineBenchmark(
            new TestBed(
                bed.broker(),
                bed.registryUrl(),
                bed.folder(),
                line -> bed.progress().accept("saturation, " + line)),
            service)
        .run().rates().get(Contestant.SERVICE).stream().map(Rate::perSecond).toList();
  }

  private Deployment deployment(String application) {
    return new Deployment(
        bed.broker(), bed.registryUrl(), options.bundle(), application, bed.folder());
  }

  private double linger() {
    Map<String, String> settings = deployment("bench").settings("one", options.settings());
    return AppConfig.of(settings).topology().batch().maxWait().toNanos() / 1e6;
  }

  private String describe(Workload workload) {
    return String.format(
        Locale.ROOT,
        "PNG images of %,.0f bytes, evenly spaced, one partition and one thread; time from when an"
            + " image was due to its committed answer; %d rounds of %.0f s for each load after %.0f s"
            + " that do not count, seed %d; %s.",
        workload.meanBytes(),
        options.rounds(),
        options.seconds(),
        SETTLE,
        options.seed(),
        Machine.description());
  }
}
