package io.cnn2gnn.cli.kit;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.topology.app.Access;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.app.Topics;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Option;

/**
 * How a command reaches a broker and a registry. Options win over the environment, which wins over
 * the file.
 */
public final class Connection {
  public static final String BOOTSTRAP = "bootstrap.servers";
  public static final String REGISTRY = "schema.registry.url";

  /** What the topology keeps of a record's limit for headers, and id, label and key beside it. */
  private static final int RECORD_HEADROOM = 32 << 10;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers (default: localhost:9092, or what --config says)")
  Optional<String> bootstrapServer = Optional.empty();

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      description = "schema registry (default: http://localhost:8081, or what --config says)")
  Optional<String> schemaRegistry = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "properties for the Kafka and registry clients (TLS, SASL, ...)")
  public Optional<Path> config = Optional.empty();

  /** The values of the file, the environment and the options. */
  public Map<String, String> properties() throws CliException {
    return settings().values();
  }

  /** The same in layers. */
  Settings settings() throws CliException {
    Settings settings = new Settings(ConfigKey.BOOTSTRAP_SERVERS, ConfigKey.SCHEMA_REGISTRY_URL);
    if (config.isPresent()) {
      settings.file(config.get());
    }
    settings.environment(System.getenv());
    bootstrapServer.ifPresent(value -> settings.put(BOOTSTRAP, value, "--bootstrap-server"));
    schemaRegistry.ifPresent(value -> settings.put(REGISTRY, value, "--schema-registry"));
    return settings;
  }

  /** The same for a service, with what its {@code --set} says over them. */
  public Settings settingsOfService(Map<String, String> flags) throws CliException {
    Settings settings = settings();
    if (!settings.settings().containsKey(AppConfig.BUNDLE)) {
      settings.put(AppConfig.BUNDLE, Home.bundle().toString(), "default");
    }
    flags.forEach((key, value) -> settings.put(key, value, Settings.FLAG));
    return settings;
  }

  /** The properties that a client knows, so that it does not warn of the others. */
  public static Map<String, Object> only(Map<String, String> properties, Set<String> known) {
    Map<String, Object> kept = new HashMap<>(properties);
    kept.keySet().retainAll(known);
    return kept;
  }

  /** Checks that a broker answers, has the topics, and lets us do with them what we need. */
  public static void check(Map<String, String> properties, List<Access> needed)
      throws CliException {
    for (Map.Entry<String, Set<AclOperation>> topic : Access.topics(needed).entrySet()) {
      checkTopic(properties, topic.getKey(), topic.getValue());
    }
  }

  private static void checkTopic(
      Map<String, String> properties, String topic, Set<AclOperation> operations)
      throws CliException {
    try {
      if (!Topics.present(properties, topic, operations)) {
        throw new CliException(
            "the broker at %s has no topic %s: start the topology once (cnn2gnn run), or create it"
                .formatted(properties.get(BOOTSTRAP), topic));
      }
    } catch (StartupException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  /**
   * The largest image that fits into a record of the topic, if the broker lets us know its limit.
   */
  public static OptionalInt largestImage(Map<String, String> properties, String topic)
      throws CliException {
    try {
      OptionalInt limit = Topics.maxMessageBytes(properties, topic);
      return limit.isPresent()
          ? OptionalInt.of(Math.max(0, limit.getAsInt() - RECORD_HEADROOM))
          : limit;
    } catch (StartupException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  /** Connects to the registry and checks that it answers. */
  public static SchemaRegistryClient registry(Map<String, String> properties) throws CliException {
    try {
      SchemaRegistryClient registry = SchemaRegistries.create(properties);
      SchemaRegistries.ping(registry, properties.get(REGISTRY));
      return registry;
    } catch (RegistryUnavailableException e) {
      boolean answered =
          e.getCause() instanceof RestClientException || e.getCause() instanceof SSLException;
      throw new CliException(
          answered
              ? e.getMessage()
              : e.getMessage() + ": is it up, and is --schema-registry right?",
          e);
    } catch (ConfigException e) {
      throw new CliException(e.getMessage(), e);
    }
  }
}
