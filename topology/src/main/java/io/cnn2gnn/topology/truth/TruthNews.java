package io.cnn2gnn.topology.truth;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.topology.metrics.TruthMetrics;
import io.cnn2gnn.topology.truth.TruthMonitor.Drop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how right the model in service is, as metrics and as events, by a thread of its own that
 * looks at the monitor every few seconds.
 */
public final class TruthNews implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TruthNews.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final String PREFIX = "truth.";

  private final TruthMonitor monitor;
  private final TruthMetrics metrics;
  private final ModelEventWriter events;
  private final ScheduledExecutorService teller =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "truth-news");
            thread.setDaemon(true);
            return thread;
          });
  private Optional<TruthFigures> told = Optional.empty();

  /**
   * Tells nothing until it is started.
   *
   * @param events not closed with this
   */
  public TruthNews(TruthMonitor monitor, MeterRegistry registry, ModelEventWriter events) {
    this.monitor = monitor;
    this.metrics = new TruthMetrics(registry);
    this.events = events;
  }

  /** Tells from now on. */
  public void start() {
    var unused = // it ends with its executor
        teller.scheduleWithFixedDelay(
            this::tell, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Tells what is new. One thread at a time. */
  void tell() {
    try {
      monitor.takeDrops().forEach(this::tell);
      ModelCard card = monitor.inService();
      TruthFigures figures = monitor.figures(card);
      if (!told.equals(Optional.of(figures))) {
        told = Optional.of(figures);
        Map<String, Double> recall = recall(card, figures);
        metrics.window(figures.judged(), figures.accuracy(), recall);
        if (figures.judged() > 0) {
          tell(card, ModelEventKind.STATISTICS, text(figures), named(figures, recall));
        }
      }
    } catch (RuntimeException e) {
      // Or the executor would never call again.
      LOG.error("how right the answers are cannot be told", e);
    }
  }

  private void tell(Drop drop) {
    metrics.alarm();
    TruthFigures figures = drop.figures();
    tell(
        drop.card(),
        ModelEventKind.DRIFTED,
        drop.reason() + "; " + text(figures),
        named(figures, recall(drop.card(), figures)));
  }

  private void tell(ModelCard card, ModelEventKind kind, String text, Map<String, Double> figures) {
    events.tell(card.name(), card.version(), kind, text, figures);
  }

  private static Map<String, Double> recall(ModelCard card, TruthFigures figures) {
    return new ShownClasses(card.classes()).recall(figures);
  }

  private static Map<String, Double> named(TruthFigures figures, Map<String, Double> recall) {
    Map<String, Double> named = new LinkedHashMap<>();
    named.put(PREFIX + "judged", (double) figures.judged());
    named.put(PREFIX + "accuracy", figures.accuracy());
    figures.usual().ifPresent(usual -> named.put(PREFIX + "usual", usual));
    recall.forEach((label, share) -> named.put(PREFIX + "recall." + label, share));
    return named;
  }

  private static String text(TruthFigures figures) {
    return String.format(
        Locale.ROOT,
        "%.1f %% of the last %d answers whose class became known are right",
        100 * figures.accuracy(),
        figures.judged());
  }

  /** Tells what is still new, if that takes no longer than a few seconds. */
  @Override
  public void close() {
    teller.execute(this::tell);
    teller.shutdown();
    try {
      if (!teller.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        teller.shutdownNow();
        LOG.warn("the last judged answers are not told of: the broker does not answer");
      }
    } catch (InterruptedException e) {
      teller.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
