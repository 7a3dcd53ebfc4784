package io.cnn2gnn.cli.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.topology.app.ConfigKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @TempDir private Path folder;

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("service.properties"), text);
  }

  private static String printed(int expected, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    PrintStream errors = System.err;
    PrintStream caught = new PrintStream(out, true, StandardCharsets.UTF_8);
    System.setOut(caught);
    System.setErr(caught);
    try {
      assertThat(Main.run(false, args)).isEqualTo(expected);
    } finally {
      System.setOut(before);
      System.setErr(errors);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theEnvironmentWinsOverTheFileAndAFlagOverBoth() throws Exception {
    Settings settings = new Settings(ConfigKey.BOOTSTRAP_SERVERS);
    settings.file(
        file("bootstrap.servers=file:1\ncnn2gnn.bank.capacity=1\ncnn2gnn.batch.max.images=1\n"));
    settings.environment(
        Map.of("CNN2GNN_BANK_CAPACITY", "2", "CNN2GNN_BATCH_MAX_IMAGES", "2", "PATH", "/bin"));
    settings.put("cnn2gnn.batch.max.images", "3", "flag");
    assertThat(settings.values())
        .containsExactly(
            Map.entry("bootstrap.servers", "file:1"),
            Map.entry("cnn2gnn.bank.capacity", "2"),
            Map.entry("cnn2gnn.batch.max.images", "3"));
    assertThat(settings.settings().get("cnn2gnn.bank.capacity").source())
        .isEqualTo("CNN2GNN_BANK_CAPACITY");
  }

  @ParameterizedTest
  @EnumSource
  void everyKeyHasAVariable(ConfigKey key) throws Exception {
    Settings settings = new Settings();
    settings.environment(Map.of(key.variable(), "value"));
    assertThat(settings.values()).containsExactly(Map.entry(key.key(), "value"));
  }

  @Test
  void clientPropertiesHaveVariablesToo() throws Exception {
    Settings settings = new Settings();
    settings.environment(
        Map.of(
            "CNN2GNN_KAFKA_SSL_TRUSTSTORE_LOCATION",
            "/trust",
            "CNN2GNN_JAVA_OPTS",
            "-Xmx1g",
            "CNN2GNN_SECRETS",
            "/secrets"));
    assertThat(settings.values()).containsExactly(Map.entry("ssl.truststore.location", "/trust"));
  }

  @Test
  void aVariableThatMeansNothingIsRefusedWithTheOneThatWasMeant() {
    assertThatThrownBy(() -> new Settings().environment(Map.of("CNN2GNN_BANK_CAPACTY", "2")))
        .hasMessage(
            "unknown environment variable CNN2GNN_BANK_CAPACTY: did you mean"
                + " CNN2GNN_BANK_CAPACITY?");
    assertThatThrownBy(() -> new Settings().environment(Map.of("CNN2GNN_X", "2")))
        .hasMessageContaining("cnn2gnn config --keys");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CNN2GNN_SERVICE_HOST",
        "CNN2GNN_SERVICE_PORT_HTTP",
        "CNN2GNN_PORT",
        "CNN2GNN_PORT_8080_TCP_ADDR",
        "CNN2GNN_HTTP_PORT",
        "CNN2GNN_TOPOLOGY_SERVICE_PORT"
      })
  void whatKubernetesSetsForAServiceOfOurNameIsNone(String variable) throws Exception {
    Settings settings = new Settings();
    settings.environment(Map.of(variable, "tcp://10.0.0.1:80"));
    assertThat(settings.values()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cnn2gnn.bank.capasity=1, did you mean cnn2gnn.bank.capacity?",
    "boostrap.servers=x, did you mean bootstrap.servers?",
    "main.consumer.max.pol.records=1, did you mean main.consumer.max.poll.records?",
    "producer.linger.m=1, did you mean producer.linger.ms?",
    "schema.registry.ssl.trustore.location=1, did you mean schema.registry.ssl.truststore.location?",
    "cnn2gnn.frobnicate=1, cnn2gnn config --keys lists them all",
    "bathc.wait=3, cnn2gnn config --keys lists the application's"
  })
  void aMisspeltKeyIsRefusedWithTheOneThatWasMeant(String line, String message) throws Exception {
    assertThat(printed(1, "config", "--config", file(line + "\n").toString()))
        .contains("unknown key " + line.substring(0, line.indexOf('=')))
        .contains(message)
        .hasLineCount(1);
  }

  @Test
  void keysOfPlugInsPass() throws Exception {
    Path file =
        file(
            """
            interceptor.classes=org.example.Audit
            audit.sink.url=http://localhost:1
            config.providers=env
            config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
            """);
    assertThat(printed(0, "config", "--config", file.toString()))
        .contains("audit.sink.url=http://localhost:1  (" + file + ")");
  }

  @Test
  void configShowsWhereEachValueComesFromAndNoSecret() throws Exception {
    Path file =
        file(
            """
            sasl.jaas.config=ScramLoginModule required password="hush";
            ssl.keystore.password=hush
            basic.auth.user.info=me:hush
            schema.registry.url=https://me:hush@registry:8081
            request.header.Authorization=Bearer hush
            cnn2gnn.bank.capacity=10
            """);
    String text =
        printed(
            0,
            "config",
            "--config",
            file.toString(),
            "--set",
            "cnn2gnn.batch.max.images=7",
            "--bootstrap-server",
            "broker:1");
    assertThat(text)
        .contains("cnn2gnn.bank.capacity=10  (" + file + ")")
        .contains("cnn2gnn.batch.max.images=7  (flag)")
        .contains("bootstrap.servers=broker:1  (--bootstrap-server)")
        .contains("cnn2gnn.batch.max.wait.ms=50  (default)")
        .contains("ssl.keystore.password=[hidden]")
        .contains("schema.registry.url=https://[hidden]@registry:8081")
        .doesNotContain("hush");
  }

  @Test
  void configRefusesWhatOnlyKafkaStreamsWouldRefuse() {
    assertThat(printed(1, "config", "--set", "processing.guarantee=at_least_once"))
        .contains("processing.guarantee must stay exactly_once_v2")
        .hasLineCount(1);
    assertThat(printed(1, "config", "--set", "num.stream.threads=many"))
        .contains("num.stream.threads")
        .hasLineCount(1);
  }

  @Test
  void configRefusesAnImpossibleValueInOneLine() {
    assertThat(printed(1, "config", "--set", "cnn2gnn.bank.capacity=-1"))
        .contains("bank.capacity")
        .hasLineCount(1);
  }

  @Test
  void theReferenceHasEveryLineOfTheTableOfAllKeys() throws Exception {
    assertThat(printed(0, "config", "--keys")).isEqualTo(ConfigKey.table());
    assertThat(Files.readAllLines(Shipped.HOME.resolve("docs/reference/configuration.md")))
        .containsAll(ConfigKey.table().lines().toList());
  }
}
