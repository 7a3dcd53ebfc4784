package io.cnn2gnn.benchmarks.latency;

import io.cnn2gnn.benchmarks.goal.Machine;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.pipeline.Contestant;
import io.cnn2gnn.benchmarks.pipeline.PipelineBenchmark;
import io.cnn2gnn.benchmarks.pipeline.Workload;
import io.cnn2gnn.benchmarks.service.Answers;
import io.cnn2gnn.benchmarks.service.Deployment;
import io.cnn2gnn.benchmarks.service.Endpoints;
import io.cnn2gnn.benchmarks.service.Feed;
import io.cnn2gnn.benchmarks.service.Schedule;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * How long an image takes from when it was due to its committed answer, in an open loop: images are
 * sent at their times, whatever becomes of those before. First {@link PipelineBenchmark} says what
 * the service does at most; then it gets half of that, and a tenth.
 */
public final class LatencyBenchmark {
  private static final int IN_MEMORY = 2048;
  private static final double LONGEST_SATURATION = 12;

  /** Seconds at each load that do not count. */
  private static final double SETTLE = 2;

  /** Seconds at each load in the round that does not count: saturation has compiled the code. */
  private static final double WARM_UP = 5;

  private static final double HALF = 0.5;
  private static final double TENTH = 0.1;
  private static final Duration READY = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 10;

  private final String broker;
  private final String registryUrl;
  private final Path folder;
  private final Options options;
  private final Consumer<String> progress;

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

  /**
   * Prepares a benchmark.
   *
   * @param folder for state; its owner deletes it
   * @param progress is told what has been done
   */
  public LatencyBenchmark(
      String broker, String registryUrl, Path folder, Options options, Consumer<String> progress) {
    this.broker = broker;
    this.registryUrl = registryUrl;
    this.folder = folder;
    this.options = options;
    this.progress = progress;
  }

  /** Runs everything. */
  public LatencyReport run() throws Exception {
    List<Double> saturation = saturation();
    double most = Spread.of(saturation).median();
    if (Double.isNaN(most)) {
      throw new IOException("all answers came at once: saturation needs more records or seconds");
    }
    Workload workload = Workload.of(options.images(), IN_MEMORY, options.side(), options.seed());
    List<Load> half = new ArrayList<>();
    List<Load> tenth = new ArrayList<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      for (int round = 0; round <= options.rounds(); round++) {
        Deployment service = deployment("bench-latency-" + round);
        service.create(admin);
        try (Run run = new Run(service, options.settings(), workload)) {
          run.awaitReady();
          double seconds = round == 0 ? Math.min(options.seconds(), WARM_UP) : options.seconds();
          Load atHalf = run.measure(most * HALF, seconds);
          Load atTenth = run.measure(most * TENTH, seconds);
          if (round > 0) {
            half.add(atHalf);
            tenth.add(atTenth);
          }
          progress.accept(
              String.format(
                  Locale.ROOT,
                  "latency, %s: p99 %.1f ms at %,.0f images/s, %.1f ms at %,.0f",
                  round == 0 ? "warm-up" : "round " + round,
                  atHalf.p99(),
                  atHalf.perSecond(),
                  atTenth.p99(),
                  atTenth.perSecond()));
        } finally {
          service.delete(admin);
        }
      }
    }
    return new LatencyReport(describe(workload), linger(), saturation, half, tenth);
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
            broker, registryUrl, folder, service, line -> progress.accept("saturation, " + line))
        .run()
        .rates()
        .get(Contestant.SERVICE);
  }

  private Deployment deployment(String application) {
    return new Deployment(broker, registryUrl, options.bundle(), application, folder);
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

  /** One service, its camera, and who awaits its answers. */
  private static final class Run implements AutoCloseable {
    private final Endpoints endpoints = Endpoints.onFreePort();
    private final ClassificationApp app;
    private final Feed feed;
    private final Answers answers;
    private final byte[][] records = new byte[IN_MEMORY][];
    private int sent;

    Run(Deployment service, Map<String, String> more, Workload workload) throws Exception {
      Map<String, String> settings = new HashMap<>(service.settings("one", more));
      settings.put(AppConfig.HTTP_PORT, Integer.toString(endpoints.port()));
      app = ClassificationApp.start(AppConfig.of(settings));
      feed = new Feed(service);
      answers = new Answers(service);
      // Made before they are due, so that the sender has nothing to do but send.
      Arrays.setAll(records, i -> workload.record(feed.writer(), i));
    }

    void awaitReady() throws IOException, InterruptedException {
      long start = System.nanoTime();
      while (!app.isReady()) {
        if (!app.isLive() || System.nanoTime() - start > READY.toNanos()) {
          throw new IOException("the service did not become ready");
        }
        Thread.sleep(LOOK_MILLIS);
      }
    }

    Load measure(double perSecond, double seconds) throws IOException, InterruptedException {
      int first = sent;
      Schedule schedule = Schedule.lasting(System.nanoTime(), perSecond, SETTLE + seconds);
      double batches = metric("cnn2gnn_batch_inference_seconds_count");
      double time = metric("cnn2gnn_batch_inference_seconds_sum");
      double images = metric("cnn2gnn_batch_images_sum");
      long[] late = feed.send(schedule, first, i -> records[i % IN_MEMORY]);
      sent += late.length;
      feed.flush();
      answers.await(sent, app::isLive);
      batches = metric("cnn2gnn_batch_inference_seconds_count") - batches;
      time = metric("cnn2gnn_batch_inference_seconds_sum") - time;
      images = metric("cnn2gnn_batch_images_sum") - images;
      int counted = schedule.firstAfter(SETTLE);
      long[] latencies = answers.arrivals(first + counted, sent);
      for (int i = 0; i < latencies.length; i++) {
        latencies[i] -= schedule.due(counted + i);
      }
      return Load.of(
          perSecond,
          latencies,
          Arrays.copyOfRange(late, counted, late.length),
          time / batches * 1e3,
          images / batches);
    }

    private double metric(String name) throws IOException, InterruptedException {
      return endpoints.metric(name).orElseThrow(() -> new IOException("no metric " + name));
    }

    @Override
    public void close() {
      answers.close();
      feed.close();
      app.close();
    }
  }
}
