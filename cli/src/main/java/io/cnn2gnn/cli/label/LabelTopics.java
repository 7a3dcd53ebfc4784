package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.topology.app.Access;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.training.service.TrainingClients;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The topics of labels and of images, as the command reaches them. */
final class LabelTopics {
  @Mixin private Connection connection;

  @Option(
      names = "--labels-topic",
      paramLabel = "TOPIC",
      description =
          "where labels go (default: labels; for other images than those of images, IMAGES.labels)")
  private Optional<String> labels = Optional.empty();

  @Option(
      names = "--outcomes-topic",
      paramLabel = "TOPIC",
      description =
          "where the service says what became of them (default: the labels topic's name and"
              + " .outcomes)")
  private Optional<String> outcomes = Optional.empty();

  @Option(
      names = "--images-topic",
      paramLabel = "TOPIC",
      defaultValue = "images",
      description =
          "where images are, of which partitions and offsets are (default: ${DEFAULT-VALUE})")
  String images;

  @Option(
      names = "--predictions-topic",
      paramLabel = "TOPIC",
      defaultValue = "predictions",
      description = "where --look-up looks (default: ${DEFAULT-VALUE})")
  String predictions;

  String labels() {
    return labels.orElseGet(() -> TopicNames.labelsOf(images));
  }

  String outcomes() {
    return outcomes.orElseGet(() -> TopicNames.outcomesOf(labels()));
  }

  /** Broker and registry, reached and found in order. */
  final class Session {
    private final Map<String, String> properties;
    private final SchemaRegistryClient registry;

    private Session(List<Access> needed) throws CliException {
      properties = connection.properties();
      Connection.check(properties, needed);
      registry = Connection.registry(properties);
    }

    SchemaRegistryClient registry() {
      return registry;
    }

    LabelDesk desk() throws CliException {
      return new LabelDesk(properties, registry, labels(), outcomes());
    }

    TopicScan scan(String topic) {
      return new TopicScan(new TrainingClients(properties), topic);
    }
  }

  /** Connects, if the broker lets us do what we need. */
  Session open(List<Access> needed) throws CliException {
    return new Session(needed);
  }
}
