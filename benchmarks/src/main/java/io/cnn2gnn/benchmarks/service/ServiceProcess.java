package io.cnn2gnn.benchmarks.service;

import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import io.cnn2gnn.topology.app.AppConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;

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
  private final Endpoints endpoints;
  private final JavaProcess process;
  private final long started;

  private ServiceProcess(String name, Endpoints endpoints, JavaProcess process, long started) {
    this.name = name;
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
    JavaCommand java =
        JavaCommand.of(command)
            .endingWithParent()
            .arguments("--config", config.toString())
            .options(ManagementFactory.getRuntimeMXBean().getInputArguments())
            // They would win over the file.
            .environment(
                inherited ->
                    inherited.keySet().removeIf(variable -> variable.startsWith(VARIABLES)));
    Path log = deployment.folder().resolve(title + ".log");
    long started = System.nanoTime();
    return new ServiceProcess(title, endpoints, java.start(log), started);
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
    List<String> last = process.lastLines(1);
    return last.isEmpty() ? "it said nothing" : last.get(0);
  }

  /** What it has written since its start. */
  public List<String> log() throws IOException {
    return process.log().lines().toList();
  }

  /** Resident memory in MiB; empty where the system does not tell. */
  public OptionalDouble residentMegabytes() throws IOException {
    return process.residentMegabytes();
  }

  /** Ends it as a power cut would. */
  public void kill() {
    process.kill();
  }

  /** Asks it to stop, and waits. */
  public void stop() throws IOException, InterruptedException {
    if (!process.end(STOP)) {
      throw new IOException(name + " did not stop");
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
