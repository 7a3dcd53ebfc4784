package io.cnn2gnn.lab.compose;

import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.localstack.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The default services of a compose file on this machine: those built from this project by the
 * launcher, with the file's arguments, environment, order and health checks; those of other images
 * by what stands in for them.
 */
final class ComposeRun {
  /** The port of health and metrics in every container. */
  private static final String PORT = "8080";

  private static final String BROKER = "broker:29092";
  private static final String REGISTRY = "registry:8080";
  private static final String STORE = "model-store:8080";
  private static final Duration SAMPLES = Duration.ofMinutes(5);
  private static final Duration TRAINING = Duration.ofMinutes(15);

  /** A busy machine may keep a broker from answering in the time that a command gives it. */
  private static final int TRIES = 3;

  private static final Duration LOOK = Duration.ofSeconds(5);

  private final ComposeFile compose;
  private final Map<String, Integer> scale;
  private final Path folder;
  private final StandIns standIns;
  private final ComposePlaces places;
  private final List<ComposeInstance> instances = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final long started = System.nanoTime();

  /**
   * What runs in place of other projects' images.
   *
   * @param broker host and port
   * @param registry host and port
   */
  record StandIns(String broker, String registry, ComposeStore store) {}

  ComposeRun(ComposeFile compose, Map<String, Integer> scale, Path folder, StandIns standIns) {
    this.compose = compose;
    this.scale = Map.copyOf(scale);
    this.folder = folder;
    this.standIns = standIns;
    this.places = places(standIns);
  }

  private static ComposePlaces places(StandIns standIns) {
    return new ComposePlaces(
        Map.of(
            BROKER,
            standIns.broker(),
            REGISTRY,
            standIns.registry(),
            STORE,
            standIns.store().address(),
            ComposePlaces.IMAGE_HOME,
            Home.path().toAbsolutePath().normalize().toString()));
  }

  void run(boolean awaitRelease) throws CliException, IOException, InterruptedException {
    try {
      System.out.printf("%n%-16s %-24s %-26s %7s%n", "service", "runs", "health", "after");
      for (ComposeService service : compose.defaults()) {
        start(service);
      }
      predictions();
      if (awaitRelease) {
        awaitRelease();
      }
      images();
    } finally {
      stop();
    }
  }

  private void start(ComposeService service)
      throws CliException, IOException, InterruptedException {
    int count = service.built() ? scale.getOrDefault(service.name(), 1) : 1;
    List<ComposeInstance> made = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String name = count == 1 ? service.name() : service.name() + "-" + i;
      made.add(service.built() ? launch(service, name) : standIn(service));
    }
    for (ComposeInstance instance : made) {
      String health = instance.awaitHealthy();
      if (service.ends()) {
        health = instance.awaitDone(SAMPLES);
      }
      System.out.printf(
          Locale.ROOT,
          "%-16s %-24s %-26s %5.1f s%n",
          instance.name(),
          instance.runs(),
          health,
          (System.nanoTime() - started) / 1e9);
    }
  }

  private ComposeInstance launch(ComposeService service, String name)
      throws CliException, IOException {
    ComposePlaces own = places.andVolumes(service, folder);
    if (service.check().isPresent()) {
      int port = FreePort.find();
      ports.add(port);
      own = own.and(PORT, Integer.toString(port));
    }
    for (String volume : service.volumes().keySet()) {
      Files.createDirectories(folder.resolve(volume));
    }
    ComposeInstance instance = ComposeInstance.launch(service, name, own, folder);
    instances.add(instance);
    return instance;
  }

  private ComposeInstance standIn(ComposeService service) throws CliException {
    return switch (service.name()) {
      // It answered before the first service started; its image's own tool is not here.
      case "broker" -> made(service, "embedded broker", Optional.empty());
      case "registry" -> made(service, "registry's own server", at(standIns.registry(), service));
      case "model-store" ->
          made(service, "web server in Java", at(standIns.store().address(), service));
      default ->
          throw new CliException(
              "nothing stands in for %s, image %s".formatted(service.name(), service.image()));
    };
  }

  private static Optional<ComposeCheck> at(String address, ComposeService service) {
    ComposePlaces here =
        new ComposePlaces(Map.of("localhost:" + PORT, address, "127.0.0.1:" + PORT, address));
    return service.check().map(check -> check.with(here.here(check.command())));
  }

  private ComposeInstance made(ComposeService service, String runs, Optional<ComposeCheck> check) {
    return ComposeInstance.standIn(service.name(), runs, check, folder);
  }

  private void predictions() throws CliException {
    System.out.println("\none prediction:");
    command("consume", "--from-beginning", "--images=1", "--idle-seconds=60");
  }

  /** Returns when the topic of releases has one, and what the services make of it is told. */
  private void awaitRelease() throws CliException, IOException, InterruptedException {
    long until = System.nanoTime() + TRAINING.toNanos();
    Path store = folder.resolve("models");
    while (!hasBundle(store)) {
      if (System.nanoTime() - until > 0) {
        throw new CliException(
            "the training job released nothing in %d min: see %s"
                .formatted(TRAINING.toMinutes(), folder.resolve("training-job.log")));
      }
      Thread.sleep(LOOK.toMillis());
    }
    // Written after the bundle.
    Thread.sleep(LOOK.toMillis());
    System.out.println("\nreleases:");
    command("release", "list");
  }

  private static boolean hasBundle(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      return files.anyMatch(file -> file.toString().endsWith(".bundle"));
    }
  }

  private void command(String... arguments) throws CliException {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.add("--bootstrap-server=" + standIns.broker());
    line.add("--schema-registry=http://" + standIns.registry() + "/apis/ccompat/v7");
    int code = 1;
    for (int i = 0; i < TRIES && code != 0; i++) {
      code = Main.run(false, line.toArray(new String[0]));
    }
    if (code != 0) {
      throw new CliException("./cnn2gnn %s failed".formatted(String.join(" ", arguments)));
    }
  }

  private void images() throws IOException, InterruptedException {
    System.out.println("\nimages classified, by each instance:");
    HttpClient http = HttpClient.newHttpClient();
    for (int port : ports) {
      String metrics =
          http.send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      metrics
          .lines()
          .filter(line -> line.startsWith("cnn2gnn_batch_images_sum"))
          .forEach(line -> System.out.println("  127.0.0.1:" + port + "  " + line));
    }
  }

  private void stop() throws InterruptedException {
    System.out.println("\nstopping ...");
    for (int i = instances.size() - 1; i >= 0; i--) {
      System.out.printf("%-16s %s%n", instances.get(i).name(), instances.get(i).stop());
    }
  }
}
