package io.cnn2gnn.cli.demo;

import com.google.common.math.Quantiles;
import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.cli.kit.PredictionConsumer.Arrivals;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.flow.TopicNames;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Sends the demo's images and shows what comes back, batch by batch and as a table. */
final class DemoRun {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int CAMERAS = 4;

  private final Map<String, String> properties;
  private final DemoImages images;
  private final double rate;
  private final long commandStarted;
  private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
  private final Map<String, List<Prediction>> openBatches = new HashMap<>();
  private final List<Double> latencies = new ArrayList<>();
  private int predictions;
  private int deadLetters;
  private int right;
  private int judged;
  private String modelVersion = "";
  private long firstAnswerAt;
  private long lastAt;

  DemoRun(Map<String, String> properties, DemoImages images, double rate, long commandStarted) {
    this.properties = properties;
    this.images = images;
    this.rate = rate;
    this.commandStarted = commandStarted;
  }

  /** The figures of a run, in the names that the summary file has. */
  record Figures(
      int images,
      int predictions,
      int deadLetters,
      double accuracy,
      double imagesPerSecond,
      double latencyP50Ms,
      double latencyP99Ms,
      String modelVersion) {}

  /** What a run ended with. */
  record Result(Figures summary, int judged, double rate, double firstPredictionSeconds) {
    void print() {
      String pace = rate > 0 ? "sent at %.0f a second; --rate 0 floods".formatted(rate) : "flooded";
      System.out.println();
      row("images", summary.images() + "");
      row("predictions", summary.predictions() + "");
      row("dead letters", summary.deadLetters() + "");
      if (judged > 0) {
        row(
            "accuracy",
            "%.1f %%  on the %d test images".formatted(100 * summary.accuracy(), judged));
      }
      row("images/s", "%.0f  (%s)".formatted(summary.imagesPerSecond(), pace));
      row(
          "latency",
          "%.0f ms p50, %.0f ms p99, produce to consume"
              .formatted(summary.latencyP50Ms(), summary.latencyP99Ms()));
      row("first prediction", "%.1f s after the start".formatted(firstPredictionSeconds));
      row("model", summary.modelVersion());
    }

    private static void row(String name, String value) {
      System.out.printf("  %-17s %s%n", name, value);
    }
  }

  /**
   * Runs until every image has a prediction or a dead letter.
   *
   * @param alive whether the topology has not failed
   */
  Result run(BooleanSupplier alive) throws Exception {
    SchemaRegistryClient registry = Connection.registry(properties);
    TopicNames topics = TopicNames.DEFAULT;
    try (PredictionConsumer consumer =
        new PredictionConsumer(
            properties, registry, topics.predictions(), List.of(topics.deadLetters()), false)) {
      warmUp(registry, topics.images(), consumer, alive);
      FutureTask<Void> sending = new FutureTask<>(() -> send(registry, topics.images()));
      Thread sender = new Thread(sending, "demo-producer");
      sender.setDaemon(true);
      sender.start();
      DemoWatch watch = new DemoWatch(alive);
      while (predictions + deadLetters < images.files().size()) {
        Arrivals arrivals = consumer.poll(POLL);
        long now = System.nanoTime();
        for (Prediction prediction : arrivals.predictions()) {
          take(prediction, now);
        }
        deadLetters += arrivals.deadLetters().size();
        if (sending.isDone()) {
          finished(sending);
        }
        watch.look(
            !arrivals.predictions().isEmpty() || !arrivals.deadLetters().isEmpty(),
            images.files().size() - predictions - deadLetters);
      }
      finished(sending);
    }
    return result();
  }

  private void warmUp(
      SchemaRegistryClient registry,
      String topic,
      PredictionConsumer consumer,
      BooleanSupplier alive)
      throws Exception {
    try (ImageProducer producer = producer(registry, topic, 0)) {
      DemoWarmUp warmUp = new DemoWarmUp(images.others(), CAMERAS);
      warmUp.run(producer, consumer, new DemoWatch(alive));
      firstAnswerAt = warmUp.firstAnswerAt();
      Terminal.printf(
          "%5.1f s  warm, after %d images that are not counted",
          (System.nanoTime() - commandStarted) / 1e9, warmUp.sent());
    }
  }

  private ImageProducer producer(SchemaRegistryClient registry, String topic, double perSecond)
      throws CliException {
    return new ImageProducer(
        properties, registry, topic, new Carrier.Inline(ImageProducer.MAX_BYTES), perSecond);
  }

  private Void send(SchemaRegistryClient registry, String topic) throws Exception {
    try (ImageProducer producer = producer(registry, topic, rate)) {
      int i = 0;
      for (ImageFile file : images.files()) {
        producer.send(
            "camera-" + i++ % CAMERAS,
            file,
            Optional.empty(),
            () -> sentAt.put(file.id(), System.nanoTime()));
      }
      producer.flush();
    }
    return null;
  }

  private void take(Prediction prediction, long now) {
    if (!sentAt.containsKey(prediction.getImageId())) {
      return; // left over from a former run in the same data directory
    }
    predictions++;
    lastAt = now;
    modelVersion = prediction.getModelVersion();
    latencies.add(latency(prediction, now));
    String truth = images.testLabels().get(prediction.getImageId());
    if (truth != null) {
      judged++;
      right += truth.equals(prediction.getLabel()) ? 1 : 0;
    }
    List<Prediction> batch =
        openBatches.computeIfAbsent(prediction.getBatchId(), id -> new ArrayList<>());
    batch.add(prediction);
    if (batch.size() == prediction.getBatchSize()) {
      openBatches.remove(prediction.getBatchId());
      show(batch, now);
    }
  }

  private double latency(Prediction prediction, long now) {
    return (now - sentAt.get(prediction.getImageId())) / 1e6;
  }

  private void show(List<Prediction> batch, long now) {
    Map<String, Long> counts =
        batch.stream()
            .collect(
                Collectors.groupingBy(Prediction::getLabel, TreeMap::new, Collectors.counting()));
    String labels =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(4)
            .map(e -> e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", "));
    long fromBank =
        batch.stream()
            .filter(
                p ->
                    p.getNeighbours().stream().anyMatch(n -> n.getOrigin() == NeighbourOrigin.BANK))
            .count();
    double oldest = batch.stream().mapToDouble(p -> latency(p, now)).max().orElse(0);
    Terminal.printf(
        "%5.1f s  %-20s %3d images  %4.0f ms  %3d near to the bank   %s",
        (now - commandStarted) / 1e9,
        batch.get(0).getBatchId().substring(0, batch.get(0).getBatchId().lastIndexOf('+')),
        batch.size(),
        oldest,
        fromBank,
        labels);
  }

  private static void finished(FutureTask<Void> sending) throws Exception {
    try {
      sending.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private Result result() {
    long firstSent =
        sentAt.values().stream().mapToLong(Long::longValue).min().orElse(firstAnswerAt);
    double seconds = Math.max(1e-3, (lastAt - firstSent) / 1e9);
    Figures summary =
        new Figures(
            images.files().size(),
            predictions,
            deadLetters,
            judged == 0 ? 0 : (double) right / judged,
            predictions / seconds,
            latency(50),
            latency(99),
            modelVersion);
    return new Result(summary, judged, rate, (firstAnswerAt - commandStarted) / 1e9);
  }

  /** Milliseconds; 0 if every image was refused. */
  private double latency(int percent) {
    return latencies.isEmpty() ? 0 : Quantiles.percentiles().index(percent).compute(latencies);
  }
}
