package io.cnn2gnn.benchmarks.buffers;

import io.cnn2gnn.topology.input.InputRecords;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/** Source, batcher, sink: the same for all variants. */
final class BufferTopology {
  static final String STORE = "open";

  /** The product's defaults. */
  static final int MAX_IMAGES = 64;

  static final Duration MAX_WAIT = Duration.ofMillis(50);

  private BufferTopology() {}

  static Topology of(
      Variant variant,
      String images,
      InputRecords input,
      String output,
      Duration maxWait,
      LongSupplier monotonicNanos) {
    return new Topology()
        .addSource("images", new ByteArrayDeserializer(), new ByteArrayDeserializer(), images)
        .addProcessor("batch", new Batchers(variant, input, maxWait, monotonicNanos), "images")
        .addSink("answers", output, new ByteArraySerializer(), new ByteArraySerializer(), "batch");
  }

  private record Batchers(
      Variant variant, InputRecords input, Duration maxWait, LongSupplier monotonicNanos)
      implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {
    @Override
    public Processor<byte[], byte[], byte[], byte[]> get() {
      return new Batcher(MAX_IMAGES, maxWait, monotonicNanos, variant.buffer(input));
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return variant.stores();
    }
  }
}
