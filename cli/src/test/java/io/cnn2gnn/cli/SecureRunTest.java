package io.cnn2gnn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.cli.AclTable.Right;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.page.PageCommand;
import io.cnn2gnn.localstack.BrokerSecurity;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.page.Page;
import io.cnn2gnn.page.PageConfig;
import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.flow.TopicNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands against a broker with TLS, passwords and ACLs and a registry with TLS and a
 * password, each as a user of its own that has what the README's table says and no more.
 */
@Timeout(300)
class SecureRunTest {
  private static final String KEY_PASSWORD = "key-pass-4711";
  private static final String TRUST_PASSWORD = "trust-pass-4712";
  private static final String REGISTRY_PASSWORD = "registry-pass-4713";
  private static final String BROKER_PASSWORD = "broker-pass-4714";
  private static final List<String> SECRETS =
      List.of(KEY_PASSWORD, TRUST_PASSWORD, REGISTRY_PASSWORD, BROKER_PASSWORD);
  private static final Duration LONG = Duration.ofSeconds(90);

  /** The table's example of a topic that images are taken over from. */
  private static final String OTHER = "camera-north";

  @TempDir private static Path folder;
  private static TestCertificates certificates;
  private static LocalStack stack;
  private static SecureRegistry registry;
  private static Admin admin;
  private static JavaProcess service;
  private static int port;
  private static final StringBuilder printed = new StringBuilder();

  private record Ended(int code, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    certificates = TestCertificates.in(folder, KEY_PASSWORD, TRUST_PASSWORD);
    stack =
        LocalStack.start(
            new LocalStackConfig(
                Optional.of(folder.resolve("stack")),
                false,
                0,
                0,
                Duration.ofMinutes(2),
                Map.of(),
                Optional.of(
                    new BrokerSecurity(
                        certificates.valid(), KEY_PASSWORD, "admin", BROKER_PASSWORD))));
    stack.broker().get();
    registry =
        new SecureRegistry(
            stack.registry().get(), certificates, "registry-user", REGISTRY_PASSWORD);
    admin = Admin.create(new HashMap<>(properties("admin")));
    for (String user :
        List.of(
            "run", "produce", "consume", "page", "label", "status", "release", "train", "reset",
            "clean", "other")) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      user,
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                      BROKER_PASSWORD)))
          .all()
          .get();
    }
    for (Right right : AclTable.read()) {
      allow(right.binding(right.who()));
    }
    admin.createTopics(List.of(new NewTopic(OTHER, 2, (short) 1))).all().get();
    port = freePort();
    service = service();
    awaitReady(200);
  }

  @AfterAll
  static void stop() throws Exception {
    if (service != null) {
      if (!service.end(Duration.ofSeconds(30))) {
        service.kill();
      }
    }
    if (admin != null) {
      admin.close();
    }
    if (registry != null) {
      registry.close();
    }
    stack.close();
  }

  private static void allow(AclBinding binding) throws Exception {
    admin.createAcls(List.of(binding)).all().get();
  }

  private static void take(AclBinding binding) throws Exception {
    assertThat(admin.deleteAcls(List.of(binding.toFilter())).all().get()).hasSize(1);
  }

  private static Map<String, String> properties(String user) throws Exception {
    Map<String, String> properties = new HashMap<>();
    properties.put(Connection.BOOTSTRAP, stack.broker().get());
    properties.put("security.protocol", "SASL_SSL");
    properties.put("sasl.mechanism", "SCRAM-SHA-512");
    properties.put("sasl.jaas.config", jaas(user, BROKER_PASSWORD));
    properties.put("ssl.truststore.location", certificates.trusted().toString());
    properties.put("ssl.truststore.type", "PKCS12");
    properties.put("ssl.truststore.password", TRUST_PASSWORD);
    properties.put(Connection.REGISTRY, registry == null ? "" : registry.url());
    properties.put("basic.auth.credentials.source", "USER_INFO");
    properties.put("basic.auth.user.info", "registry-user:" + REGISTRY_PASSWORD);
    properties.put("schema.registry.ssl.truststore.location", certificates.trusted().toString());
    properties.put("schema.registry.ssl.truststore.type", "PKCS12");
    properties.put("schema.registry.ssl.truststore.password", TRUST_PASSWORD);
    return properties;
  }

  private static String jaas(String user, String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required"
        + " username=\"%s\" password=\"%s\";".formatted(user, password);
  }

  /** What a command is given as --config: the properties of a user with some of them replaced. */
  private static String config(String user, Map<String, String> replaced) throws Exception {
    Properties properties = new Properties();
    properties.putAll(properties(user));
    properties.putAll(replaced);
    Path file = Files.createTempFile(folder, user, ".properties");
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file.toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The service as a process of its own at --debug, its secrets from its environment. */
  private static JavaProcess service() throws Exception {
    return JavaCommand.of(
            Main.class,
            "run",
            "--debug",
            "--config",
            config(
                "run",
                Map.of(
                    "config.providers",
                    "env",
                    "config.providers.env.class",
                    "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
                    "sasl.jaas.config",
                    jaas("run", "${env:BROKER_PASSWORD}"),
                    "basic.auth.user.info",
                    "${env:REGISTRY_USER}",
                    // A thread that was refused is a member for so long.
                    "session.timeout.ms",
                    "6000",
                    "heartbeat.interval.ms",
                    "1500",
                    "state.dir",
                    folder.resolve("state").toString(),
                    "cnn2gnn.input.topics",
                    OTHER,
                    "cnn2gnn.release.allow",
                    Files.createDirectories(folder.resolve("store")).toUri().toString())),
            "--http-port",
            Integer.toString(port))
        .heap("512m")
        .options("-Dcnn2gnn.home=" + Shipped.HOME)
        .environment(
            inherited -> {
              inherited.put("BROKER_PASSWORD", BROKER_PASSWORD);
              inherited.put("REGISTRY_USER", "registry-user:" + REGISTRY_PASSWORD);
            })
        .start(folder.resolve("service.log"));
  }

  private static String log() throws IOException {
    return Files.readString(folder.resolve("service.log"));
  }

  private static void awaitReady(int status) throws IOException {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready")).build();
    try {
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(
              () ->
                  !service.isAlive()
                      || http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode()
                          == status);
      assertThat(service.isAlive()).isTrue();
    } catch (RuntimeException | AssertionError e) {
      System.err.println(log());
      throw e;
    }
  }

  /** Runs a command in this JVM, at the level of its own choice of what to print. */
  private static Ended run(boolean debug, List<String> arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(answers, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
      int code = Main.run(debug, arguments.toArray(new String[0]));
      Ended ended =
          new Ended(
              code,
              answers.toString(StandardCharsets.UTF_8),
              complaints.toString(StandardCharsets.UTF_8));
      printed.append(ended.out()).append(ended.err());
      return ended;
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static List<String> produce(String config, int images) {
    return List.of(
        "produce",
        Shipped.SAMPLES.toString(),
        "--images",
        Integer.toString(images),
        "--labels",
        "--config",
        config);
  }

  private static List<String> consume(String config, int images) {
    return List.of(
        "consume",
        "--from-beginning",
        "--images",
        Integer.toString(images),
        "--idle-seconds",
        "60",
        "--config",
        config);
  }

  private static List<String> serve(String config) {
    return List.of("run", "--config", config, "--set", "state.dir=" + folder.resolve("other"));
  }

  private static void saysInOneLine(Ended ended, String... parts) {
    assertThat(ended.err().strip().lines()).as(ended.err()).hasSize(1);
    assertThat(ended.err()).startsWith("cnn2gnn: ").contains(parts);
    assertThat(ended.code()).isEqualTo(1);
  }

  @Test
  void imagesGoInAndPredictionsComeOutWithTheRightsOfTheTableAndComeBackWithThem()
      throws Exception {
    Path secrets =
        Files.writeString(folder.resolve("secrets.properties"), "kafka=" + BROKER_PASSWORD + "\n");
    String producer =
        config(
            "produce",
            Map.of(
                "config.providers",
                "file",
                "config.providers.file.class",
                "org.apache.kafka.common.config.provider.FileConfigProvider",
                "sasl.jaas.config",
                jaas("produce", "${file:" + secrets + ":kafka}")));
    String consumer = config("consume", Map.of());
    // Enough for the service to tell of a window of answers.
    Ended sent = run(false, produce(producer, 600));
    assertThat(sent.out()).as(sent.err()).contains("600 images sent to images");
    Ended first = run(false, consume(consumer, 600));
    assertThat(first.code()).isZero();
    assertThat(first.out().lines()).hasSize(600);
    sendText();

    AclBinding write = right("run", "predictions", AclOperation.WRITE).binding("run");
    take(write);
    assertThat(run(true, produce(producer, 50)).code()).isZero();
    awaitReady(503);
    String complaint =
        "the broker does not allow this user what it needs on topic predictions: add an ACL";
    await().atMost(LONG).until(() -> log().contains(complaint));
    // Long enough for it to be refused again.
    await()
        .atMost(LONG)
        .until(() -> log().split("TopicAuthorizationException: Not authorized", -1).length > 3);
    allow(write);
    Ended second = run(true, consume(consumer, 650));
    assertThat(second.code()).isZero();
    assertThat(second.out().lines()).hasSize(650);
    awaitReady(200);
    assertThat(log().split(Pattern.quote(complaint), -1)).as("said once").hasSize(2);

    gather();
    label();
    otherCommands();
    lookAtThePage();
    morePartitions();
    upkeep();
    everyRightWasUsed();
    assertThat(printed.toString() + log()).contains("sasl.jaas.config").doesNotContain(SECRETS);
  }

  /** What becomes a dead letter. */
  private static void sendText() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Connection.only(properties("produce"), ProducerConfig.configNames()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>("images", new byte[] {'t', 'e', 'x', 't'})).get();
    }
  }

  /** Whoever sends to another topic is no business of the table. */
  private static void gather() throws Exception {
    List<String> produce = new ArrayList<>(produce(config("admin", Map.of()), 20));
    produce.addAll(List.of("--topic", OTHER));
    Ended sent = run(false, produce);
    assertThat(sent.code()).as(sent.err()).isZero();
    assertThat(run(false, consume(config("consume", Map.of()), 670)).out().lines()).hasSize(670);
  }

  /** Of an image that nobody has sent. */
  private static void label() throws Exception {
    String config = config("label", Map.of());
    Ended one =
        run(
            false,
            List.of(
                "label",
                "camera",
                "nothing",
                "Bag",
                "--by",
                "ann",
                "--look-up",
                "--wait-seconds",
                "3",
                "--config",
                config));
    assertThat(one.err()).contains("camera/nothing: no");
    assertThat(run(false, List.of("label", "--retract-all-by", "ann", "--config", config)).out())
        .contains("labels of ann in force: 1");
  }

  /** A picture and the instances are looked at, an image is labelled, and a candidate retired. */
  private static void lookAtThePage() throws Exception {
    try (Page page =
        Page.start(
            new PageConfig(
                properties("page"),
                PageCommand.topics(TopicNames.DEFAULT),
                ConfigKey.APPLICATION_ID.otherwise(),
                Optional.empty(),
                "127.0.0.1",
                0,
                Set.of(),
                PageConfig.Writers.OF_LOOPBACK,
                PageConfig.Operators.OF_LOOPBACK))) {
      String address = page.address();
      AtomicReference<String> place = new AtomicReference<>("");
      await()
          .atMost(LONG)
          .until(
              () -> {
                Matcher found =
                    Pattern.compile("\"place\":\"([^\"]+)\"").matcher(ask(address + "api/answers"));
                if (found.find()) {
                  place.set(found.group(1));
                }
                return !place.get().isEmpty();
              });
      String picture = "picture?small=1&at=" + place.get();
      await().atMost(LONG).until(() -> ask(address + picture).contains("PNG"));
      assertThat(ask(address + "api/instances")).contains("\"state\":\"Stable\"", "\"notTaken\":0");
      post(address, "api/labels", "{\"at\":[\"%s\"],\"label\":\"Bag\"}".formatted(place.get()));
      JsonObject release =
          JsonParser.parseString(ask(address + "api/releases"))
              .getAsJsonObject()
              .getAsJsonArray("releases")
              .asList()
              .stream()
              .map(JsonElement::getAsJsonObject)
              .filter(one -> one.get("state").getAsString().equals("candidate"))
              .findFirst()
              .orElseThrow();
      JsonObject order = new JsonObject();
      order.addProperty("action", "retire");
      order.add("name", release.get("name"));
      order.add("version", release.get("version"));
      order.add("record", release.get("record"));
      order.add(
          "will",
          release.getAsJsonArray("offers").asList().stream()
              .map(JsonElement::getAsJsonObject)
              .filter(offer -> offer.get("action").getAsString().equals("retire"))
              .findFirst()
              .orElseThrow()
              .get("will"));
      post(address, "api/releases", order.toString());
      await().atMost(LONG).until(() -> ask(address + "health/ready").contains("ok"));
    }
  }

  private static void post(String address, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Origin", address.substring(0, address.length() - 1))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> said =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
  }

  private static String ask(String uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(uri)).build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1))
        .body();
  }

  private static void otherCommands() throws Exception {
    String release = config("release", Map.of());
    Ended published =
        run(
            false,
            List.of(
                "release",
                "publish",
                Shipped.BUNDLE.toString(),
                "--device",
                "cpu",
                "--store",
                folder.resolve("store").toString(),
                "--config",
                release));
    assertThat(published.code()).as(published.err()).isZero();
    assertThat(run(false, List.of("release", "list", "--config", release)).out())
        .contains("candidate");
    String version = Bundle.read(Shipped.BUNDLE).card().version();
    assertThat(run(false, List.of("release", "show", version, "--config", release)).out())
        .contains("state     candidate")
        .doesNotContain("not known");

    String train = config("train", Map.of());
    List<Integer> codes = new ArrayList<>();
    Thread training = new Thread(() -> codes.add(run(true, train(train)).code()));
    training.start();
    try {
      // After its release it looks at all its triggers.
      await()
          .atMost(LONG)
          .until(
              () ->
                  !training.isAlive()
                      || (allowed("train", AclOperation.WRITE, "models")
                          && allowed("train", AclOperation.READ, "models.events")));
      assertThat(codes).as("exit code of a service that should run on").isEmpty();
    } finally {
      training.interrupt();
      training.join();
    }
    assertThat(codes).as("exit code of an interrupted command").containsExactly(130);
  }

  private static List<String> train(String config) {
    return List.of(
        "train",
        "--from-topic",
        "images",
        "--continuously",
        "--on-drift",
        "--every-labelled",
        "100",
        "--name",
        "fashion",
        "--teacher",
        "resnet8x16",
        "--teacher-epochs",
        "1",
        "--teacher-batch",
        "32",
        "--epochs",
        "1",
        "--batch",
        "32",
        "--memory",
        "64",
        "--widths",
        "8,16",
        "--strides",
        "2,2",
        "--views",
        "1",
        "--prototypes",
        "5",
        "--max-images",
        "300",
        "--min-class-images",
        "5",
        "--work",
        folder.resolve("training").toString(),
        "--store",
        folder.resolve("store").toString(),
        "--config",
        config);
  }

  private static void morePartitions() throws Exception {
    admin.createPartitions(Map.of("images", NewPartitions.increaseTo(3))).all().get();
    List<String> beside = new ArrayList<>(List.of("labels"));
    Stream.of("bank", "pending", "recent", "labels-waiting")
        .map("cnn2gnn-streams-%s-changelog"::formatted)
        .forEach(beside::add);
    await()
        .atMost(LONG)
        .until(
            () ->
                admin.describeTopics(beside).allTopicNames().get().values().stream()
                    .allMatch(topic -> topic.partitions().size() == 3));
  }

  /** On a stopped service. */
  private static void upkeep() throws Exception {
    assertThat(service.end(Duration.ofSeconds(30))).isTrue();
    // A static member stays in its group until its session has run out.
    admin
        .removeMembersFromConsumerGroup(
            "cnn2gnn-streams", new RemoveMembersFromConsumerGroupOptions())
        .all()
        .get();
    assertThat(run(false, produce(config("produce", Map.of()), 1)).code()).isZero();
    Ended status = run(false, List.of("status", "--config", config("status", Map.of())));
    assertThat(status.code()).as(status.err()).isZero();
    assertThat(status.out()).contains("EMPTY, members: 0", "waiting for their image: 0");
    assertThat(status.out().lines().filter(line -> line.startsWith("all")).findFirst())
        .hasValueSatisfying(line -> assertThat(line).matches("all +1 .*"));

    List<String> changelogs =
        Stream.of("bank", "pending", "recent")
            .map("cnn2gnn-streams-%s-changelog"::formatted)
            .toList();
    assertThat(admin.listTopics().names().get()).containsAll(changelogs);
    upkeep("clean");
    assertThat(admin.listTopics().names().get()).doesNotContainAnyElementsOf(changelogs);
    // As a start of the service would.
    admin
        .createTopics(changelogs.stream().map(name -> new NewTopic(name, 3, (short) 1)).toList())
        .all()
        .get();
    upkeep("reset");
    assertThat(admin.listTopics().names().get()).doesNotContainAnyElementsOf(changelogs);
  }

  private static void upkeep(String command) throws Exception {
    Ended ended =
        run(
            false,
            List.of(
                command,
                "--config",
                config(command, Map.of()),
                "--set",
                "state.dir=" + folder.resolve("none")));
    assertThat(ended.code()).as(ended.toString()).isZero();
  }

  private static Right right(String who, String name, AclOperation operation) throws IOException {
    return AclTable.of(who).stream()
        .filter(right -> right.resource().name().equals(name) && right.operation() == operation)
        .findFirst()
        .orElseThrow();
  }

  /** By the broker's own log of whom it allowed what. */
  private static boolean allowed(String user, AclOperation operation, String name)
      throws IOException {
    return Pattern.compile(
            "Principal = User:%s is Allowed operation = %s .* on resource = \\w+:\\w+:%s%s for "
                .formatted(
                    user,
                    operation,
                    Pattern.quote(name),
                    // Transactional ids begin so.
                    name.endsWith("-") ? "\\S*" : ""))
        .matcher(brokerLog())
        .find();
  }

  private static String brokerLog() throws IOException {
    return Files.readString(folder.resolve("stack/broker.log"), StandardCharsets.ISO_8859_1);
  }

  private static void everyRightWasUsed() throws Exception {
    List<Right> unused = new ArrayList<>();
    for (Right right : AclTable.read()) {
      if (!allowed(right.who(), right.operation(), right.resource().name())) {
        unused.add(right);
      }
    }
    assertThat(unused).as("rights of the README's table that nobody used").isEmpty();
  }

  @Test
  void aRightThatIsMissingEndsACommandInALineThatNamesIt() throws Exception {
    String config = config("other", Map.of());
    saysInOneLine(
        run(false, consume(config, 1)), "does not allow this user READ on topic predictions");
    List<Right> needed = AclTable.of("run");
    for (Right right : needed) {
      allow(right.binding("other"));
    }
    List<Right> missing =
        List.of(
            right("run", "images", AclOperation.READ),
            right("run", "predictions", AclOperation.WRITE),
            right("run", "cnn2gnn-streams", AclOperation.READ),
            right("run", "cnn2gnn-streams-", AclOperation.WRITE));
    for (Right right : missing) {
      take(right.binding("other"));
      String type = right.resource().resourceType().name().toLowerCase(Locale.ROOT);
      saysInOneLine(
          run(false, serve(config)),
          "the broker at " + stack.broker().get() + " does not allow this user ",
          right.operation()
              + " on "
              + type.replace('_', ' ')
              + " "
              + right.resource().name()
              + ": kafka-acls --add ",
          "docs/reference/acls.md");
      allow(right.binding("other"));
    }
    AclBinding gathering = right("run", OTHER, AclOperation.READ).binding("other");
    take(gathering);
    List<String> gather = new ArrayList<>(serve(config));
    gather.addAll(List.of("--set", "cnn2gnn.input.topics=" + OTHER));
    saysInOneLine(run(false, gather), "does not allow this user READ on topic " + OTHER);
    allow(gathering);
    // Whether the topic is there or not: who may not see it learns neither.
    String changelog = "cnn2gnn-streams-bank-changelog";
    take(right("run", changelog, AclOperation.READ).binding("other"));
    take(right("run", changelog, AclOperation.WRITE).binding("other"));
    saysInOneLine(run(false, serve(config)), "does not allow this user READ on topic " + changelog);
    take(right("run", "images", AclOperation.WRITE).binding("other"));
    saysInOneLine(
        run(false, produce(config, 1)),
        "does not allow this user WRITE on topic images: kafka-acls");
    saysInOneLine(
        run(false, List.of("release", "rollback", "--config", config)),
        "does not allow this user WRITE on topic models");
  }

  @Test
  void aWrongPasswordIsNamed() throws Exception {
    String config = config("other", Map.of("sasl.jaas.config", jaas("other", "guessed-4715")));
    for (List<String> command : List.of(serve(config), produce(config, 1), consume(config, 1))) {
      Ended ended = run(false, command);
      saysInOneLine(
          ended,
          "the broker at " + stack.broker().get() + " refused our credentials",
          "check user and password in sasl.jaas.config");
      assertThat(ended.err()).doesNotContain("guessed-4715");
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsNamed() throws Exception {
    String foreign = certificates.foreign().toString();
    String config = config("run", Map.of("ssl.truststore.location", foreign));
    for (List<String> command : List.of(serve(config), produce(config, 1), consume(config, 1))) {
      saysInOneLine(
          run(false, command),
          "the certificate of the broker at " + stack.broker().get() + " is not trusted",
          "ssl.truststore.location must hold the authority that signed it");
    }
    saysInOneLine(
        run(
            false,
            consume(
                config("consume", Map.of("schema.registry.ssl.truststore.location", foreign)), 1)),
        "the certificate of the schema registry is not trusted",
        "schema.registry.ssl.truststore.location must hold the authority that signed it");
  }

  @Test
  void aCertificateThatHasExpiredIsNamed() throws Exception {
    useCertificate(certificates.expired());
    try {
      for (List<String> command :
          List.of(
              serve(config("run", Map.of())),
              produce(config("produce", Map.of()), 1),
              consume(config("consume", Map.of()), 1))) {
        saysInOneLine(
            run(false, command),
            "the certificate of the broker at " + stack.broker().get() + " has expired (NotAfter",
            "have it renewed");
      }
    } finally {
      useCertificate(certificates.valid());
    }
  }

  private static void useCertificate(Path keyStore) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.BROKER, "1"),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry(
                            "listener.name.secure.ssl.keystore.location", keyStore.toString()),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get();
    // The broker takes it up a moment later.
    await().atMost(LONG).until(() -> connects() == keyStore.equals(certificates.valid()));
  }

  private static boolean connects() throws Exception {
    try (Admin fresh = Admin.create(new HashMap<>(properties("admin")))) {
      fresh.describeCluster().nodes().get();
      return true;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(SslAuthenticationException.class);
      return false;
    }
  }

  @Test
  void aWrongPasswordOfTheRegistryIsNamed() throws Exception {
    Map<String, String> wrong = Map.of("basic.auth.user.info", "registry-user:guessed-4716");
    for (List<String> command :
        List.of(
            serve(config("run", wrong)),
            produce(config("produce", wrong), 1),
            consume(config("consume", wrong), 1))) {
      Ended ended = run(false, command);
      saysInOneLine(
          ended, "the schema registry refused our credentials, check basic.auth.user.info");
      assertThat(ended.err()).doesNotContain("guessed-4716");
    }
    String url = registry.url().replace("//", "//registry-user:guessed-4717@");
    Ended inUrl =
        run(
            false,
            consume(
                config(
                    "consume",
                    Map.of(Connection.REGISTRY, url, "basic.auth.credentials.source", "URL")),
                1));
    saysInOneLine(inUrl, registry.url() + ": the schema registry refused our credentials");
    assertThat(inUrl.err()).doesNotContain("guessed-4717");
  }

  @Test
  void aClientWithoutTlsIsToldToLookAtTheProtocol() throws Exception {
    saysInOneLine(
        run(false, consume(config("consume", Map.of("security.protocol", "PLAINTEXT")), 1)),
        "no broker answers at " + stack.broker().get(),
        "is security.protocol the one that it speaks there");
  }

  @Test
  void aVariableWithoutAValueAndAStoreThatCannotBeReadAreNamed() throws Exception {
    saysInOneLine(
        run(
            false,
            consume(
                config(
                    "consume",
                    Map.of(
                        "config.providers",
                        "env",
                        "config.providers.env.class",
                        "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
                        "ssl.truststore.password",
                        "${env:NOBODY_SET_THIS}")),
                1)),
        "ssl.truststore.password: nothing is known of ${env:NOBODY_SET_THIS}");
    saysInOneLine(
        run(false, consume(config("consume", Map.of("ssl.truststore.password", "no")), 1)),
        "keystore password was incorrect");
    Ended noModule =
        run(false, consume(config("consume", Map.of("sasl.jaas.config", BROKER_PASSWORD)), 1));
    saysInOneLine(noModule, "Login module control flag not specified in JAAS config");
    assertThat(noModule.err()).doesNotContain(BROKER_PASSWORD);
  }
}
