package io.cnn2gnn.lab.study;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.localstack.LocalStackException;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.stream.Answering;
import io.cnn2gnn.training.stream.AnsweringException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Has streams answered by services, one after the other, on a broker and a registry that start with
 * the first of them: a study may train for hours before.
 */
final class ServedStudy implements Answering.Factory, AutoCloseable {
  private final String device;
  private Optional<LocalStack> stack = Optional.empty();
  private int streams;

  /** Starts nothing yet. */
  ServedStudy(String device) {
    this.device = device;
  }

  @Override
  public Answering open(String stream, Bundle bundle, ImageSet set, int batch)
      throws AnsweringException, InterruptedException {
    streams++;
    Terminal.print("serving: " + stream);
    try {
      return new ServedStream(
          StreamService.start(properties(), "study-" + streams, bundle, device, batch), set);
    } catch (CliException | LocalStackException e) {
      throw new AnsweringException(e.getMessage(), e);
    }
  }

  private Map<String, String> properties() throws CliException, InterruptedException {
    if (stack.isEmpty()) {
      stack = Optional.of(LocalStack.start(LocalStackConfig.temporary()));
    }
    try {
      return Map.of(
          Connection.BOOTSTRAP,
          stack.get().broker().get(),
          Connection.REGISTRY,
          stack.get().registry().get().toString());
    } catch (ExecutionException e) {
      throw new CliException(e.getCause().getMessage(), e);
    }
  }

  @Override
  public void close() {
    stack.ifPresent(LocalStack::close);
  }
}
