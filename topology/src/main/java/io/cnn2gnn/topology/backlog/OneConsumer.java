package io.cnn2gnn.topology.backlog;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/** A consumer that is opened when it is needed, and again after it was closed. */
final class OneConsumer implements AutoCloseable {
  private final Supplier<Consumer<byte[], byte[]>> opens;
  private Optional<Consumer<byte[], byte[]>> open = Optional.empty();

  OneConsumer(Supplier<Consumer<byte[], byte[]>> opens) {
    this.opens = opens;
  }

  Consumer<byte[], byte[]> get() {
    if (open.isEmpty()) {
      open = Optional.of(opens.get());
    }
    return open.get();
  }

  @Override
  public void close() {
    Optional<Consumer<byte[], byte[]>> closing = open;
    open = Optional.empty();
    closing.ifPresent(Consumer::close);
  }
}
