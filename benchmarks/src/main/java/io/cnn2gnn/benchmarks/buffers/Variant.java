package io.cnn2gnn.benchmarks.buffers;

import io.cnn2gnn.topology.input.InputRecords;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.state.StoreBuilder;

/** The ways to hold an open batch. */
public enum Variant {
  /** Each waiting record whole in a changelogged store. */
  PAYLOAD {
    @Override
    Buffer buffer(InputRecords input) {
      return new PayloadBuffer();
    }

    @Override
    Set<StoreBuilder<?>> stores() {
      return Set.of(PayloadBuffer.store(CHANGELOG).withCachingDisabled());
    }
  },

  /** The same behind the record cache, which writes at commit only. */
  PAYLOAD_CACHED {
    @Override
    Buffer buffer(InputRecords input) {
      return new PayloadBuffer();
    }

    @Override
    Set<StoreBuilder<?>> stores() {
      return Set.of(PayloadBuffer.store(CHANGELOG).withCachingEnabled());
    }
  },

  /** The offsets of the waiting records; the input topic has the rest. */
  OFFSETS {
    @Override
    Buffer buffer(InputRecords input) {
      return new OffsetsBuffer(input);
    }

    @Override
    Set<StoreBuilder<?>> stores() {
      return Set.of(OffsetsBuffer.store(CHANGELOG));
    }
  },

  /** A control on Kafka's internals: no batch is open at a commit. */
  DRAIN {
    @Override
    Buffer buffer(InputRecords input) {
      return new DrainBuffer();
    }

    @Override
    Set<StoreBuilder<?>> stores() {
      return Set.of(DrainBuffer.store());
    }
  },

  /** A control that loses data: the heap alone. */
  HEAP {
    @Override
    Buffer buffer(InputRecords input) {
      return new HeapBuffer();
    }

    @Override
    Set<StoreBuilder<?>> stores() {
      return Set.of();
    }
  };

  /** The cleaner would take away bytes while they are being counted. */
  private static final Map<String, String> CHANGELOG =
      Map.of(
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(1 << 30),
          TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
          "86400000");

  abstract Buffer buffer(InputRecords input);

  abstract Set<StoreBuilder<?>> stores();

  /** As tables and summaries name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
