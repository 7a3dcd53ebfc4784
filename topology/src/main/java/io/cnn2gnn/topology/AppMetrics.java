package io.cnn2gnn.topology;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The application's own counts; Kafka's are bound beside them. */
public final class AppMetrics {
  private final MeterRegistry registry;
  private final DistributionSummary batchSize;
  private final Timer batchTime;
  private final Timer modelChange;

  public AppMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.batchSize =
        DistributionSummary.builder("cnn2gnn.batch.images")
            .description("Images per batch")
            .register(registry);
    this.batchTime =
        Timer.builder("cnn2gnn.batch.inference")
            .description("Time to classify a batch")
            .register(registry);
    this.modelChange =
        Timer.builder("cnn2gnn.model.change")
            .description("Time that a task's change to another model holds it up")
            .register(registry);
  }

  /** Counts a batch and the time it took. */
  public void batch(int images, long nanos) {
    batchSize.record(images);
    batchTime.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts a task's change to another model and the time it took. */
  public void modelChange(long nanos) {
    modelChange.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** What was done where the device had no memory for a batch. */
  public enum Shortage {
    HALVED,
    FELL_BACK
  }

  /** Counts a batch that did not fit on the device. */
  public void shortage(Shortage remedy) {
    registry
        .counter("cnn2gnn.device.out.of.memory", "remedy", remedy.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** Counts a record that came again though it had been taken. */
  public void repeat() {
    registry.counter("cnn2gnn.records.repeated").increment();
  }

  /** Counts a dead letter by its stage and reason. */
  public void deadLetter(Rejection rejection) {
    registry
        .counter(
            "cnn2gnn.dead.letters",
            "stage",
            rejection.stage().name().toLowerCase(Locale.ROOT),
            "reason",
            rejection.reason())
        .increment();
  }
}
