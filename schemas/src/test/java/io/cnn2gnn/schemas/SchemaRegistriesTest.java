package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.avro.Image;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistriesTest {
  private static final String CONFIG = "/config/images-value";

  @Test
  void saysThatTheUrlIsMissing() {
    assertThatThrownBy(() -> SchemaRegistries.create(Map.of("bootstrap.servers", "localhost")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url");
  }

  @Test
  void sharesTheInMemoryRegistryOfAScope() {
    assertThat(SchemaRegistries.create(Map.of("schema.registry.url", "mock://shared")))
        .isSameAs(MockSchemaRegistry.getClientForScope("shared"));
  }

  @Test
  void passesCredentialsToTheRegistry() throws Exception {
    try (StubRegistry stub =
        new StubRegistry().answer("GET /config", 200, "{\"compatibilityLevel\":\"NONE\"}")) {
      SchemaRegistryClient client =
          SchemaRegistries.create(
              Map.of(
                  "schema.registry.url", stub.url(),
                  "basic.auth.credentials.source", "USER_INFO",
                  "basic.auth.user.info", "me:secret"));
      SchemaRegistries.ping(client, stub.url());
      assertThat(stub.authorizations()).containsExactly("Basic bWU6c2VjcmV0");
    }
  }

  @Test
  void passesTlsPropertiesToTheRegistry() {
    assertThatThrownBy(
            () ->
                SchemaRegistries.create(
                    Map.of(
                        "schema.registry.url", "https://localhost:1",
                        "schema.registry.ssl.truststore.location", "/does/not/exist.jks")))
        .hasStackTraceContaining("/does/not/exist.jks");
  }

  @Test
  void takesNumbersAsText() throws Exception {
    Map<String, String> properties =
        Map.of(
            "schema.registry.url", "http://localhost:1",
            "http.connect.timeout.ms", "100",
            "http.read.timeout.ms", "100",
            "missing.id.cache.ttl.sec", "1",
            "missing.schema.cache.ttl.sec", "1");
    try (SchemaRegistryClient client = SchemaRegistries.create(properties)) {
      assertThat(client).isInstanceOf(CachedSchemaRegistryClient.class);
    }
  }

  @Test
  void pingNamesTheUrlInOneLineAndKeepsItsCredentials() {
    SchemaRegistryClient client =
        SchemaRegistries.create(Map.of("schema.registry.url", "http://localhost:1"));
    assertThatThrownBy(
            () -> SchemaRegistries.ping(client, "http://me:se,cret@localhost:1,http://a:b@c:2"))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageStartingWith(
            "Could not reach the schema registry at http://localhost:1,http://c:2: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void pingAsksForTheGlobalLevelAndIsSatisfiedWithAnInMemoryRegistry() {
    List<Optional<String>> asked = new ArrayList<>();
    SchemaRegistryClient registry =
        new MockSchemaRegistryClient() {
          @Override
          public Config getConfig(String subject) throws IOException, RestClientException {
            asked.add(Optional.ofNullable(subject));
            return super.getConfig(subject);
          }
        };
    SchemaRegistries.ping(registry, "mock://any");
    assertThat(asked).containsExactly(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {40401, 40408})
  void setsBackwardOnASubjectWithoutALevel(int code) throws Exception {
    try (StubRegistry stub =
        new StubRegistry()
            .answer(
                "GET " + CONFIG, 404, "{\"error_code\":%d,\"message\":\"none\"}".formatted(code))
            .answer("PUT " + CONFIG, 200, "{\"compatibility\":\"BACKWARD\"}")) {
      SchemaRegistries.ensureBackward(stub.client(), "images", Image.class);
      assertThat(stub.requests()).containsExactly("GET " + CONFIG, "PUT " + CONFIG);
    }
  }

  @Test
  void setsBackwardWhereTheLevelIsNone() throws Exception {
    try (StubRegistry stub =
        new StubRegistry()
            .answer("GET " + CONFIG, 200, "{\"compatibilityLevel\":\"NONE\"}")
            .answer("PUT " + CONFIG, 200, "{\"compatibility\":\"BACKWARD\"}")) {
      SchemaRegistries.ensureBackward(stub.client(), "images", Image.class);
      assertThat(stub.requests()).containsExactly("GET " + CONFIG, "PUT " + CONFIG);
    }
  }

  @Test
  void keepsALevelThatSomebodyChose() throws Exception {
    try (StubRegistry stub =
        new StubRegistry()
            .answer("GET " + CONFIG, 200, "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}")) {
      SchemaRegistries.ensureBackward(stub.client(), "images", Image.class);
      assertThat(stub.requests()).containsExactly("GET " + CONFIG);
    }
  }

  @Test
  void doesNotTakeAWrongUrlForASubjectWithoutALevel() throws Exception {
    try (StubRegistry stub = new StubRegistry()) {
      assertThatThrownBy(
              () -> SchemaRegistries.ensureBackward(stub.client(), "images", Image.class))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("'images-value'")
          .hasMessageContaining("schema.registry.url");
    }
  }

  @Test
  void setsBackwardOnAnInMemoryRegistry() throws Exception {
    SchemaRegistryClient registry = new MockSchemaRegistryClient();
    SchemaRegistries.ensureBackward(registry, "images", Image.class);
    assertThat(registry.getCompatibility("images-value")).isEqualTo("BACKWARD");
  }

  @Test
  void anotherInstanceThatWasQuickerIsNoFault() throws Exception {
    SchemaRegistryClient registry =
        new MockSchemaRegistryClient() {
          @Override
          public String updateCompatibility(String subject, String level)
              throws IOException, RestClientException {
            super.updateCompatibility(subject, level);
            throw new RestClientException("A rule named 'COMPATIBILITY' already exists.", 409, 0);
          }
        };
    SchemaRegistries.ensureBackward(registry, "images", Image.class);
    assertThat(registry.getCompatibility("images-value")).isEqualTo("BACKWARD");
  }
}
