package io.cnn2gnn.cli.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The release commands against a real broker, a registry and a service that follows them. */
@Timeout(180)
class ReleaseRunTest {
  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Map<String, String> properties;
  private static ClassificationApp app;
  private static List<ImageFile> files;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(LocalStackConfig.temporary());
    properties = new HashMap<>();
    properties.put(Connection.BOOTSTRAP, stack.broker().get());
    properties.put(Connection.REGISTRY, stack.registry().get().toString());
    Map<String, String> service = new HashMap<>(properties);
    service.put(AppConfig.BUNDLE, Shipped.BUNDLE.toString());
    service.put("state.dir", folder.resolve("state").toString());
    service.put(
        AllowList.BUNDLES, Files.createDirectory(folder.resolve("store")).toUri().toString());
    app = ClassificationApp.start(AppConfig.of(service));
    files = ImageFiles.in(Shipped.SAMPLES);
  }

  @AfterAll
  static void stop() {
    app.close();
    stack.close();
  }

  private record Ended(int code, String out, String err) {}

  private static Ended release(String... arguments) {
    List<String> line = new ArrayList<>(List.of("release"));
    line.addAll(List.of(arguments));
    line.addAll(
        List.of(
            "--bootstrap-server",
            properties.get(Connection.BOOTSTRAP),
            "--schema-registry",
            properties.get(Connection.REGISTRY)));
    if (arguments[0].equals("publish")) {
      line.addAll(List.of("--store", folder.resolve("store").toString(), "--device", "cpu"));
    }
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int code = Main.run(false, line.toArray(new String[0]));
      return new Ended(
          code,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** The shipped model under another version, its answers right or those of other classes. */
  private static Path bundle(String version, boolean right) throws Exception {
    Bundle shipped = Bundle.read(Shipped.BUNDLE);
    ModelCard card = shipped.card();
    List<String> classes = new ArrayList<>(card.classes());
    Collections.rotate(classes, right ? 0 : 1);
    Path file = folder.resolve(version + ".bundle");
    new Bundle(
            new ModelCard(
                card.name(),
                version,
                card.space(),
                classes,
                card.student(),
                card.data(),
                card.teacher(),
                card.command(),
                card.seed(),
                card.metrics()),
            shipped.weights(),
            shipped.prototypes(),
            shipped.golden())
        .write(file);
    return file;
  }

  /** Sends images until one of them is answered by this version. */
  private static void awaitAnswerOf(String version) throws Exception {
    SchemaRegistryClient registry = Connection.registry(properties);
    try (PredictionConsumer consumer =
            new PredictionConsumer(properties, registry, "predictions", List.of(), false);
        ImageProducer producer =
            new ImageProducer(properties, registry, "images", new Carrier.Inline(1 << 20), 0)) {
      String last = "";
      for (int i = 0; !last.equals(version); i++) {
        producer.send("camera", files.get(i % files.size()), Optional.empty());
        producer.flush();
        for (Prediction prediction : consumer.poll(Duration.ofMillis(100)).predictions()) {
          last = prediction.getModelVersion();
        }
      }
    }
  }

  @Test
  void aServiceGoesWhereReleasesLeadItAndBack() throws Exception {
    Bundle shipped = Bundle.read(Shipped.BUNDLE);
    String name = shipped.card().name();
    String first = shipped.card().version();

    Ended nothing = release("rollback");
    assertThat(nothing.code()).isEqualTo(1);
    assertThat(nothing.err()).contains("nothing was released to topic models yet");

    assertThat(release("publish", Shipped.BUNDLE.toString(), "--as", "active").code()).isZero();
    assertThat(release("publish", bundle("next", true).toString()).out())
        .contains(name + ":next: CANDIDATE at file:")
        .contains("compared with nothing");
    awaitAnswerOf(name + ":" + first);

    assertThat(release("promote").out()).isEqualTo(name + ":next: ACTIVE\n");
    awaitAnswerOf(name + ":next");

    Ended worse =
        release(
            "publish",
            bundle("worse", false).toString(),
            "--as",
            "active",
            "--data",
            Shipped.SAMPLES.toString());
    assertThat(worse.code()).isEqualTo(1);
    assertThat(worse.err())
        .contains("refused by the gate", "cnn2gnn release promote worse lets it answer");
    assertThat(release("show", "worse").out())
        .contains("state     retired", "refused", "the gate, on images held out:")
        .contains("candidate.accuracy       0.0");
    // It never answered, so another bundle may have its name.
    assertThat(
            release(
                    "publish",
                    bundle("worse", true).toString(),
                    "--data",
                    Shipped.SAMPLES.toString())
                .out())
        .contains(name + ":worse: CANDIDATE at file:", "passed the gate: on 400 images held out");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(release("show", "worse").out())
                    .containsPattern("shadow {4}on trial at .* of 200 batches"));
    assertThat(release("publish", bundle("next", false).toString()).err())
        .contains("needs a version of its own");

    assertThat(release("rollback").out())
        .isEqualTo(name + ":" + first + ": ACTIVE\n" + name + ":next: RETIRED\n");
    awaitAnswerOf(name + ":" + first);
    assertThat(release("rollback").err()).contains("is the only active release");
    assertThat(release("show").out())
        .contains("release   " + name + ":" + first)
        .contains("reason    rolled back by hand");
    assertThat(release("list").out().lines())
        .hasSize(4)
        .anyMatch(line -> line.startsWith("active") && line.contains(name + ":" + first))
        .anyMatch(line -> line.startsWith("retired") && line.contains(name + ":next"));
    assertThat(release("retire", "next").err()).contains("is retired already");
    assertThat(release("list", "--models-topic", "elsewhere").err())
        .contains("has no topic elsewhere");
  }
}
