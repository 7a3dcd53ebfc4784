package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.input.Progress;
import io.cnn2gnn.topology.metrics.AppMetrics;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Record in, image that is being decoded out, unless it has been taken before. */
public final class DecodeProcessor implements Processor<byte[], byte[], byte[], Pending> {
  private final InputImages images;
  private final ThreadLocal<CommitPace> pace;
  private final AppMetrics metrics;
  private ProcessorContext<byte[], Pending> context;
  private Progress progress;

  /**
   * One of a task.
   *
   * @param images decodes records
   * @param pace is told when the thread works
   */
  public DecodeProcessor(InputImages images, ThreadLocal<CommitPace> pace, AppMetrics metrics) {
    this.images = images;
    this.pace = pace;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<byte[], Pending> context) {
    this.context = context;
    this.progress = Progress.of(context, images.records(), metrics);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    pace.get().work(() -> take(record));
  }

  private void take(Record<byte[], byte[]> record) {
    RecordMetadata at =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("decode reads from a topic only"));
    Source source = Source.of(at, record);
    if (progress.isRepeat(source)) {
      return;
    }
    context.forward(record.withValue(images.begin(source)), Nodes.BATCH);
    progress.taken(source);
  }
}
