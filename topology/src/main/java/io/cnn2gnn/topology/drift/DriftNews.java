package io.cnn2gnn.topology.drift;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.DriftStatistics;
import io.cnn2gnn.model.drift.DriftVerdict;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.topology.metrics.DriftMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of windows of answers, as metrics and as events. Events are written by a thread of their
 * own: who tells is a stream thread, which does not wait for a broker.
 */
public final class DriftNews implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriftNews.class);

  /** Windows that wait to be told of; one more is told of in the log alone. */
  private static final int WAITING = 64;

  /** A fast stream fills windows faster than anybody reads of them; alarms are told all. */
  private static final Duration STATISTICS_EVERY = Duration.ofSeconds(10);

  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final DriftMetrics metrics;
  private final ModelEventWriter events;
  private final LongSupplier nanoTime;
  private final ThreadPoolExecutor teller;
  private OptionalLong told = OptionalLong.empty();

  /**
   * Tells of windows from now on.
   *
   * @param events not closed with this
   * @param nanoTime tells which windows come too soon after another one to be events
   */
  public DriftNews(MeterRegistry registry, ModelEventWriter events, LongSupplier nanoTime) {
    this.metrics = new DriftMetrics(registry);
    this.events = events;
    this.nanoTime = nanoTime;
    this.teller =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "drift-news");
              thread.setDaemon(true);
              return thread;
            },
            (task, pool) ->
                LOG.warn("too many windows wait to be told of: the events topic misses one"));
  }

  /**
   * Tells of a window. One thread at a time.
   *
   * @param verdict empty if the model's card does not say what is usual
   * @param alarm whether drift begins with it
   */
  void window(
      ModelCard card, DriftStatistics statistics, Optional<DriftVerdict> verdict, boolean alarm) {
    Map<String, Double> figures = new LinkedHashMap<>(statistics.metrics());
    verdict.ifPresent(v -> figures.putAll(v.metrics()));
    metrics.window(figures);
    String text =
        String.format(
            Locale.ROOT,
            "%d images, mean confidence %.3f, %.4f to the nearest prototype",
            statistics.images(),
            statistics.confidence(),
            statistics.distance());
    if (isTimeForStatistics()) {
      tell(card, ModelEventKind.STATISTICS, text, figures);
    }
    if (alarm) {
      metrics.alarm();
      String objections = String.join("; ", verdict.orElseThrow().objections());
      tell(card, ModelEventKind.DRIFTED, objections + "; over " + text, figures);
    }
  }

  private boolean isTimeForStatistics() {
    long now = nanoTime.getAsLong();
    boolean time = told.isEmpty() || now - told.getAsLong() >= STATISTICS_EVERY.toNanos();
    if (time) {
      told = OptionalLong.of(now);
    }
    return time;
  }

  private void tell(ModelCard card, ModelEventKind kind, String text, Map<String, Double> figures) {
    teller.execute(() -> events.tell(card.name(), card.version(), kind, text, figures));
  }

  /** Tells what still waits, if that takes no longer than a few seconds. */
  @Override
  public void close() {
    teller.shutdown();
    try {
      if (!teller.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "{} windows are not told of: the broker does not answer", teller.shutdownNow().size());
      }
    } catch (InterruptedException e) {
      teller.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
