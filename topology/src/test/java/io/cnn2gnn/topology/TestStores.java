package io.cnn2gnn.topology;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A task's context and its stores, without a broker. */
public final class TestStores {
  private TestStores() {}

  public static <K, V> MockProcessorContext<K, V> context(int partition, Path folder) {
    Properties properties = new Properties();
    properties.put("application.id", "test");
    properties.put("bootstrap.servers", "unused:1");
    return new MockProcessorContext<>(properties, new TaskId(0, partition), folder.toFile());
  }

  /** An empty store that the context knows and that writes no changelog. */
  public static <K> KeyValueStore<K, byte[]> open(
      MockProcessorContext<?, ?> context, String name, Serde<K> keys) {
    KeyValueStore<K, byte[]> store =
        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    context.addStateStore(store);
    return store;
  }
}
