package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.schemas.RecordSerdes;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelledImage;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clients of {@code clients/}, as they stand, against a real broker, registry and service. What
 * is not installed on a machine is skipped there.
 */
@Timeout(400)
class ClientRunTest {
  private static final Path CLIENTS = Shipped.HOME.resolve("clients");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration DOWNLOAD = Duration.ofMinutes(3);
  private static final int IMAGES = 3;

  /** Id, label, weight and origin, indented. */
  private static final Pattern NEIGHBOUR =
      Pattern.compile("  +\\S+ \\S.* [0-9.Ee-]+ (BATCH|BANK|PROTOTYPE)");

  /** Not the usual names, so that the clients have to heed the environment. */
  private static final String IMAGES_TOPIC = "pictures";

  private static final String PREDICTIONS_TOPIC = "answers";
  private static final String DEAD_LETTER_TOPIC = "refused";
  private static final String LABELS_TOPIC = "said";

  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Map<String, String> properties;
  private static ClassificationApp app;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(LocalStackConfig.temporary());
    properties = new HashMap<>();
    properties.put(Connection.BOOTSTRAP, stack.broker().get());
    properties.put(Connection.REGISTRY, stack.registry().get().toString());
    Map<String, String> service = new HashMap<>(properties);
    service.put(AppConfig.BUNDLE, Shipped.BUNDLE.toString());
    service.put("cnn2gnn.topic.images", IMAGES_TOPIC);
    service.put("cnn2gnn.topic.predictions", PREDICTIONS_TOPIC);
    service.put("cnn2gnn.topic.dead.letters", DEAD_LETTER_TOPIC);
    service.put("cnn2gnn.topic.labels", LABELS_TOPIC);
    service.put("state.dir", folder.resolve("state").toString());
    try (Admin admin =
        Admin.create(Map.<String, Object>of(Connection.BOOTSTRAP, stack.broker().get()))) {
      admin.createTopics(List.of(new NewTopic(LABELS_TOPIC, 2, (short) 1))).all().get();
    }
    new WireWriter<>(Connection.registry(properties), LABELS_TOPIC, Label.class, true);
    app = ClassificationApp.start(AppConfig.of(service));
  }

  @AfterAll
  static void stop() {
    app.close();
    stack.close();
  }

  @Test
  void javaClientsSendImagesAndPrintTheirPredictions() throws Exception {
    Path classes = compile("Produce.java", "Consume.java", "Label.java");
    List<String> images = images("java");
    run(folder, with(java(classes, "Produce", "camera-java", "--labels"), images));
    assertThat(printedUntil(folder, java(classes, "Consume"), images))
        .containsExactlyInAnyOrderElementsOf(answers(images));
    assertThat(labels(images)).containsOnly("of/java");
    labelsImages(folder, java(classes, "Label"));
  }

  private static List<String> java(Path classes, String... program) {
    Stream<Path> own =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of);
    return JavaCommand.of(List.of(program))
        .classPath(Stream.concat(Stream.of(classes), own).toList())
        .line();
  }

  private static Path compile(String... names) throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  complaints,
                  files,
                  null,
                  List.of(
                      "-Xlint:all,-processing,-classfile,-path",
                      "-Werror",
                      "-proc:none",
                      "--release",
                      "17",
                      "-cp",
                      System.getProperty("java.class.path"),
                      "-d",
                      classes.toString()),
                  null,
                  files.getJavaFileObjects(
                      Stream.of(names)
                          .map(name -> CLIENTS.resolve("java").resolve(name))
                          .toArray(Path[]::new)))
              .call();
      assertThat(compiled).as("%s", complaints).isTrue();
    }
    return classes;
  }

  @Test
  void nodeClientsFromNpmSendImagesAndPrintTheirPredictions() throws Exception {
    Path clients = nodeClients();
    List<String> images = images("node");
    run(clients, with(List.of("node", "produce.js", "camera-node", "--labels"), images));
    assertThat(printedUntil(clients, List.of("node", "consume.js"), images))
        .containsExactlyInAnyOrderElementsOf(answers(images));
    assertThat(labels(images)).containsOnly("of/node");
    labelsImages(clients, List.of("node", "label.js"));
  }

  /** Where the Node clients can run: in place if they are installed, else installed elsewhere. */
  private static Path nodeClients() throws Exception {
    require("node");
    Path source = CLIENTS.resolve("node");
    if (Files.isDirectory(source.resolve("node_modules"))) {
      return source;
    }
    require("npm");
    Path copy = Files.createDirectory(folder.resolve("node"));
    for (String name :
        List.of("package.json", "package-lock.json", "produce.js", "consume.js", "label.js")) {
      Files.copy(source.resolve(name), copy.resolve(name));
    }
    Ended install =
        finish(copy, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), DOWNLOAD);
    if (install.code() != 0) {
      abort("npm ci has not installed the Node clients' packages: " + install);
    }
    return copy;
  }

  @Test
  void kcatScriptsSendImagesAndPrintTheirPredictions() throws Exception {
    requireKcat();
    List<String> images = images("kcat");
    run(folder, with(List.of(script("produce"), "camera-kcat", "--labels"), images));
    List<String> answers = answers(images);
    List<String> printed = answersIn(run(folder, List.of(script("consume"))), images);
    assertThat(printed).containsExactlyInAnyOrderElementsOf(answers);
    assertThat(labels(images)).containsOnly("of/kcat");
  }

  @Test
  void kcatScriptsPrintADeadLetterAndReplayItsRecord() throws Exception {
    requireKcat();
    Path noImage = Files.writeString(folder.resolve("text.png"), "no image");
    run(folder, List.of(script("produce"), "camera-text", noImage.toString()));
    String first =
        await().atMost(PATIENCE).until(() -> letters("camera-text"), l -> l.size() == 1).get(0);
    assertThat(first)
        .contains("cnn2gnn.reason=UNSUPPORTED_FORMAT")
        .contains("cnn2gnn.topic=" + IMAGES_TOPIC + ",")
        .contains("cnn2gnn.stage=decode");

    String[] place = first.split(" ", 3);
    run(folder, List.of(script("replay"), place[0], place[1]));
    List<String> both =
        await().atMost(PATIENCE).until(() -> letters("camera-text"), l -> l.size() == 2);
    assertThat(both).allMatch(letter -> letter.contains("cnn2gnn.reason=UNSUPPORTED_FORMAT"));
    assertThat(both).extracting(letter -> letter.split(" ", 2)[0]).containsOnly(place[0]);
  }

  @Test
  void aReplayOfALetterThatIsNotThereIsRefused() throws Exception {
    requireKcat();
    Ended ended = finish(folder, List.of(script("replay"), "0", "4711"), PATIENCE);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("there is no dead letter at partition 0, offset 4711");
  }

  @Test
  void pythonClientsAreOfSoundSyntax() throws Exception {
    require("python3");
    Path python = CLIENTS.resolve("python");
    run(
        python,
        List.of(
            "python3",
            "-c",
            "import ast, sys; [ast.parse(open(f).read(), f) for f in sys.argv[1:]]",
            "produce.py",
            "consume.py",
            "label.py"));
  }

  private static List<String> letters(String key) throws Exception {
    return run(folder, List.of(script("dead-letters")))
        .lines()
        .filter(line -> line.contains(" " + key + " "))
        .toList();
  }

  private static void requireKcat() {
    require("bash");
    require("kcat");
    require("curl");
    require("awk");
    require("od");
  }

  private static void require(String program) {
    boolean present =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    if (!present) {
      abort(program + " is not installed");
    }
  }

  private static String script(String name) {
    return CLIENTS.resolve("kcat").resolve(name + ".sh").toString();
  }

  /**
   * Writes a few sample images in a folder whose name is their class; their paths are their ids.
   */
  private static List<String> images(String client) throws Exception {
    Path images = Files.createDirectory(folder.resolve("of%2F" + client));
    List<String> paths = new ArrayList<>();
    for (ImageFile file : ImageFiles.in(Shipped.SAMPLES).subList(0, IMAGES)) {
      Path path = images.resolve(paths.size() + ".png");
      Files.write(path, file.content().read());
      paths.add(path.toString());
    }
    return paths;
  }

  /** The committed predictions of these images, as a client begins its line. */
  private static List<String> answers(List<String> images) throws Exception {
    Map<String, String> labels = new HashMap<>();
    try (PredictionConsumer consumer =
        new PredictionConsumer(
            properties, Connection.registry(properties), PREDICTIONS_TOPIC, List.of(), true)) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                for (Prediction p : consumer.poll(Duration.ofMillis(100)).predictions()) {
                  labels.put(p.getImageId(), p.getLabel());
                }
                return labels.keySet().containsAll(images);
              });
    }
    return images.stream().map(image -> image + " " + labels.get(image)).toList();
  }

  /** Has a client label an image of a source, and one that it knows the place of. */
  private static void labelsImages(Path directory, List<String> client) throws Exception {
    Instant started = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String id = client.get(client.size() - 1);
    run(directory, with(client, List.of("camera", id + "-1", "Bag")));
    run(directory, with(client, List.of("camera", id + "-2", "Coat", "1", "4711")));
    run(directory, with(client, List.of("camera", id + "-3", "Coat", "0", "4712")));
    Map<String, ConsumerRecord<String, Label>> said = new HashMap<>();
    try (KafkaConsumer<String, Label> consumer =
        new KafkaConsumer<>(
            reading(id),
            new StringDeserializer(),
            RecordSerdes.label(Map.of(Connection.REGISTRY, properties.get(Connection.REGISTRY)))
                .deserializer())) {
      consumer.subscribe(List.of(LABELS_TOPIC));
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(100))
                    .forEach(r -> said.put(r.value().getImageId(), r));
                return said.keySet().containsAll(List.of(id + "-1", id + "-2", id + "-3"));
              });
    }
    assertThat(said.get(id + "-1").value().getImage()).isNull();
    assertThat(said.get(id + "-1").partition())
        .isEqualTo(Utils.toPositive(Utils.murmur2("camera".getBytes(StandardCharsets.UTF_8))) % 2);
    ConsumerRecord<String, Label> placed = said.get(id + "-2");
    assertThat(placed.key()).isEqualTo("camera");
    assertThat(placed.partition()).isEqualTo(1);
    assertThat(said.get(id + "-3").partition()).isZero();
    assertThat(placed.value().getImage()).isEqualTo(new LabelledImage(IMAGES_TOPIC, 1, 4711L));
    assertThat(placed.value().getLabel()).isEqualTo("Coat");
    assertThat(placed.value().getKind()).isEqualTo(LabelKind.CORRECTION);
    assertThat(placed.value().getLabelledBy()).isEqualTo(System.getProperty("user.name"));
    assertThat(placed.value().getLabelledAt()).isBetween(started, Instant.now());
  }

  /** The labels that these images have in their topic. */
  private static List<String> labels(List<String> images) throws Exception {
    Map<String, String> labels = new HashMap<>();
    try (KafkaConsumer<String, Image> consumer =
        new KafkaConsumer<>(
            reading("labels-" + images.hashCode()),
            new StringDeserializer(),
            RecordSerdes.image(Map.of(Connection.REGISTRY, properties.get(Connection.REGISTRY)))
                .deserializer())) {
      consumer.subscribe(List.of(IMAGES_TOPIC));
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(100))
                    .forEach(r -> labels.put(r.value().getId(), r.value().getLabel()));
                return labels.keySet().containsAll(images);
              });
    }
    return images.stream().map(labels::get).toList();
  }

  private static Map<String, Object> reading(String group) {
    return Map.of(
        "bootstrap.servers",
        properties.get(Connection.BOOTSTRAP),
        "group.id",
        group,
        "auto.offset.reset",
        "earliest");
  }

  /**
   * Runs a consumer until it has printed a line for each image, with neighbours below, and returns
   * these lines.
   */
  private static List<String> printedUntil(
      Path directory, List<String> command, List<String> images) throws Exception {
    Running running = start(directory, command);
    try {
      List<String> lines =
          await()
              .atMost(PATIENCE)
              .until(
                  () -> answersIn(Files.readString(running.out()), images),
                  seen -> seen.size() >= images.size() || !running.process().isAlive());
      assertThat(lines).as("%s", Files.readString(running.err())).hasSize(images.size());
      await()
          .atMost(PATIENCE)
          .until(() -> allHaveNeighbours(Files.readString(running.out()), images));
      return lines;
    } finally {
      end(running);
    }
  }

  /** True if below the line of each of these images stands one of a neighbour. */
  private static boolean allHaveNeighbours(String printed, List<String> images) {
    List<String> lines = printed.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean answer = images.stream().anyMatch(image -> line.startsWith(image + " "));
      if (answer && (i + 1 == lines.size() || !NEIGHBOUR.matcher(lines.get(i + 1)).matches())) {
        return false;
      }
    }
    return true;
  }

  /** The lines of these images, without the confidence that most clients print last. */
  private static List<String> answersIn(String printed, List<String> images) {
    return printed
        .lines()
        .filter(line -> images.stream().anyMatch(image -> line.startsWith(image + " ")))
        .map(line -> line.replaceFirst(" [01](\\.[0-9E-]+)?$", ""))
        .toList();
  }

  private record Running(Process process, Path out, Path err) {}

  private record Ended(int code, String out, String err) {}

  private static Running start(Path directory, List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("BOOTSTRAP_SERVERS", properties.get(Connection.BOOTSTRAP));
    builder.environment().put("SCHEMA_REGISTRY_URL", properties.get(Connection.REGISTRY));
    builder.environment().put("IMAGES_TOPIC", IMAGES_TOPIC);
    builder.environment().put("PREDICTIONS_TOPIC", PREDICTIONS_TOPIC);
    builder.environment().put("DEAD_LETTER_TOPIC", DEAD_LETTER_TOPIC);
    builder.environment().put("LABELS_TOPIC", LABELS_TOPIC);
    return new Running(builder.start(), out, err);
  }

  private static void end(Running running) throws InterruptedException {
    running.process().descendants().forEach(ProcessHandle::destroyForcibly);
    running.process().destroyForcibly();
    running.process().waitFor();
  }

  private static Ended finish(Path directory, List<String> command, Duration limit)
      throws Exception {
    Running running = start(directory, command);
    boolean inTime = running.process().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    end(running);
    return new Ended(
        inTime ? running.process().exitValue() : -1,
        Files.readString(running.out()),
        Files.readString(running.err()) + (inTime ? "" : "\nnot done within " + limit));
  }

  /** Runs a command that has to succeed, and returns what it printed. */
  private static String run(Path directory, List<String> command) throws Exception {
    Ended ended = finish(directory, command, PATIENCE);
    assertThat(ended.code()).as("%s%n%s", command, ended).isZero();
    return ended.out();
  }

  private static List<String> with(List<String> command, List<String> more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(more);
    return all;
  }
}
