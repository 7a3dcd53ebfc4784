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

  /** Empty where the last change failed. */
  private Optional<Setup> setup = Optional.of(Setup.ONE_BROKER);

  private int clusters;

  /** Begins with the stack's own; the stack is not closed with this. */
  Brokers(LocalStack stack, Path work, Consumer<String> progress) {
    this.stack = stack;
    this.work = work;
    this.progress = progress;
  }

  /** Starts what a row needs, unless it runs; empty for the stack's own broker. */
  Optional<Cluster> of(Row row) throws IOException, InterruptedException, ExecutionException {
    if (!setup.equals(Optional.of(row.setup()))) {
      stopPresent();
      start(row.setup());
      setup = Optional.of(row.setup());
    } else if (cluster.isPresent()) {
      cluster.get().makeWhole();
    }
    return cluster;
  }

  private void stopPresent() throws IOException, InterruptedException, ExecutionException {
    boolean one = setup.equals(Optional.of(Setup.ONE_BROKER));
    setup = Optional.empty();
    close();
    if (one) {
      stack.broker().get();
      stack.stop(Server.BROKER, true);
    }
  }

  private void start(Setup wanted) throws IOException, InterruptedException, ExecutionException {
    if (wanted == Setup.ONE_BROKER) {
      stack.startAgain(Server.BROKER);
    } else {
      progress.accept("starting three brokers");
      Path folder = work.resolve("cluster-" + ++clusters);
      cluster = Optional.of(Cluster.start(folder, wanted.network(stack.registry().get())));
    }
  }

  @Override
  public void close() throws IOException {
    if (cluster.isPresent()) {
      cluster.get().close();
      cluster = Optional.empty();
    }
  }
}
