package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.cnn2gnn.cli.TestService.Ended;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.ReleaseState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a producer wrote, on the terminal of who reads it. */
class PrintableRunTest {
  private static final String WORDS = "\u001b]0;x\u0007\nforged\u202e\ufeff";
  private static final String SHOWN = "\\u001b]0;x\\u0007\\u000aforged\\u202e\\ufeff";

  private static LocalStack stack;
  private static Map<String, String> properties;
  private static TestService service;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(LocalStackConfig.temporary());
    properties = new HashMap<>();
    properties.put(Connection.BOOTSTRAP, stack.broker().get());
    properties.put(Connection.REGISTRY, stack.registry().get().toString());
    service = new TestService("forged", properties);
    try (Admin admin =
        Admin.create(Map.<String, Object>of(Connection.BOOTSTRAP, stack.broker().get()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("forged-predictions", 1, (short) 1),
                  new NewTopic("forged-models", 1, (short) 1)))
          .all()
          .get();
    }
    service.send(
        List.of(
            new ProducerRecord<>(
                "forged-predictions",
                "camera",
                new WireWriter<>(
                        Connection.registry(properties),
                        "forged-predictions",
                        Prediction.class,
                        true)
                    .write(prediction())),
            new ProducerRecord<>(
                "forged-models",
                "m:1",
                new WireWriter<>(
                        Connection.registry(properties), "forged-models", ModelRelease.class, true)
                    .write(release()))));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Prediction prediction() {
    return Prediction.newBuilder()
        .setImageId("id " + WORDS)
        .setLabel("label " + WORDS)
        .setConfidence(1)
        .setScores(List.of())
        .setModelVersion("1")
        .setSpace("s")
        .setBatchId("b")
        .setBatchSize(1)
        .setBankEpoch(0)
        .setNeighbours(
            List.of(
                new Neighbour(
                    "near " + WORDS,
                    1f,
                    "label " + WORDS,
                    NeighbourOrigin.BATCH,
                    NeighbourTier.BATCH,
                    null,
                    null)))
        .setCapturedAt(Instant.EPOCH)
        .setPredictedAt(Instant.EPOCH)
        .build();
  }

  private static ModelRelease release() {
    return ModelRelease.newBuilder()
        .setName("m")
        .setVersion("1")
        .setSpace("s")
        .setBundle(new BundleReference("file:/m", "0", 1L))
        .setState(ReleaseState.ACTIVE)
        .setMetrics(Map.of("metric " + WORDS, 0.5))
        .setCreatedAt(Instant.EPOCH)
        .setReason("because " + WORDS)
        .build();
  }

  private static Ended consume(String... more) {
    return service.run(
        Map.of(),
        Stream.concat(
                Stream.of("consume", "--topic", "forged-predictions", "--from-beginning"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void aPredictionIsOneLineThatDoesNothing() {
    Ended ended = consume("--images", "1");
    assertThat(ended.out().lines())
        .singleElement()
        .asString()
        .startsWith("id " + SHOWN)
        .contains("label " + SHOWN, "near " + SHOWN);
  }

  @Test
  void aPredictionInJsonHidesNothingAndSaysTheSame() {
    Ended ended = consume("--images", "1", "--json");
    assertThat(ended.out().lines()).singleElement().asString().contains("forged\\u202E\\ufeff");
    assertThat(JsonParser.parseString(ended.out()).getAsJsonObject().get("imageId").getAsString())
        .isEqualTo("id " + WORDS);
  }

  @Test
  void aReleaseIsShownInLinesThatDoNothing() {
    assertThat(
            service
                .run(Map.of(), "release", "list", "--models-topic", "forged-models")
                .out()
                .lines())
        .hasSize(2)
        .last()
        .asString()
        .endsWith("because " + SHOWN);
    assertThat(
            service
                .run(Map.of(), "release", "show", "--models-topic", "forged-models")
                .out()
                .lines())
        .contains("reason    because " + SHOWN)
        .anyMatch(line -> line.startsWith("metric " + SHOWN))
        .noneMatch(line -> line.startsWith("forged"));
  }
}
