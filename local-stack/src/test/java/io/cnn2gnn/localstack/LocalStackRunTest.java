package io.cnn2gnn.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts real child JVMs; stacks are few, as each one costs seconds. */
class LocalStackRunTest {
  private static final String SCHEMA = "{\"schema\":\"{\\\"type\\\":\\\"%s\\\"}\"}";

  @TempDir Path dir;

  @Test
  void aKeptStackAnswersStopsAndComesBackWithItsTopicsAndSchemaIds()
      throws ExecutionException, InterruptedException, IOException {
    LocalStackConfig config = kept(dir.resolve("kept"), Map.of());
    String id;
    List<ProcessHandle> processes;
    try (LocalStack stack = LocalStack.start(config)) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.broker().get()))) {
        admin.createTopics(List.of(new NewTopic("images", 2, (short) 1))).all().get();
      }
      URI registry = stack.registry().get();
      assertThat(get(registry, "/subjects")).isEqualTo("[]");
      assertThat(get(registry, "/config")).contains("BACKWARD");
      register(registry, "other-value", "int");
      id = register(registry, "images-value", "string");
      processes = stack.processes();
      assertThat(processes).hasSize(2).allMatch(ProcessHandle::isAlive);
    }
    assertThat(processes).noneMatch(ProcessHandle::isAlive);

    try (LocalStack stack = LocalStack.start(config)) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.broker().get()))) {
        assertThat(admin.listTopics().names().get()).containsExactly("images");
      }
      URI registry = stack.registry().get();
      assertThat(get(registry, "/subjects")).contains("images-value");
      assertThat(register(registry, "images-value", "string")).isEqualTo(id);

      stack.stop(LocalStack.Server.BROKER, false);
      stack.stop(LocalStack.Server.REGISTRY, true);
      assertThat(stack.processes()).noneMatch(ProcessHandle::isAlive);
      stack.startAgain(LocalStack.Server.BROKER);
      stack.startAgain(LocalStack.Server.REGISTRY);
      assertThat(register(registry, "images-value", "string")).isEqualTo(id);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.broker().get()))) {
        assertThat(admin.listTopics().names().get()).containsExactly("images");
      }
    }
  }

  @Test
  void damagedClassArchivesOnlyCostTheirGain() throws IOException, InterruptedException {
    // Written by this start if there are none yet.
    try (LocalStack stack = LocalStack.start(LocalStackConfig.temporary())) {
      stack.broker().join();
      stack.registry().join();
    }
    Map<Path, byte[]> archives = new HashMap<>();
    try (Stream<Path> files = Files.list(Distribution.locate().archives())) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jsa")).toList()) {
        archives.put(file, Files.readAllBytes(file));
      }
    }
    assertThat(archives).hasSize(2);
    try {
      for (Map.Entry<Path, byte[]> archive : archives.entrySet()) {
        byte[] damaged = archive.getValue().clone();
        Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 100_000, (byte) 0x5A);
        replace(archive.getKey(), damaged);
      }
      try (LocalStack stack = LocalStack.start(LocalStackConfig.temporary())) {
        stack.broker().join();
        stack.registry().join();
      }
    } finally {
      for (Map.Entry<Path, byte[]> archive : archives.entrySet()) {
        replace(archive.getKey(), archive.getValue());
      }
    }
  }

  /** The JVM makes archives read-only. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.delete(file);
    Files.write(file, bytes);
  }

  @Test
  void aStackThatIsNotKeptLeavesOtherFilesOfItsDirectoryAlone() throws IOException {
    Path other = Files.writeString(dir.resolve("notes.txt"), "mine");
    LocalStackConfig config =
        new LocalStackConfig(
            Optional.of(dir),
            false,
            0,
            0,
            Duration.ofMinutes(2),
            Map.of("num.io.threads", "nonsense"));
    LocalStack stack = LocalStack.start(config);
    List<ProcessHandle> processes = stack.processes();
    try (stack) {
      assertThatThrownBy(() -> LocalStack.start(config))
          .isInstanceOf(LocalStackException.class)
          .hasMessage("another local stack runs in " + dir);
      assertThatThrownBy(() -> stack.broker().get())
          .cause()
          .isInstanceOf(LocalStackException.class)
          .hasMessageContaining("the broker ended with exit code 1")
          .hasMessageContaining("Invalid value nonsense for configuration num.io.threads");
    }
    stack.close();
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(stack.registry()).isCompletedExceptionally();
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files).containsExactly(other);
    }
  }

  @Test
  void dataOfAnEarlierRunIsNotDeletedUnasked() throws IOException {
    Files.createDirectories(dir.resolve("broker"));
    LocalStackConfig config =
        new LocalStackConfig(Optional.of(dir), false, 0, 0, Duration.ofMinutes(2), Map.of());
    assertThatThrownBy(() -> LocalStack.start(config))
        .isInstanceOf(LocalStackException.class)
        .hasMessageContaining("holds the data of an earlier run");
  }

  @Test
  void childrenDieWithAKilledParent() throws IOException, InterruptedException {
    Process parent =
        new ProcessBuilder(
                JavaCommand.of(StackHolder.class).options("-Djava.io.tmpdir=" + dir).line())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<ProcessHandle> children;
    try (BufferedReader output = parent.inputReader()) {
      children =
          Arrays.stream(output.readLine().split(" ", -1))
              .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
              .toList();
    } finally {
      parent.destroyForcibly().waitFor();
    }
    assertThat(children).hasSize(2);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void takenPortsAreNamedWithTheWayOut() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> LocalStack.start(ports(port, 0)))
          .isInstanceOf(PortInUseException.class)
          .hasMessageStartingWith("port " + port + " on 127.0.0.1 is in use")
          .hasMessageEndingWith("--broker-port");
      assertThatThrownBy(() -> LocalStack.start(ports(0, port)))
          .isInstanceOf(PortInUseException.class)
          .hasMessageStartingWith("port " + port + " on 127.0.0.1 is in use")
          .hasMessageEndingWith("--registry-port");
    }
  }

  @Test
  void aMissingDistributionSaysHowToBuildIt() {
    String before = System.setProperty(Distribution.PROPERTY, dir.toString());
    try {
      assertThatThrownBy(() -> LocalStack.start(LocalStackConfig.temporary()))
          .isInstanceOf(LocalStackException.class)
          .hasMessageContaining("mvn -pl local-stack install")
          .hasMessageContaining(Distribution.PROPERTY);
    } finally {
      if (before == null) {
        System.clearProperty(Distribution.PROPERTY);
      } else {
        System.setProperty(Distribution.PROPERTY, before);
      }
    }
  }

  @Test
  void settingsThatCannotWorkAreRefused() {
    assertThatThrownBy(() -> ports(-1, 0)).hasMessageContaining("--broker-port");
    assertThatThrownBy(() -> ports(0, 65_536)).hasMessageContaining("--registry-port");
    assertThatThrownBy(() -> ports(9092, 9092)).hasMessageContaining("9092");
    assertThatThrownBy(
            () -> new LocalStackConfig(Optional.empty(), false, 0, 0, Duration.ZERO, Map.of()))
        .hasMessageContaining("start timeout");
  }

  private static LocalStackConfig ports(int broker, int registry) {
    return new LocalStackConfig(
        Optional.empty(), false, broker, registry, Duration.ofMinutes(2), Map.of());
  }

  private static LocalStackConfig kept(Path dir, Map<String, String> overrides) {
    return new LocalStackConfig(Optional.of(dir), true, 0, 0, Duration.ofMinutes(2), overrides);
  }

  private static String get(URI registry, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(registry + path)).build());
  }

  private static String register(URI registry, String subject, String type)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(registry + "/subjects/" + subject + "/versions"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(SCHEMA.formatted(type)))
            .build());
  }

  private static String send(HttpRequest request) throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
