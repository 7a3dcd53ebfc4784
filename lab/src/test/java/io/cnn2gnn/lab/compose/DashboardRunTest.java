package io.cnn2gnn.lab.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard asks only for what a running service tells. */
@Timeout(240)
class DashboardRunTest {
  private static final Path DASHBOARD =
      Home.path().resolve("compose/grafana/dashboards/cnn2gnn.json");

  /** A word of a query that is neither a function, nor a label, nor a time. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:cnn2gnn|jvm|kafka|process|system|executor)_\\w+");

  private static final Pattern SELECTOR = Pattern.compile("(\\w+)\\{(\\w+)=\"(\\w+)\"\\}");
  private static final Set<String> ADDED_BY_PROMETHEUS = Set.of("instance");

  @TempDir private Path folder;

  private static List<JsonObject> targets() throws Exception {
    List<JsonObject> targets = new ArrayList<>();
    JsonObject dashboard = JsonParser.parseString(Files.readString(DASHBOARD)).getAsJsonObject();
    for (JsonElement panel : dashboard.getAsJsonArray("panels")) {
      panel
          .getAsJsonObject()
          .getAsJsonArray("targets")
          .forEach(target -> targets.add(target.getAsJsonObject()));
    }
    return targets;
  }

  private static Set<String> metrics(String query) {
    return METRIC
        .matcher(query)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyQueryNamesMetricsAndLabelsThatARunningServiceTells() throws Exception {
    List<String> told = scrape();
    Set<String> names =
        told.stream().map(line -> line.split("[{ ]", 2)[0]).collect(Collectors.toSet());
    for (JsonObject target : targets()) {
      String query = target.get("expr").getAsString();
      assertThat(metrics(query)).as(query).isNotEmpty().isSubsetOf(names);
      for (String label : labels(query, target.get("legendFormat").getAsString())) {
        assertThat(told)
            .as("label %s of %s", label, query)
            .anyMatch(
                line ->
                    metrics(query).contains(line.split("[{ ]", 2)[0])
                        && line.contains(label + "=\""));
      }
      Matcher selected = SELECTOR.matcher(query);
      while (selected.find()) {
        String metric = selected.group(1) + "{";
        String value = selected.group(2) + "=\"" + selected.group(3) + '"';
        assertThat(told)
            .as(query)
            .anyMatch(line -> line.startsWith(metric) && line.contains(value));
      }
    }
  }

  /** The labels that a panel shows, but for the one that Prometheus adds. */
  private static Set<String> labels(String query, String legend) {
    Set<String> labels = new TreeSet<>();
    Pattern.compile("\\{\\{(\\w+)\\}\\}")
        .matcher(legend)
        .results()
        .forEach(m -> labels.add(m.group(1)));
    Pattern.compile("by \\(([\\w, ]+)\\)")
        .matcher(query)
        .results()
        .forEach(m -> labels.addAll(List.of(m.group(1).split(", ", -1))));
    labels.removeAll(ADDED_BY_PROMETHEUS);
    return labels;
  }

  @Test
  void itsPanelsAskTheProvisionedSource() throws Exception {
    Map<?, ?> source =
        ComposeYaml.read(
            Home.path().resolve("compose/grafana/provisioning/datasources/prometheus.yml"));
    String uid =
        ComposeFile.mapping(((List<?>) source.get("datasources")).get(0)).get("uid").toString();
    assertThat(targets())
        .hasSizeGreaterThan(10)
        .allMatch(t -> t.getAsJsonObject("datasource").get("uid").getAsString().equals(uid));
  }

  /** Of a service that has classified images and refused one. */
  private List<String> scrape() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (LocalStack stack = LocalStack.start(LocalStackConfig.temporary())) {
      Map<String, String> properties = new HashMap<>();
      properties.put(Connection.BOOTSTRAP, stack.broker().get());
      properties.put(Connection.REGISTRY, stack.registry().get().toString());
      Map<String, String> service = new HashMap<>(properties);
      service.put(AppConfig.BUNDLE, Home.bundle().toString());
      service.put(AppConfig.HTTP_PORT, Integer.toString(port));
      service.put("state.dir", folder.resolve("state").toString());
      try (ClassificationApp app = ClassificationApp.start(AppConfig.of(service))) {
        await().atMost(Duration.ofSeconds(90)).until(app::isReady);
        send(properties);
        URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest get = HttpRequest.newBuilder(metrics).build();
        return await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> http.send(get, BodyHandlers.ofString()).body().lines().toList(),
                lines ->
                    has(lines, "cnn2gnn_dead_letters_total")
                        && lines.stream().anyMatch(line -> line.startsWith("cnn2gnn_backlog_age"))
                        && has(lines, "cnn2gnn_batch_images_sum"));
      }
    }
  }

  private static boolean has(List<String> lines, String metric) {
    return lines.stream()
        .anyMatch(
            line -> line.startsWith(metric) && !line.endsWith(" 0.0") && !line.endsWith(" 0"));
  }

  private static void send(Map<String, String> properties) throws Exception {
    SchemaRegistryClient registry = Connection.registry(properties);
    try (ImageProducer producer =
            new ImageProducer(properties, registry, "images", new Carrier.Inline(1 << 20), 0);
        KafkaProducer<String, byte[]> bytes =
            new KafkaProducer<>(
                Connection.only(properties, ProducerConfig.configNames()),
                new StringSerializer(),
                new ByteArraySerializer())) {
      for (ImageFile file : ImageFiles.in(Home.samples()).subList(0, 20)) {
        producer.send("camera", file, Optional.empty());
      }
      producer.flush();
      bytes.send(new ProducerRecord<>("images", "camera", new byte[] {7, 7, 7})).get();
    }
  }
}
