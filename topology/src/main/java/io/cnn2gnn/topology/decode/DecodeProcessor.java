package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.input.InputRecords;
import io.cnn2gnn.topology.input.Progress;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.serving.ActiveModel;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Record in, image that is being decoded out, unless it has been taken before. */
public final class DecodeProcessor implements Processor<byte[], byte[], byte[], Pending> {
  private final DecodeAhead decoding;
  private final ActiveModel models;
  private final InputRecords inputRecords;
  private final ThreadLocal<CommitPace> pace;
  private final AppMetrics metrics;
  private ProcessorContext<byte[], Pending> context;
  private Progress progress;

  /**
   * Makes one.
   *
   * @param decoding decodes records
   * @param models say to which size
   * @param inputRecords shows what the input topic holds
   * @param pace is told when the thread works
   */
  public DecodeProcessor(
      DecodeAhead decoding,
      ActiveModel models,
      InputRecords inputRecords,
      ThreadLocal<CommitPace> pace,
      AppMetrics metrics) {
    this.decoding = decoding;
    this.models = models;
    this.inputRecords = inputRecords;
    this.pace = pace;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<byte[], Pending> context) {
    this.context = context;
    this.progress = Progress.of(context, inputRecords, metrics);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    pace.get().enter();
    take(record);
    pace.get().leave();
  }

  private void take(Record<byte[], byte[]> record) {
    RecordMetadata at =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("decode reads from a topic only"));
    Source source =
        new Source(
            at.topic(),
            at.partition(),
            at.offset(),
            record.timestamp(),
            Optional.ofNullable(record.key()),
            Optional.ofNullable(record.value()),
            record.headers());
    if (progress.isRepeat(source)) {
      return;
    }
    Pending pending = decoding.begin(source, models.card().student().input());
    context.forward(record.withValue(pending), Nodes.BATCH);
    progress.taken(source);
  }
}
