package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.Nodes;
import io.cnn2gnn.topology.Source;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Record in, accepted image or dead letter out. */
public final class DecodeProcessor implements Processor<byte[], byte[], byte[], Object> {
  private final Supplier<RecordDecoder> decoders;
  private final Patience patience;
  private final DeadLetters deadLetters;
  private ProcessorContext<byte[], Object> context;
  private RecordDecoder decoder;

  public DecodeProcessor(
      Supplier<RecordDecoder> decoders, Patience patience, DeadLetters deadLetters) {
    this.decoders = decoders;
    this.patience = patience;
    this.deadLetters = deadLetters;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    this.decoder = decoders.get();
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
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
    Decoding decoding = patience.whileAway(() -> decoder.decode(source));
    if (decoding instanceof Decoding.Accepted accepted) {
      context.forward(
          new Record<>(record.key(), accepted.image(), record.timestamp(), record.headers()),
          Nodes.BATCH);
    } else if (decoding instanceof Decoding.Refused refused) {
      context.forward(deadLetters.of(source, refused.rejection()), Nodes.DEAD_LETTERS);
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
