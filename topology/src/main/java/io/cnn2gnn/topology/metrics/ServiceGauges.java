package io.cnn2gnn.topology.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.DoubleSupplier;

/**
 * Figures that the parts of a service keep for themselves, looked at whenever Prometheus asks.
 *
 * @param pollBudget worst time to work off one poll, as a share of what is safe
 * @param imagesPending images in open batches
 * @param recordsWaiting records whose registry or host does not answer
 * @param imagesPartitions of the images topic
 * @param residentBytes of the process
 */
public record ServiceGauges(
    DoubleSupplier pollBudget,
    DoubleSupplier imagesPending,
    DoubleSupplier recordsWaiting,
    DoubleSupplier imagesPartitions,
    DoubleSupplier residentBytes) {

  /** Shows them from now on. */
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("cnn2gnn.poll.budget.ratio", pollBudget::getAsDouble)
        .description("Worst time to work off one poll, as a share of what is safe")
        .register(registry);
    Gauge.builder("cnn2gnn.images.pending", imagesPending::getAsDouble)
        .description("Images that wait for their batch")
        .register(registry);
    Gauge.builder("cnn2gnn.records.waiting", recordsWaiting::getAsDouble)
        .description("Records that wait for a registry or for the host of a reference")
        .register(registry);
    Gauge.builder("cnn2gnn.images.partitions", imagesPartitions::getAsDouble)
        .description("Partitions of the images topic, as last seen")
        .register(registry);
    Gauge.builder("cnn2gnn.process.resident", residentBytes::getAsDouble)
        .description("What the process holds of memory, libtorch's included")
        .baseUnit("bytes")
        .register(registry);
  }
}
