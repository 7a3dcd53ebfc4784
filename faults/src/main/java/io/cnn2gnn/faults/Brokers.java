package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStack.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The stack's one broker, or three in its place: whichever the next row needs. Both at once would
 * share two cores with the services.
 */
final class Brokers implements AutoCloseable {
  private final LocalStack stack;
  private final Path work;
  private final Consumer<String> progress;
  private Optional<Cluster> cluster = Optional.empty();
  private int clusters;

  /** Begins with the stack's own; the stack is not closed with this. */
  Brokers(LocalStack stack, Path work, Consumer<String> progress) {
    this.stack = stack;
    this.work = work;
    this.progress = progress;
  }

  /** Starts what a row needs, unless it runs; empty for the stack's own broker. */
  Optional<Cluster> of(Row row) throws IOException, InterruptedException, ExecutionException {
    if (row.isClustered() && cluster.isEmpty()) {
      stack.broker().get();
      stack.stop(Server.BROKER, true);
      progress.accept("starting three brokers");
      Path folder = work.resolve("cluster-" + ++clusters);
      cluster = Optional.of(Cluster.start(folder, stack.registry().get()));
    } else if (row.isClustered()) {
      cluster.get().makeWhole();
    } else if (cluster.isPresent()) {
      close();
      stack.startAgain(Server.BROKER);
    }
    return cluster;
  }

  @Override
  public void close() throws IOException {
    if (cluster.isPresent()) {
      cluster.get().close();
      cluster = Optional.empty();
    }
  }
}
