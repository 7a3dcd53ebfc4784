package io.cnn2gnn.benchmarks.buffers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Measures every {@link Variant} on a real broker, in turn within each repeat so that a busy
 * machine is busy for all, and kills each with SIGKILL while images come.
 */
public final class BuffersBenchmark {
  /** Leaves room for framing in the local broker's largest message. */
  public static final int LARGEST_VALUE = 4 << 20;

  private static final long MOST_BYTES = 200L << 20;
  private static final int PACED_SECONDS = 3;
  private static final double SMALL_PER_SECOND = 400;
  private static final double LARGE_PER_SECOND = 100;
  private static final int LARGE = 32 << 10;
  private static final int KILL_SECONDS = 3;
  private static final double EARLIEST_KILL = 0.5;

  /** Ten commits long: with the product's wait, batch and commit may fall into step. */
  private static final Duration KILL_WAIT = Duration.ofMillis(500);

  private static final int WARM_UP_REPEAT = -1;
  private static final int WARM_UP = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final Duration SETTLE = Duration.ofMillis(300);

  private final String broker;
  private final Path folder;
  private final Options options;
  private final Consumer<String> progress;

  /**
   * What to measure.
   *
   * @param sizes of values in bytes
   * @param images per run as fast as they go, but no more than 200 MiB of them
   * @param repeats whose median counts
   * @param kills per variant; 0 for none
   * @param seed of values, orders and moments of death
   */
  public record Options(List<Integer> sizes, int images, int repeats, int kills, long seed) {
    public Options {
      sizes = List.copyOf(sizes);
      if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1 || size > LARGEST_VALUE)) {
        throw new IllegalArgumentException("sizes must lie in 1.." + LARGEST_VALUE + ": " + sizes);
      }
      if (images < 1 || repeats < 0 || kills < 0 || repeats + kills == 0) {
        throw new IllegalArgumentException(
            "images, and repeats or kills, must be positive: %d, %d, %d"
                .formatted(images, repeats, kills));
      }
    }

    int images(int size) {
      return (int) Math.max(BufferTopology.MAX_IMAGES, Math.min(images, MOST_BYTES / size));
    }
  }

  /**
   * Prepares a benchmark.
   *
   * @param broker whose topics are created and deleted here
   * @param folder for state and logs; its owner deletes it
   * @param progress is told what has been done
   */
  public BuffersBenchmark(String broker, Path folder, Options options, Consumer<String> progress) {
    this.broker = broker;
    this.folder = folder;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs everything.
   *
   * @throws IOException if a variant ended by itself or answers stopped coming
   */
  public Report run() throws IOException, InterruptedException {
    List<Sample> samples = new ArrayList<>();
    List<Kill> kills = new ArrayList<>();
    try (Cluster cluster = new Cluster(broker)) {
      if (options.repeats() > 0) {
        // The broker's compiler would favour whoever comes later.
        measure(cluster, Variant.PAYLOAD, options.sizes().get(0), WARM_UP_REPEAT);
      }
      for (int repeat = 0; repeat < options.repeats(); repeat++) {
        for (int size : options.sizes()) {
          for (Variant variant : shuffled(repeat)) {
            samples.addAll(measure(cluster, variant, size, repeat));
          }
        }
      }
      Random moments = new Random(options.seed());
      for (int round = 0; round < options.kills(); round++) {
        for (Variant variant : Variant.values()) {
          kills.add(kill(cluster, variant, round, moments.nextDouble()));
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("the broker refused: " + e.getCause().getMessage(), e);
    }
    return Report.of(options, samples, kills);
  }

  private List<Variant> shuffled(int repeat) {
    List<Variant> order = new ArrayList<>(Arrays.asList(Variant.values()));
    Collections.shuffle(order, new Random(options.seed() + repeat));
    return order;
  }

  static double pace(int size) {
    return size < LARGE ? SMALL_PER_SECOND : LARGE_PER_SECOND;
  }

  /** Both regimes in one life, so that the paced images meet compiled code. */
  private List<Sample> measure(Cluster cluster, Variant variant, int size, int repeat)
      throws IOException, ExecutionException, InterruptedException {
    Run run = new Run("%s-%d-%d".formatted(variant.label(), size, repeat));
    int flood = options.images(size);
    int all = flood + (int) (pace(size) * PACED_SECONDS);
    cluster.create(run);
    try (Images images = new Images(broker, run.images(), size, options.seed());
        AnswerTally answers = new AnswerTally(broker, run.answers(), all)) {
      images.send(0, flood);
      requireSent(images);
      long floodInput = cluster.bytes(run.images());
      try (BufferProcess process =
          BufferProcess.start(variant, broker, run, folder, BufferTopology.MAX_WAIT)) {
        await(cluster, run, process, images, answers, flood);
        // The changelog's transaction marker may come after that of the answers.
        Thread.sleep(SETTLE.toMillis());
        long floodLog = cluster.bytes(run.changelog());
        Thread producer = new Thread(() -> images.send(flood, all, pace(size)), "paced images");
        producer.start();
        await(cluster, run, process, images, answers, all);
        producer.join();
        Thread.sleep(SETTLE.toMillis());
        long pacedInput = cluster.bytes(run.images()) - floodInput;
        long pacedLog = cluster.bytes(run.changelog()) - floodLog;
        progress.accept(
            "repeat %d, %d bytes, %s: %.0f images/s, p50 %.0f ms"
                .formatted(
                    repeat + 1,
                    size,
                    variant.label(),
                    answers.perSecond(0, flood),
                    answers.latencyMillis(flood, all, 50)));
        return List.of(
            Sample.of(variant, size, Regime.FLOOD, repeat, answers, 0, flood, floodLog, floodInput),
            Sample.of(
                variant, size, Regime.PACED, repeat, answers, flood, all, pacedLog, pacedInput));
      }
    } finally {
      cluster.delete(run);
    }
  }

  private static void await(
      Cluster cluster,
      Run run,
      BufferProcess process,
      Images images,
      AnswerTally answers,
      int distinct)
      throws IOException, ExecutionException, InterruptedException {
    long last = System.nanoTime();
    while (answers.distinct() < distinct) {
      if (answers.poll() > 0) {
        last = System.nanoTime();
      } else {
        process.requireAlive();
        if (System.nanoTime() - last > PATIENCE.toNanos()) {
          throw process.failure(
              "gave %d of %d answers; %s"
                  .formatted(answers.distinct(), distinct, cluster.positions(run)));
        }
      }
    }
    requireSent(images);
  }

  private static void requireSent(Images images) throws IOException {
    if (images.failure().isPresent()) {
      Exception cause = images.failure().get();
      throw new IOException("an image could not be sent: " + cause.getMessage(), cause);
    }
  }

  private Kill kill(Cluster cluster, Variant variant, int round, double moment)
      throws IOException, ExecutionException, InterruptedException {
    int size = options.sizes().get(0);
    Run run = new Run("%s-kill-%d".formatted(variant.label(), round));
    int all = WARM_UP + (int) (pace(size) * KILL_SECONDS);
    cluster.create(run);
    try (Images images = new Images(broker, run.images(), size, options.seed());
        AnswerTally answers = new AnswerTally(broker, run.answers(), all)) {
      Thread producer = new Thread(() -> images.send(WARM_UP, all, pace(size)), "paced images");
      long killed;
      try (BufferProcess process = BufferProcess.start(variant, broker, run, folder, KILL_WAIT)) {
        images.send(0, WARM_UP);
        await(cluster, run, process, images, answers, WARM_UP);
        producer.start();
        Thread.sleep((long) (1000 * (EARLIEST_KILL + moment * (KILL_SECONDS - 2 * EARLIEST_KILL))));
        process.kill();
        killed = System.nanoTime();
      }
      // What was committed before the end still arrives, and is no recovery.
      pollFor(answers, SETTLE);
      try (BufferProcess process = BufferProcess.start(variant, broker, run, folder, KILL_WAIT)) {
        while (answers.poll() == 0) {
          process.requireAlive();
          if (System.nanoTime() - killed > PATIENCE.toNanos()) {
            throw process.failure("gave no answer after its restart");
          }
        }
        double recovery = (System.nanoTime() - killed) / 1e9;
        while (producer.isAlive() || !cluster.isSettled(run)) {
          process.requireAlive();
          answers.poll();
          if (System.nanoTime() - killed > PATIENCE.toNanos()) {
            throw process.failure("did not catch up after its restart");
          }
        }
        while (pollFor(answers, QUIET) > 0) {
          process.requireAlive();
        }
        requireSent(images);
        Kill kill =
            new Kill(
                variant,
                all,
                answers.missing(),
                answers.duplicated(),
                answers.reportedLost(),
                recovery);
        progress.accept(
            "kill %d, %s: %d lost, %d duplicated, back after %.1f s"
                .formatted(round + 1, variant.label(), kill.lost(), kill.duplicated(), recovery));
        return kill;
      }
    } finally {
      cluster.delete(run);
    }
  }

  private static int pollFor(AnswerTally answers, Duration time) {
    int count = 0;
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      count += answers.poll();
    }
    return count;
  }
}
