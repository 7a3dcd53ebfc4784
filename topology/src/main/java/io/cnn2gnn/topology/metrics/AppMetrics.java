package io.cnn2gnn.topology.metrics;

import io.cnn2gnn.topology.flow.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The application's own counts; Kafka's are bound beside them. */
public final class AppMetrics {
  private final MeterRegistry registry;
  private final DistributionSummary batchSize;
  private final Timer batchTime;
  private final Timer modelChange;
  private final Timer decoding;
  private final Timer batchWait;
  private final Timer graph;
  private final Timer student;
  private final Timer publishing;
  private final Timer admission;
  private final Timer latency;
  private final Timer label;
  private final Counter repeats;

  public AppMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.batchSize =
        DistributionSummary.builder("cnn2gnn.batch.images")
            .description("Images per batch")
            .register(registry);
    this.batchTime =
        Timer.builder("cnn2gnn.batch.inference")
            .description("Time to classify a batch, in one native call")
            .register(registry);
    this.modelChange =
        Timer.builder("cnn2gnn.model.change")
            .description("Time that a task's change to another model holds it up")
            .register(registry);
    this.decoding =
        timer(
            "cnn2gnn.image.decode",
            "Time to decode a record, fetching it included, waits between two tries not");
    this.batchWait = timer("cnn2gnn.batch.wait", "Time from a batch's first image to its close");
    this.graph =
        timer("cnn2gnn.batch.graph", "Time to find and weigh the neighbours, of one batch in 16");
    this.student = timer("cnn2gnn.batch.student", "Time of stem and layers, of one batch in 16");
    this.publishing = timer("cnn2gnn.batch.publish", "Time to write a batch's answers");
    this.admission = timer("cnn2gnn.bank.admission", "Time to take a batch into the bank");
    this.latency =
        Timer.builder("cnn2gnn.image.latency")
            .description("Time from an image's record timestamp to its prediction")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(5))
            .maximumExpectedValue(Duration.ofMinutes(1))
            .register(registry);
    this.label = timer("cnn2gnn.label.take", "Time that a label takes of its stream thread");
    this.repeats =
        Counter.builder("cnn2gnn.records.repeated")
            .description("Records that came again though they had been taken, and were skipped")
            .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name).description(description).register(registry);
  }

  /** Counts a decoded record and the time it took. */
  public void decoded(long nanos) {
    decoding.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts how long a batch's first image had waited when it was closed. */
  public void batchWaited(long nanos) {
    batchWait.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A counter of things of a few kinds, all of which are shown from the start. */
  public <E extends Enum<E>> KindCounter<E> counter(KindMeter<E> meter) {
    return new KindCounter<>(registry, meter);
  }

  /** Counts the parts of a batch's inference. */
  public void phases(long graphNanos, long studentNanos) {
    graph.record(graphNanos, TimeUnit.NANOSECONDS);
    student.record(studentNanos, TimeUnit.NANOSECONDS);
  }

  /** Counts the time that a batch's answers took to be written. */
  public void published(long nanos) {
    publishing.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts a label and the time that it took. */
  public void labelTaken(long nanos) {
    label.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts the time that a batch took to be taken into the bank. */
  public void admitted(long nanos) {
    admission.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts an image's age when its prediction was made. */
  public void latency(Duration age) {
    latency.record(age.isNegative() ? Duration.ZERO : age);
  }

  /**
   * Shows a bank for as long as it is open.
   *
   * @param rows in its graph, the prototypes among them
   * @param epoch rows that it ever admitted
   * @return takes it away again
   */
  public Runnable bank(int partition, LongSupplier rows, LongSupplier epoch) {
    Tags tags = Tags.of("partition", Integer.toString(partition));
    Gauge one =
        Gauge.builder("cnn2gnn.bank.rows", rows::getAsLong)
            .description("Rows that may be neighbours, prototypes included")
            .tags(tags)
            .register(registry);
    Gauge other =
        Gauge.builder("cnn2gnn.bank.epoch", epoch::getAsLong)
            .description("Rows that the bank ever admitted")
            .tags(tags)
            .register(registry);
    return () -> {
      registry.remove(one);
      registry.remove(other);
    };
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

  /** Counts a record that came again though it had been taken. */
  public void repeat() {
    repeats.increment();
  }

  /** Counts a dead letter by its stage and reason. */
  public void deadLetter(Rejection rejection) {
    Counter.builder("cnn2gnn.dead.letters")
        .description("Records that became dead letters")
        .tag("stage", rejection.stage().name().toLowerCase(Locale.ROOT))
        .tag("reason", rejection.reason())
        .register(registry)
        .increment();
  }
}
