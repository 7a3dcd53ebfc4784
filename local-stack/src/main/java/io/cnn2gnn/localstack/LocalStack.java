package io.cnn2gnn.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * A real KRaft broker and a real schema registry on this machine, each in a JVM of its own, without
 * Docker. The broker is Kafka's, single node, on loopback; the registry speaks Confluent's REST API
 * and checks BACKWARD compatibility, as Confluent's does from the start.
 *
 * <p>Whoever starts a stack closes it, from a JVM shutdown hook too if it likes; the servers end
 * with this JVM in any case, even if that is killed. The first orderly {@link #close()} after a
 * build leaves class archives beside the distribution, and later starts take less than half the
 * time.
 */
public final class LocalStack implements AutoCloseable {
  static final String BROKER_READY = "local-stack broker ready: ";
  private static final Pattern BROKER_LINE = Pattern.compile(BROKER_READY + "(\\S+)\\R");
  private static final Pattern REGISTRY_LINE =
      Pattern.compile("Listening on: http://127\\.0\\.0\\.1:(\\d+)\\R");
  private static final String CONFLUENT_API = "/apis/ccompat/v7";

  /** The two servers of a stack. */
  public enum Server {
    BROKER,
    REGISTRY
  }

  private final LocalStackConfig config;
  private final Distribution distribution;
  private final DataDirectory data;
  private final Map<Server, Child> children = new EnumMap<>(Server.class);
  private final CompletableFuture<String> broker = new CompletableFuture<>();
  private final CompletableFuture<URI> registry = new CompletableFuture<>();
  private boolean closed;

  private LocalStack(LocalStackConfig config, Distribution distribution, DataDirectory data) {
    this.config = config;
    this.distribution = distribution;
    this.data = data;
  }

  /**
   * Launches both servers side by side and returns at once.
   *
   * @throws PortInUseException if a port asked for by number is taken
   * @throws LocalStackException if the distribution was not built, or the data directory cannot be
   *     used
   */
  public static LocalStack start(LocalStackConfig config) {
    Loopback.requireFree(config.brokerPort(), Loopback.BROKER_OPTION);
    Loopback.requireFree(config.registryPort(), Loopback.REGISTRY_OPTION);
    Distribution distribution = Distribution.locate();
    try {
      DataDirectory data = DataDirectory.open(config);
      LocalStack stack = new LocalStack(config, distribution, data);
      try {
        Child broker = stack.launchBroker(config.brokerPort());
        Child registry = stack.launchRegistry(config.registryPort());
        long deadline = stack.deadline();
        await("broker", stack.broker, () -> brokerAddress(broker, deadline));
        await("registry", stack.registry, () -> registryAddress(registry, deadline));
        return stack;
      } catch (IOException | RuntimeException e) {
        stack.close();
        throw e;
      }
    } catch (IOException e) {
      throw new LocalStackException("the local stack could not be launched", e);
    }
  }

  private Child launchBroker(int port) throws IOException {
    return launch(Server.BROKER, brokerCommand(distribution, data, config, port));
  }

  private Child launchRegistry(int port) throws IOException {
    return launch(Server.REGISTRY, registryCommand(distribution, data, port));
  }

  private Child launch(Server server, Child.Command command) throws IOException {
    String name = server.name().toLowerCase(Locale.ROOT);
    ClassArchive archive = ClassArchive.of(distribution.archives(), name, command.classPath());
    Child child = Child.launch(name, command, archive, data.log(name), data.temporary());
    children.put(server, child);
    return child;
  }

  private long deadline() {
    return System.nanoTime() + config.startTimeout().toNanos();
  }

  /** Stops one server in an orderly way, or as a power cut would, and returns when it is gone. */
  public synchronized void stop(Server server, boolean orderly) {
    Child child = children.get(server);
    if (orderly) {
      child.stop();
      child.awaitEnd();
    } else {
      child.kill();
    }
  }

  /**
   * Starts a server again that was stopped, at its address and, in a stack that keeps its data, on
   * what it had. Returns when it answers.
   *
   * @throws LocalStackException with the end of its log, if it does not
   */
  public synchronized void startAgain(Server server) throws InterruptedException {
    if (closed) {
      throw new LocalStackException("the local stack was closed");
    }
    try {
      if (server == Server.BROKER) {
        String address = broker.join();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        brokerAddress(launchBroker(port), deadline());
      } else {
        registryAddress(launchRegistry(registry.join().getPort()), deadline());
      }
    } catch (IOException e) {
      throw new LocalStackException("the " + server + " could not be started again", e);
    }
  }

  private static Child.Command brokerCommand(
      Distribution distribution, DataDirectory data, LocalStackConfig config, int port)
      throws IOException {
    List<String> program = new ArrayList<>();
    program.add(BrokerMain.class.getName());
    program.add(data.broker().toString());
    program.add(Integer.toString(port));
    program.add(config.security().isPresent() ? secrets(data, config.security().get()) : "");
    config.brokerOverrides().forEach((key, value) -> program.add(key + "=" + value));
    return new Child.Command(
        distribution.brokerClassPath(),
        List.of(
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            // Who was allowed or denied what, and by which ACL; without security it says nothing.
            "-Dorg.slf4j.simpleLogger.log.kafka.authorizer.logger=debug",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS"),
        program);
  }

  /** A file that nobody else reads, deleted with the stack's temporary files. */
  private static String secrets(DataDirectory data, BrokerSecurity security) throws IOException {
    Path file = data.temporary().resolve("broker-security.properties");
    Files.deleteIfExists(file);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    try (Writer out = Files.newBufferedWriter(file)) {
      security.write().store(out, null);
    }
    return file.toString();
  }

  private static Child.Command registryCommand(
      Distribution distribution, DataDirectory data, int port) {
    // Records on disk name schemas by id. The database must not forget an id that was given out.
    String database =
        data.keep()
            ? "jdbc:h2:file:" + data.registry().resolve("schemas") + ";WRITE_DELAY=0"
            : "jdbc:h2:mem:registry_db";
    return new Child.Command(
        distribution.registryClassPath(),
        List.of(
            // Few calls come, and the second compiler takes 1.2 s of a 2.7 s start.
            "-XX:TieredStopAtLevel=1",
            "-Dquarkus.http.host=" + Loopback.ADDRESS,
            "-Dquarkus.http.port=" + port,
            "-Dquarkus.datasource.jdbc.url=" + database),
        List.of("io.quarkus.runner.GeneratedMain"));
  }

  private interface Answer<T> {
    T get() throws IOException, InterruptedException;
  }

  private static <T> void await(String name, CompletableFuture<T> future, Answer<T> answer) {
    Thread thread =
        new Thread(
            () -> {
              try {
                future.complete(answer.get());
              } catch (IOException | InterruptedException | RuntimeException e) {
                future.completeExceptionally(e);
              }
            },
            "local-stack-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static String brokerAddress(Child broker, long deadline)
      throws IOException, InterruptedException {
    return broker.awaitLine(BROKER_LINE, deadline).group(1);
  }

  private static URI registryAddress(Child registry, long deadline)
      throws IOException, InterruptedException {
    String port = registry.awaitLine(REGISTRY_LINE, deadline).group(1);
    URI base = URI.create("http://" + Loopback.ADDRESS + ":" + port + CONFLUENT_API);
    HttpClient client = HttpClient.newHttpClient();
    // This registry begins with NONE, where Confluent's begins with BACKWARD.
    requireOk(
        registry,
        client,
        request(base, "/config", deadline)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}")));
    requireOk(registry, client, request(base, "/subjects", deadline).GET());
    return base;
  }

  private static HttpRequest.Builder request(URI base, String path, long deadline) {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(left);
  }

  private static void requireOk(Child registry, HttpClient client, HttpRequest.Builder builder)
      throws IOException, InterruptedException {
    HttpRequest request = builder.build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw registry.failure(
          "answered %d %s to %s %s"
              .formatted(response.statusCode(), response.body(), request.method(), request.uri()));
    }
  }

  /**
   * What a client gives as {@code bootstrap.servers}, when the broker answers. Completes with a
   * {@link LocalStackException} that quotes the broker's log if it ends or takes too long.
   */
  public CompletableFuture<String> broker() {
    return broker;
  }

  /**
   * The base address of Confluent's REST API, when the registry answers. Completes with a {@link
   * LocalStackException} that quotes the registry's log if it ends or takes too long.
   */
  public CompletableFuture<URI> registry() {
    return registry;
  }

  List<ProcessHandle> processes() {
    return children.values().stream().map(Child::handle).toList();
  }

  /**
   * Stops both servers, by force if they do not stop within seconds, and deletes their data unless
   * it is to be kept. A second call waits for the first and does nothing.
   *
   * @throws UncheckedIOException if files could not be deleted; no server is left even then
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    LocalStackException reason = new LocalStackException("the local stack was closed");
    broker.completeExceptionally(reason);
    registry.completeExceptionally(reason);
    children.values().forEach(Child::stop);
    children.values().forEach(Child::awaitEnd);
    try {
      data.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the files of the local stack could not be deleted", e);
    }
  }
}
