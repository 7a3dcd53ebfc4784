package io.cnn2gnn.schemas;

import com.fasterxml.jackson.core.type.TypeReference;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.entities.Schema;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaString;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.AvroRuntimeException;

/**
 * Confluent's client, which also finds schemas by GUID, tells a schema that is none of Avro from an
 * answer that is no schema, and knows how its configuration names subjects.
 */
final class RegistryClient extends CachedSchemaRegistryClient {
  private static final TypeReference<SchemaString> SCHEMA = new TypeReference<>() {};
  private static final TypeReference<List<String>> TYPES = new TypeReference<>() {};
  private static final int MOST_MISSING = 10_000;

  /** Not found, method not allowed, not implemented. */
  private static final Set<Integer> NO_PAGE = Set.of(404, 405, 501);

  private final RestService rest;
  private final SubjectNames subjects;

  /** By what was asked for: that it is missing, as long as that is remembered. */
  private final Cache<Object, RestClientException> missing;

  /** Pages that it does not have, likewise. */
  private final Cache<String, Boolean> absent =
      CacheBuilder.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).build();

  private record Asked(int id, String subject) {}

  /**
   * Of a configuration.
   *
   * @param rest carries the calls
   * @param capacity schemas that are remembered of a subject
   * @param settings of Confluent's client
   * @param headers that every request has
   */
  RegistryClient(
      RestService rest,
      int capacity,
      Map<String, ?> settings,
      Map<String, String> headers,
      SubjectNames subjects) {
    super(rest, capacity, List.of(new AvroSchemaProvider()), settings, headers);
    this.rest = rest;
    this.subjects = subjects;
    this.missing =
        CacheBuilder.newBuilder()
            .maximumSize(MOST_MISSING)
            .expireAfterWrite(
                Duration.ofSeconds(SchemaRegistryClientConfig.getMissingIdTTL(settings)))
            .build();
  }

  SubjectNames subjects() {
    return subjects;
  }

  @Override
  protected ParsedSchema getSchemaByIdFromRegistry(int id, String subject)
      throws IOException, RestClientException {
    return parsed(unlessMissing(new Asked(id, subject), () -> rest.getId(id, subject)));
  }

  /**
   * Fetches a schema by the id that it has in every registry. The answer is not remembered, unless
   * there is no such schema.
   *
   * @throws NoGuidsException if the registry finds schemas by their numbers only
   */
  ParsedSchema getSchemaByGuid(UUID guid) throws IOException, RestClientException {
    String page = "/schemas/guids";
    if (absent.getIfPresent(page) != null) {
      throw new NoGuidsException();
    }
    try {
      return parsed(unlessMissing(guid, () -> get(page + "/" + guid, SCHEMA)));
    } catch (RestClientException e) {
      boolean noPage = NO_PAGE.contains(e.getStatus()) && !SchemaRegistries.isMissing(e);
      // One that answers other questions will never answer this one.
      if (noPage && !types().isEmpty()) {
        absent.put(page, true);
        throw new NoGuidsException();
      }
      throw e;
    }
  }

  private interface Question {
    SchemaString ask() throws IOException, RestClientException;
  }

  private SchemaString unlessMissing(Object what, Question question)
      throws IOException, RestClientException {
    RestClientException known = missing.getIfPresent(what);
    if (known != null) {
      throw known;
    }
    try {
      return question.ask();
    } catch (RestClientException e) {
      if (SchemaRegistries.isMissing(e)) {
        missing.put(what, e);
      }
      throw e;
    }
  }

  /** Asks for what every registry tells every user: the kinds of schemas that it keeps. */
  List<String> types() throws IOException, RestClientException {
    return get("/schemas/types", TYPES);
  }

  private <T> T get(String path, TypeReference<T> type) throws IOException, RestClientException {
    return rest.httpRequest(path, "GET", null, RestService.DEFAULT_REQUEST_PROPERTIES, type);
  }

  private ParsedSchema parsed(SchemaString answer) throws IOException {
    if (answer == null || answer.getSchemaString() == null || answer.getSchemaString().isBlank()) {
      throw new IOException("the schema registry answered without a schema");
    }
    if (!AvroSchema.TYPE.equals(answer.getSchemaType())) {
      throw new NotAvroException("it is of the type " + answer.getSchemaType());
    }
    try {
      return getSchemaProviders()
          .get(AvroSchema.TYPE)
          .parseSchemaOrElseThrow(new Schema(null, null, null, answer), false, false);
    } catch (AvroRuntimeException e) {
      // Not each is a SchemaParseException: a field twice, or a type twice in a union.
      throw new NotAvroException("Avro cannot parse it: " + e.getMessage());
    } catch (RuntimeException e) {
      // Schemas that it refers to are fetched meanwhile, and may be away.
      throw new IOException("what the schema refers to cannot be had: " + e.getMessage(), e);
    }
  }
}
