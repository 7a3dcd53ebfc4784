package io.cnn2gnn.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Schema registry clients from Kafka client properties, and what a start-up asks of a registry. */
public final class SchemaRegistries {
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int READ_TIMEOUT_MS = 10_000;
  private static final long MISSING_ID_TTL_SECONDS = 10;

  private static final int NOT_FOUND = 404;
  private static final int SUBJECT_NOT_FOUND = 40401;
  private static final int SCHEMA_NOT_FOUND = 40403;

  private SchemaRegistries() {}

  /**
   * Connects lazily to the registry that {@code schema.registry.url} names. The other properties
   * are those of Confluent's serializers ({@code basic.auth.*}, {@code bearer.auth.*}, {@code
   * schema.registry.ssl.*}, {@code request.header.*}, ...); foreign ones are ignored. A url {@code
   * mock://scope} gives the in-memory registry of that scope.
   *
   * <p>Where nothing else is configured, the client times out after seconds, not a minute, so that
   * a dead registry does not hold a poll loop, and remembers for ten seconds that an id is unknown,
   * so that a flood of bad records does not become a flood of requests.
   *
   * @throws ConfigException if {@code schema.registry.url} is missing or a property is malformed
   */
  public static SchemaRegistryClient create(Map<String, ?> config) {
    var parsed =
        new AbstractKafkaSchemaSerDeConfig(
            AbstractKafkaSchemaSerDeConfig.baseConfigDef(), config, false);
    Map<String, Object> settings = new HashMap<>(config);
    settings.putIfAbsent(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, CONNECT_TIMEOUT_MS);
    settings.putIfAbsent(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, READ_TIMEOUT_MS);
    settings.putIfAbsent(
        SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG, MISSING_ID_TTL_SECONDS);
    // The client casts these to Long, and properties files hold strings.
    for (String ttl :
        List.of(
            SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG,
            SchemaRegistryClientConfig.MISSING_VERSION_CACHE_TTL_CONFIG,
            SchemaRegistryClientConfig.MISSING_SCHEMA_CACHE_TTL_CONFIG)) {
      settings.computeIfPresent(
          ttl, (name, value) -> ConfigDef.parseType(name, value.toString(), ConfigDef.Type.LONG));
    }
    return SchemaRegistryClientFactory.newClient(
        parsed.getSchemaRegistryUrls(),
        parsed.getMaxSchemasPerSubject(),
        List.of(new AvroSchemaProvider()),
        settings,
        parsed.requestHeaders());
  }

  /**
   * Whether writers may register schemas: {@code auto.register.schemas}, true unless it says no.
   */
  public static boolean autoRegister(Map<String, String> config) {
    return Boolean.parseBoolean(config.getOrDefault("auto.register.schemas", "true"));
  }

  /**
   * Sets the subject's compatibility level to BACKWARD if it has none, because the registry's
   * global level may be NONE. A level that somebody chose stays, except NONE: Apicurio answers NONE
   * both for a subject without a level and for one set to NONE. Works before the subject has its
   * first version, which is when to call it.
   *
   * @throws RegistryUnavailableException if the registry does not answer or does not allow it
   */
  public static void ensureBackward(SchemaRegistryClient registry, String subject) {
    try {
      if (!hasCompatibility(registry, subject)) {
        setBackward(registry, subject);
      }
    } catch (IOException | RestClientException e) {
      throw RegistryUnavailableException.during(
          "set the compatibility of subject '" + subject + "' to BACKWARD", e);
    }
  }

  private static void setBackward(SchemaRegistryClient registry, String subject)
      throws IOException, RestClientException {
    try {
      registry.updateCompatibility(subject, "BACKWARD");
    } catch (RestClientException e) {
      // Another instance was quicker; Apicurio then refuses.
      if (!hasCompatibility(registry, subject)) {
        throw e;
      }
    }
  }

  private static boolean hasCompatibility(SchemaRegistryClient registry, String subject)
      throws IOException, RestClientException {
    try {
      return !registry.getCompatibility(subject).equals("NONE");
    } catch (RestClientException e) {
      // Registries differ in the error code here; the update that follows tells a wrong url apart.
      if (e.getStatus() == NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Asks the registry for something small, to learn at start-up rather than at the first record
   * whether it can be reached.
   *
   * @param url the address to name in the message; credentials in it are left out
   * @throws RegistryUnavailableException if it gives no usable answer
   */
  public static void ping(SchemaRegistryClient registry, String url) {
    try {
      // No subject: the global level, which all registries know and every user may read.
      registry.getConfig(null);
    } catch (IOException | RestClientException e) {
      throw RegistryUnavailableException.during(
          "reach the schema registry at " + url.replaceAll("//[^/]*@", "//"), e);
    }
  }

  /** Whether a registry says that it has no such schema, and not that nobody is at this address. */
  static boolean isMissing(RestClientException e) {
    return e.getStatus() == NOT_FOUND
        && Set.of(SUBJECT_NOT_FOUND, SCHEMA_NOT_FOUND).contains(e.getErrorCode());
  }
}
