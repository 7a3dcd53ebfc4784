package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Gives a record of the labels topic its coordinates, for {@link Teaching#take}. */
public final class LabelProcessor implements Processor<byte[], byte[], byte[], Object> {
  private ProcessorContext<byte[], Object> context;

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("labels come from a topic only"));
    context.forward(record.withValue(Source.of(at, record)), Nodes.CLASSIFY);
  }
}
