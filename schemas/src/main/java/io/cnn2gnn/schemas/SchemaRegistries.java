package io.cnn2gnn.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schema registry clients from Kafka client properties, and what a start-up asks of a registry. */
public final class SchemaRegistries {
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int READ_TIMEOUT_MS = 10_000;
  private static final long MISSING_ID_TTL_SECONDS = 1;

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int SUBJECT_NOT_FOUND = 40401;
  private static final int VERSION_NOT_FOUND = 40402;
  private static final int SCHEMA_NOT_FOUND = 40403;

  private static final Set<String> KEYS =
      Set.of(
          AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG,
          AbstractKafkaSchemaSerDeConfig.AUTO_REGISTER_SCHEMAS,
          AbstractKafkaSchemaSerDeConfig.VALUE_SUBJECT_NAME_STRATEGY,
          AbstractKafkaSchemaSerDeConfig.CONTEXT_NAME_STRATEGY,
          SchemaRegistryClientConfig.BASIC_AUTH_CREDENTIALS_SOURCE,
          SchemaRegistryClientConfig.USER_INFO_CONFIG,
          SchemaRegistryClientConfig.BEARER_AUTH_CREDENTIALS_SOURCE,
          SchemaRegistryClientConfig.BEARER_AUTH_TOKEN_CONFIG,
          SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS,
          SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS);

  private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistries.class);

  private SchemaRegistries() {}

  /**
   * Connects lazily to the registry that {@code schema.registry.url} names. The other properties
   * are those of Confluent's serializers ({@code basic.auth.*}, {@code bearer.auth.*}, {@code
   * schema.registry.ssl.*}, {@code request.header.*}, {@code value.subject.name.strategy}, ...);
   * foreign ones are ignored. Of several urls, separated by commas, the next one is asked where one
   * gives no usable answer. A url {@code mock://scope} gives the in-memory registry of that scope.
   *
   * <p>Where nothing else is configured, the client times out after seconds, not a minute, so that
   * a dead registry does not hold a poll loop, and remembers for a second that an id is unknown, so
   * that a flood of bad records does not become a flood of requests.
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
    List<String> urls = parsed.getSchemaRegistryUrls().stream().map(String::strip).toList();
    if (MockSchemaRegistry.validateAndMaybeGetMockScope(urls) != null) {
      return SchemaRegistryClientFactory.newClient(
          urls,
          parsed.getMaxSchemasPerSubject(),
          List.of(new AvroSchemaProvider()),
          settings,
          parsed.requestHeaders());
    }
    return new RegistryClient(
        new RegistryTransport(urls, System::nanoTime),
        parsed.getMaxSchemasPerSubject(),
        settings,
        parsed.requestHeaders(),
        SubjectNames.of(parsed));
  }

  /**
   * The keys by which a client of a registry is configured, but for those that begin as {@link
   * #create} has them.
   */
  public static Set<String> keys() {
    return KEYS;
  }

  /**
   * Whether writers may register schemas: {@code auto.register.schemas}, true unless it says no.
   */
  public static boolean autoRegister(Map<String, String> config) {
    return Boolean.parseBoolean(config.getOrDefault("auto.register.schemas", "true"));
  }

  /**
   * Sets the compatibility level of a topic's subject to BACKWARD if it has none, because the
   * registry's global level may be NONE. A level that somebody chose stays, except NONE: Apicurio
   * answers NONE both for a subject without a level and for one set to NONE. Works before the
   * subject has its first version, which is when to call it. An account that may not do it leaves
   * the level to those who may.
   *
   * @param type of the topic's values
   * @throws RegistryUnavailableException if the registry does not answer
   */
  public static void ensureBackward(
      SchemaRegistryClient registry, String topic, Class<? extends SpecificRecord> type) {
    Schema schema = SpecificData.getForClass(type).getSchema(type);
    String subject = SubjectNames.of(registry).of(topic, schema);
    try {
      if (!hasCompatibility(registry, subject)) {
        setBackward(registry, subject);
      }
    } catch (RestClientException e) {
      if (!isForbidden(e)) {
        throw notSet(subject, e);
      }
      LOG.warn(
          "the compatibility of subject '{}' is left as it is, since this account may not set it to"
              + " BACKWARD: {}",
          subject,
          e.getMessage());
    } catch (IOException e) {
      throw notSet(subject, e);
    }
  }

  private static RegistryUnavailableException notSet(String subject, Exception e) {
    return RegistryUnavailableException.during(
        "set the compatibility of subject '" + subject + "' to BACKWARD", e);
  }

  /** Whether a registry itself refuses a right, and not a proxy before it the way. */
  private static boolean isForbidden(RestClientException e) {
    return e.getStatus() == FORBIDDEN && e.getErrorCode() != RegistryTransport.NO_CODE;
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
      ping(registry);
    } catch (IOException | RestClientException e) {
      throw RegistryUnavailableException.during(
          "reach the schema registry at " + url.replaceAll("//[^/]*@", "//"), e);
    }
  }

  private static void ping(SchemaRegistryClient registry) throws IOException, RestClientException {
    try {
      // No subject: the global level, which all registries know.
      registry.getConfig(null);
    } catch (RestClientException e) {
      if (e.getStatus() != FORBIDDEN || !(registry instanceof RegistryClient client)) {
        throw e;
      }
      // An account may have rights on its subjects alone.
      var unused = client.types();
    }
  }

  /** Whether a registry says that it has no such schema, and not that nobody is at this address. */
  static boolean isMissing(RestClientException e) {
    return e.getStatus() == NOT_FOUND
        && Set.of(SUBJECT_NOT_FOUND, VERSION_NOT_FOUND, SCHEMA_NOT_FOUND)
            .contains(e.getErrorCode());
  }
}
