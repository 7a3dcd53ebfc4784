package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.LabelCoordinates;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.metrics.KindCounter;
import io.cnn2gnn.topology.metrics.KindMeter;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Says what became of labels, on their topic and in a metric. It belongs to one task. */
final class Outcomes {
  /** What is shown of them. */
  static final KindMeter<LabelResult> METER =
      new KindMeter<>(
          "cnn2gnn.labels",
          "result",
          LabelResult.class,
          "Labels by what became of them: taught, taken back, image not found, refused, left the"
              + " tier");

  private final ProcessorContext<byte[], Object> context;
  private final WireWriter<LabelOutcome> writer;
  private final LongSupplier wallMillis;
  private final KindCounter<LabelResult> counts;

  Outcomes(
      ProcessorContext<byte[], Object> context,
      WireWriter<LabelOutcome> writer,
      LongSupplier wallMillis,
      KindCounter<LabelResult> counts) {
    this.context = context;
    this.writer = writer;
    this.wallMillis = wallMillis;
    this.counts = counts;
  }

  /** Of a label as it came. */
  void say(
      Said said,
      LabelResult result,
      String reason,
      String message,
      Optional<RecentAnswer> answered) {
    LabelOutcome.Builder outcome =
        outcome(said.at())
            .setImageId(said.label().imageId())
            .setLabel(said.label().label().orElse(null))
            .setLabelledBy(said.label().labelledBy())
            .setResult(result)
            .setReason(reason)
            .setMessage(message)
            .setAnswered(answered.map(RecentAnswer::label).orElse(null))
            .setModelVersion(answered.map(RecentAnswer::model).orElse(null));
    send(said.source().key().orElse(null), outcome.build());
  }

  /**
   * Of a label that was taught and leaves the tier; one that came with its image has no outcome.
   */
  void left(TaughtRow row, String reason, String message) {
    counts.count(LabelResult.LEFT);
    if (row.said().isPresent()) {
      LabelOutcome.Builder outcome =
          outcome(row.said().get())
              .setImageId(row.row().imageId())
              .setLabel(row.row().label())
              .setLabelledBy(row.labelledBy())
              .setResult(LabelResult.LEFT)
              .setReason(reason)
              .setMessage(message);
      forward(row.key().orElse(null), outcome.build());
    }
  }

  private LabelOutcome.Builder outcome(Coordinates at) {
    return LabelOutcome.newBuilder()
        .setRecord(new LabelCoordinates(at.topic(), at.partition(), at.offset()))
        .setAt(Instant.ofEpochMilli(wallMillis.getAsLong()));
  }

  private void send(byte[] key, LabelOutcome outcome) {
    counts.count(outcome.getResult());
    forward(key, outcome);
  }

  private void forward(byte[] key, LabelOutcome outcome) {
    context.forward(
        new Record<>(key, writer.write(outcome), wallMillis.getAsLong()), Nodes.LABEL_OUTCOMES);
  }
}
