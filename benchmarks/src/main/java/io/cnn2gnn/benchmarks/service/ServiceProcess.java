package io.cnn2gnn.benchmarks.service;

import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.topology.app.AppConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The service in a JVM of its own, with the options of this one, which are those of the launcher.
 * It ends with this process at the latest.
 */
public final class ServiceProcess implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofSeconds(40);
  private static final long LOOK_MILLIS = 10;
  private static final String VARIABLES = "CNN2GNN_";

  private final String name;
  private final Path log;
  private final Endpoints endpoints;
  private final Process process;
  private final long started;

  private ServiceProcess(
      String name, Path log, Endpoints endpoints, Process process, long started) {
    this.name = name;
    this.log = log;
    this.endpoints = endpoints;
    this.process = process;
    this.started = started;
  }

  /**
   * Starts one; it is not ready yet.
   *
   * @param command main class and first arguments, to which {@code --config FILE} is added
   * @param name of the instance; a later one of the same name finds its state
   * @param more settings beside the deployment's
   */
  public static ServiceProcess start(
      List<String> command, Deployment deployment, String name, Map<String, String> more)
      throws IOException {
    Endpoints endpoints = Endpoints.onFreePort();
    Map<String, String> settings = new TreeMap<>(deployment.settings(name, more));
    settings.put(AppConfig.HTTP_PORT, Integer.toString(endpoints.port()));
    Properties properties = new Properties();
    properties.putAll(settings);
    String title = deployment.application() + "-" + name;
    Path config = deployment.folder().resolve(title + ".properties");
    try (var out = Files.newBufferedWriter(config)) {
      properties.store(out, null);
    }
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.add(LocalStack.CHILD_MAIN);
    line.addAll(command);
    line.addAll(List.of("--config", config.toString()));
    Path log = deployment.folder().resolve(title + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    // They would win over the file.
    builder.environment().keySet().removeIf(variable -> variable.startsWith(VARIABLES));
    long started = System.nanoTime();
    return new ServiceProcess(title, log, endpoints, builder.start(), started);
  }

  /** Health and metrics. */
  public Endpoints endpoints() {
    return endpoints;
  }

  /** Whether the process lives. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits until it takes images.
   *
   * @return seconds since its start
   * @throws IOException if it ends or takes minutes
   */
  public double awaitReady() throws IOException, InterruptedException {
    while (!endpoints.isReady()) {
      if (!isAlive() || System.nanoTime() - started > READY.toNanos()) {
        throw new IOException("%s did not become ready: %s".formatted(name, lastWords()));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return (System.nanoTime() - started) / 1e9;
  }

  private String lastWords() throws IOException {
    List<String> lines = log();
    return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
  }

  /** What it has written since its start. */
  public List<String> log() throws IOException {
    return Files.readAllLines(log, StandardCharsets.ISO_8859_1);
  }

  /** Resident memory in MiB; empty where the system does not tell. */
  public OptionalDouble residentMegabytes() throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return OptionalDouble.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst();
  }

  /** Ends it as a power cut would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to stop, and waits. */
  public void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException(name + " did not stop");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
