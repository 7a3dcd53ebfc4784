package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.cli.kit.PredictionConsumer.Arrivals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
  private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();

  private final List<ImageFile> files;
  private final int sources;
  private int sent;
  private long firstAnswerAt;

  /**
   * Sends some of the images.
   *
   * @param files not those that are counted, where there are others: the bank keeps what it saw
   * @param sources keys that they are sent under
   */
  DemoWarmUp(List<ImageFile> files, int sources) {
    this.files = files;
    this.sources = sources;
  }

  /** Sends rounds of images until they are no longer answered faster, or half a minute is over. */
  void run(ImageProducer producer, PredictionConsumer consumer, DemoWatch watch)
      throws CliException, InterruptedException {
    long until = System.nanoTime() + LONGEST_NANOS;
    long fastest = Long.MAX_VALUE;
    int settled = 0;
    while (settled < SETTLED && System.nanoTime() - until < 0) {
      long nanos = round(producer, consumer, watch);
      settled = nanos < FASTER * fastest ? 0 : settled + 1;
      fastest = Math.min(fastest, nanos);
    }
  }

  /** How many images it took. */
  int sent() {
    return sent;
  }

  /** When the first of them was answered, by {@link System#nanoTime}. */
  long firstAnswerAt() {
    return firstAnswerAt;
  }

  private long round(ImageProducer producer, PredictionConsumer consumer, DemoWatch watch)
      throws CliException, InterruptedException {
    int images = Math.min(ROUND, files.size());
    long start = System.nanoTime();
    for (int i = 0; i < images; i++) {
      ImageFile file = files.get(sent % files.size());
      String id = PREFIX + sent + "/" + file.id();
      producer.send(
          "camera-" + sent % sources,
          new ImageFile(id, file.format(), file.label(), file.content()),
          Optional.empty());
      sent++;
    }
    producer.flush();
    int answered = 0;
    while (answered < images) {
      Arrivals arrivals = consumer.poll(POLL);
      int more =
          (int)
                  arrivals.predictions().stream()
                      .filter(prediction -> prediction.getImageId().startsWith(PREFIX))
                      .count()
              + arrivals.deadLetters().size();
      answered += more;
      watch.look(more > 0, images - answered);
      if (more > 0 && firstAnswerAt == 0) {
        firstAnswerAt = System.nanoTime();
      }
    }
    return System.nanoTime() - start;
  }
}
