package io.cnn2gnn.lab.study;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.Readiness;
import io.cnn2gnn.cli.kit.StateFolder;
import io.cnn2gnn.localstack.FreePort;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.training.stream.Answering;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A service for one stream, with topics and a state of its own; and what is closed before it. */
final class StreamService implements AutoCloseable {
  /** A source has a partition to itself. */
  static final int PARTITIONS = 8;

  /**
   * The last batch of a source is short and goes after so many milliseconds; a whole one must not,
   * while the only thread of the service classifies those of seven other partitions.
   */
  private static final String MAX_WAIT = "5000";

  /** As in this process, where no label has to leave. */
  private static final String LABELS = "100000";

  private final Map<String, String> properties;
  private final SchemaRegistryClient registry;
  private final TopicNames topics;
  private final int port;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final ClassificationApp app;

  /** Starts one and waits until it is ready. */
  static StreamService start(
      Map<String, String> properties, String name, Bundle bundle, String device, int batch)
      throws CliException, InterruptedException {
    StateFolder folder = StateFolder.in(Optional.empty());
    try {
      return new StreamService(properties, name, bundle, device, batch, folder);
    } catch (IOException | StartupException e) {
      folder.close();
      throw new CliException("no service for stream " + name + ": " + e.getMessage(), e);
    } catch (CliException | InterruptedException | RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  private StreamService(
      Map<String, String> properties,
      String name,
      Bundle bundle,
      String device,
      int batch,
      StateFolder folder)
      throws IOException, StartupException, CliException, InterruptedException {
    this.properties = Map.copyOf(properties);
    this.registry = Connection.registry(properties);
    this.topics = topics(name);
    this.port = FreePort.find();
    Path file = folder.path().resolve("student.bundle");
    bundle.write(file);
    Map<String, String> own = new HashMap<>(properties);
    own.put(AppConfig.BUNDLE, file.toString());
    own.put(AppConfig.DEVICE, device);
    own.put(AppConfig.HTTP_PORT, Integer.toString(port));
    own.put(ConfigKey.APPLICATION_ID.key(), name);
    own.put(ConfigKey.STATE_DIR.key(), folder.path().resolve("state").toString());
    own.put(ConfigKey.TOPICS_PARTITIONS.key(), Integer.toString(PARTITIONS));
    own.put(ConfigKey.TOPIC_IMAGES.key(), topics.images());
    own.put(ConfigKey.TOPIC_PREDICTIONS.key(), topics.predictions());
    own.put(ConfigKey.TOPIC_DEAD_LETTERS.key(), topics.deadLetters());
    own.put(ConfigKey.BATCH_MAX_IMAGES.key(), Integer.toString(batch));
    own.put(ConfigKey.BATCH_MAX_WAIT_MS.key(), MAX_WAIT);
    own.put(ConfigKey.BANK_CAPACITY.key(), Integer.toString(Answering.REMEMBERED));
    own.put(ConfigKey.BANK_ADMISSION.key(), "all");
    own.put(ConfigKey.LABELLED_CAPACITY.key(), LABELS);
    own.put(ConfigKey.LABELLED_PER_CLASS.key(), LABELS);
    own.put(ConfigKey.LABELLED_PER_LABELLER.key(), "1");
    this.app = ClassificationApp.start(AppConfig.of(own));
    open.push(folder);
    open.push(app);
    try {
      Readiness.await(app);
    } catch (CliException | InterruptedException | RuntimeException | Error e) {
      app.close();
      throw e;
    }
  }

  private static TopicNames topics(String name) {
    String images = name + ".images";
    String labels = TopicNames.labelsOf(images);
    return new TopicNames(
        images,
        name + ".predictions",
        TopicNames.deadLettersOf(images),
        labels,
        TopicNames.outcomesOf(labels),
        TopicNames.DEFAULT.models(),
        TopicNames.DEFAULT.modelEvents());
  }

  /** Closes something before the service. */
  <T extends AutoCloseable> T add(T client) {
    open.push(client);
    return client;
  }

  Map<String, String> properties() {
    return properties;
  }

  SchemaRegistryClient registry() {
    return registry;
  }

  TopicNames topics() {
    return topics;
  }

  /** Of its pages. */
  int port() {
    return port;
  }

  void requireLive() throws CliException {
    if (!app.isLive()) {
      throw new CliException(
          "the service has ended" + app.failure().map(why -> ": " + why).orElse(""));
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        System.err.println("cnn2gnn: while stopping: " + e);
      }
    }
  }
}
