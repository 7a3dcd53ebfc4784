package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.cli.kit.PredictionConsumer.Arrivals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Images that nobody counts, sent until answers come as fast as they will. A JVM and its clients
 * are slow at first, and a demo that measured that would tell nothing of the service.
 */
final class DemoWarmUp {
  /** Of the ids, so that these are told from the demo's own. */
  static final String PREFIX = "warm-up/";

  private static final int ROUND = 100;

  /** Rounds in a row that are no faster than the fastest before. */
  private static final int SETTLED = 3;

  private static final double FASTER = 0.9;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final long LONGEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final List<ImageFile> files;
  private final int sources;
  private int sent;

  /**
   * Sends some of the images.
   *
   * @param sources keys that they are sent under
   */
  DemoWarmUp(List<ImageFile> files, int sources) {
    this.files = files;
    this.sources = sources;
  }

  /** Returns how many images it took. */
  int run(ImageProducer producer, PredictionConsumer consumer, BooleanSupplier alive)
      throws CliException, InterruptedException {
    long until = System.nanoTime() + LONGEST_NANOS;
    long fastest = Long.MAX_VALUE;
    int settled = 0;
    while (settled < SETTLED && System.nanoTime() - until < 0) {
      long nanos = round(producer, consumer, alive);
      settled = nanos < FASTER * fastest ? 0 : settled + 1;
      fastest = Math.min(fastest, nanos);
    }
    return sent;
  }

  private long round(ImageProducer producer, PredictionConsumer consumer, BooleanSupplier alive)
      throws CliException, InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < ROUND; i++) {
      ImageFile file = files.get(sent % files.size());
      producer.send(
          "camera-" + sent % sources,
          new ImageFile(
              PREFIX + sent + "/" + file.id(), file.format(), file.label(), file.content()),
          Optional.empty());
      sent++;
    }
    producer.flush();
    int answered = 0;
    while (answered < ROUND) {
      Arrivals arrivals = consumer.poll(POLL);
      answered +=
          (int)
              arrivals.predictions().stream()
                  .filter(prediction -> prediction.getImageId().startsWith(PREFIX))
                  .count();
      answered += arrivals.deadLetters().size();
      if (!alive.getAsBoolean()) {
        throw new CliException("the topology has failed; --debug shows its log");
      }
      if (System.nanoTime() - start > LONGEST_NANOS) {
        throw new CliException(
            "only %d of the first %d images were answered in %d s"
                .formatted(answered, ROUND, LONGEST_NANOS / 1_000_000_000));
      }
    }
    return System.nanoTime() - start;
  }
}
