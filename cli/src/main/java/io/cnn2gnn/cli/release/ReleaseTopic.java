package io.cnn2gnn.cli.release;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ReleaseControl;
import io.cnn2gnn.schemas.release.ReleaseDecisions;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.app.Access;
import io.cnn2gnn.topology.app.AccessTable;
import io.cnn2gnn.training.service.TrainingClients;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The models topic, as the release commands reach it. */
final class ReleaseTopic {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Mixin private Connection connection;

  @Option(
      names = "--models-topic",
      paramLabel = "TOPIC",
      defaultValue = "models",
      description = "where releases are (default: ${DEFAULT-VALUE})")
  private String topic;

  @Option(names = "--name", description = "of the model (default: the only one that there is)")
  private Optional<String> name = Optional.empty();

  /** Decides by the releases as they stand. */
  interface Decision {
    List<ModelRelease> decide(ReleaseDecisions decisions, String name)
        throws ReleaseDecisions.RefusedException;
  }

  /** An open topic, with its releases as they were when it was opened. */
  final class Open {
    private final SchemaRegistryClient registry;
    private final TrainingClients clients;
    private final ReleaseControl control;
    private final Map<String, String> properties;
    private final Releases releases;

    private Open(List<Access> needed) throws CliException {
      properties = connection.properties();
      Connection.check(properties, needed);
      registry = Connection.registry(properties);
      clients = new TrainingClients(properties);
      control = new ReleaseControl(this::reader, this::writer);
      try {
        releases = control.read(PATIENCE);
      } catch (KafkaException | RegistryUnavailableException e) {
        throw new CliException("the releases cannot be read: " + e.getMessage(), e);
      }
    }

    Releases releases() {
      return releases;
    }

    Map<String, String> properties() {
      return properties;
    }

    ReleaseReader reader() {
      return new ReleaseReader(clients.keyedReader(), topic, registry);
    }

    ReleaseWriter writer() {
      return new ReleaseWriter(
          clients.producer(), topic, registry, SchemaRegistries.autoRegister(properties));
    }

    /** What services have told last of a release's trial. */
    Collection<ModelEvent> trials(ModelRelease release, String events) throws CliException {
      Connection.check(properties, AccessTable.trials(events));
      try (Consumer<byte[], byte[]> consumer = clients.reader()) {
        return Trials.of(
            release, consumer, events, new WireReader<>(registry, events, ModelEvent.class));
      } catch (KafkaException | RegistryUnavailableException e) {
        throw new CliException("topic %s cannot be read: %s".formatted(events, e.getMessage()), e);
      }
    }

    /** The model that is meant, if the topic knows it. */
    String name() throws CliException {
      List<String> names = releases.names();
      if (name.isPresent()) {
        if (!names.contains(name.get())) {
          throw new CliException(
              "no model %s was released to topic %s; there are: %s"
                  .formatted(name.get(), topic, names));
        }
        return name.get();
      }
      if (names.isEmpty()) {
        throw new CliException(
            "nothing was released to topic %s yet: cnn2gnn release publish".formatted(topic));
      }
      if (names.size() > 1) {
        throw new CliException("which model? Give --name, one of " + names);
      }
      return names.get(0);
    }
  }

  /** Opens the topic, if the broker lets us read it. */
  Open read() throws CliException {
    return new Open(AccessTable.releases(topic));
  }

  /** Opens the topic, if the broker lets us write decisions to it, too. */
  Open decide() throws CliException {
    return new Open(AccessTable.release(topic));
  }

  /** Carries a decision out and says what became of whom. */
  void carryOut(Decision decision) throws CliException, InterruptedException {
    Open open = decide();
    List<ModelRelease> records;
    String name = open.name();
    try {
      records =
          open.control.carryOut(open.releases(), decisions -> decision.decide(decisions, name));
    } catch (ReleaseDecisions.RefusedException e) {
      throw new CliException(e.getMessage(), e);
    }
    for (ModelRelease record : records) {
      Terminal.printf("%s: %s", Releases.key(record), record.getState());
    }
  }
}
