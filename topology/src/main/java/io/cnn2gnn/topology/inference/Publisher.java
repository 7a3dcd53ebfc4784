package io.cnn2gnn.topology.inference;

import io.cnn2gnn.schemas.ValueWriter;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.batching.Batch;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Outcome;
import io.cnn2gnn.topology.flow.Outcome.Predicted;
import io.cnn2gnn.topology.flow.Outcome.Rejected;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.flow.Timestamps;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.trace.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Writes what became of a batch: one prediction or dead letter per image, in order. */
public final class Publisher {
  private final PredictionFactory predictions;
  private final ValueWriter<Prediction> writer;
  private final DeadLetters deadLetters;
  private final Traces traces;
  private final AppMetrics metrics;

  /**
   * Shared by tasks.
   *
   * @param topK scores per prediction
   */
  public Publisher(
      int topK,
      ValueWriter<Prediction> writer,
      DeadLetters deadLetters,
      Traces traces,
      AppMetrics metrics) {
    this.predictions = new PredictionFactory(topK);
    this.writer = writer;
    this.deadLetters = deadLetters;
    this.traces = traces;
    this.metrics = metrics;
  }

  /**
   * Sends on each image's outcome.
   *
   * @param bankEpoch of the bank that the batch was answered with
   * @param now when it was
   * @return the images that were predicted
   */
  List<Predicted> publish(
      ProcessorContext<byte[], Object> context,
      Batch batch,
      long bankEpoch,
      Instant now,
      List<Outcome> outcomes) {
    long start = System.nanoTime();
    String model = batch.model().card().id();
    List<Predicted> predicted = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Predicted answered) {
        Source source = answered.image().source();
        context.forward(
            new Record<>(
                source.key().orElse(null),
                writer.write(predictions.of(answered, batch, bankEpoch, now)),
                Timestamps.answer(source.timestamp(), now.toEpochMilli()),
                WireWriter.headers(traces.answered(source, now, model, batch.id()))),
            Nodes.PREDICTIONS);
        // How old an image is that does not say when it came is not known.
        if (Timestamps.isTime(source.timestamp(), now.toEpochMilli())) {
          metrics.latency(Duration.ofMillis(now.toEpochMilli() - source.timestamp()));
        }
        predicted.add(answered);
      } else if (outcome instanceof Rejected rejected) {
        context.forward(
            deadLetters.of(rejected.source(), rejected.rejection(), model), Nodes.DEAD_LETTERS);
      }
    }
    metrics.published(System.nanoTime() - start);
    return predicted;
  }
}
