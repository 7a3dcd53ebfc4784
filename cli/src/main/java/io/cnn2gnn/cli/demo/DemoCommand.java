package io.cnn2gnn.cli.demo;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.CtrlC;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.Readiness;
import io.cnn2gnn.cli.kit.StateFolder;
import io.cnn2gnn.cli.kit.Summary;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.cli.page.PageCommand;
import io.cnn2gnn.localstack.FreePort;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackException;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.page.Page;
import io.cnn2gnn.page.PageConfig;
import io.cnn2gnn.page.PageException;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.flow.TopicNames;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Everything on this machine: a broker, a registry, the topology, real images in and their"
          + " predictions out."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  private static final int HTTP_PORT = 8080;
  private static final String HTTP_OPTION = "--http-port";

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "how many to send (default: ${DEFAULT-VALUE})",
      defaultValue = "2400")
  private int images;

  @Option(
      names = "--data",
      paramLabel = "FOLDER|ZIP",
      description = "which to send (default: the 2,400 of the mini Fashion-MNIST set)")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description = "the model (default: the shipped Fashion-MNIST bundle)")
  private Optional<Path> bundle = Optional.empty();

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "images per second; 0 for as many as go (default: ${DEFAULT-VALUE})",
      defaultValue = "400")
  private double rate;

  @Option(names = "--keep", description = "leave the stack up afterwards, until Ctrl-C")
  private boolean keep;

  @Option(names = "--summary", paramLabel = "FILE", description = "write the table as JSON")
  private Optional<Path> summary = Optional.empty();

  @Mixin private StackFlags stackFlags;

  @Option(
      names = HTTP_OPTION,
      paramLabel = "PORT",
      description =
          "the service's health, metrics, model, accuracy and bank (default: 8080 with --keep,"
              + " else none)")
  private Optional<Integer> httpPort = Optional.empty();

  @Option(
      names = "--page-port",
      paramLabel = "PORT",
      description =
          "a page that shows what is answered, for a browser (default: 8070 with --keep, else any"
              + " that is free; -1 for none)")
  private Optional<Integer> pagePort = Optional.empty();

  @Option(names = "--device", description = "auto, cpu or gpu", defaultValue = "auto")
  private String device;

  private final long started = System.nanoTime();

  @Override
  public Integer call() throws Exception {
    if (images < 1) {
      throw new CliException("--images must be at least 1: " + images);
    }
    DemoImages chosen = DemoImages.of(data.orElseGet(Home::samples), images);
    int http = httpPort.orElse(keep ? HTTP_PORT : -1);
    if (keep && http < 1) {
      throw new CliException(
          "--keep needs a port that others can ask: " + HTTP_OPTION + " " + http);
    }
    requireFree(http, HTTP_OPTION);
    int page = pagePort.orElse(keep ? PageCommand.PORT : 0);
    requireFree(page, "--page-port");
    System.out.println("starting a broker, a schema registry and the topology ...");
    CountDownLatch cleared = CtrlC.clearUp();
    try (StateFolder state = StateFolder.in(stackFlags.dataDir());
        LocalStack stack = LocalStack.start(keep ? stackFlags.shown() : stackFlags.own())) {
      Map<String, String> properties = new HashMap<>();
      properties.put(AppConfig.BUNDLE, bundle.orElseGet(Home::bundle).toString());
      properties.put(AppConfig.DEVICE, device);
      properties.put("state.dir", state.path().toString());
      properties.put(AppConfig.HTTP_PORT, Integer.toString(http));
      if (keep) {
        properties.put(AllowList.BUNDLES, released(state).toUri().toString());
      }
      // Known only once they answer; the model loads meanwhile.
      properties.put(Connection.BOOTSTRAP, "127.0.0.1:1");
      properties.put(Connection.REGISTRY, "http://127.0.0.1:1");
      StudentModel model = ClassificationApp.loadModel(AppConfig.of(properties));
      String broker = await(stack.broker());
      step("broker at " + broker);
      String registry = await(stack.registry()).toString();
      step("registry at " + registry);
      properties.put(Connection.BOOTSTRAP, broker);
      properties.put(Connection.REGISTRY, registry);
      try (ClassificationApp app = ClassificationApp.start(AppConfig.of(properties), model)) {
        Readiness.await(app);
        step("topology with model %s %s".formatted(model.card().name(), model.card().version()));
        Optional<Page> shown = page < 0 ? Optional.empty() : Optional.of(page(properties, page));
        try {
          DemoRun.Result result = new DemoRun(properties, chosen, rate, started).run(app::isLive);
          result.print();
          if (summary.isPresent()) {
            Summary.write(summary.get(), result.summary());
          }
          if (keep) {
            keepUp(broker, stack.registry().get(), state, http);
          }
        } finally {
          shown.ifPresent(Page::close);
        }
        // The first stop also writes class archives, which make later starts fast.
        System.out.println("\nstopping ...");
        StartArchive.write();
        return 0;
      }
    } catch (StartupException | LocalStackException e) {
      throw new CliException(e.getMessage(), e);
    } finally {
      cleared.countDown();
    }
  }

  private Page page(Map<String, String> properties, int port) throws CliException {
    try {
      Page page =
          Page.start(
              new PageConfig(
                  properties,
                  PageCommand.topics(TopicNames.DEFAULT),
                  ConfigKey.APPLICATION_ID.otherwise(),
                  Optional.of(Path.of(properties.get(AppConfig.BUNDLE))),
                  "127.0.0.1",
                  port,
                  Set.of(),
                  PageConfig.Writers.OF_LOOPBACK,
                  PageConfig.Operators.OF_LOOPBACK));
      step("watch it at " + page.address());
      return page;
    } catch (PageException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  private void step(String what) {
    Terminal.printf("%5.1f s  %s", (System.nanoTime() - started) / 1e9, what);
  }

  private static <T> T await(Future<T> future) throws CliException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new CliException(e.getCause().getMessage(), e);
    }
  }

  private static void requireFree(int port, String option) throws CliException {
    try {
      FreePort.require(Math.max(0, port), option);
    } catch (LocalStackException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  /** Where released bundles lie. */
  private static Path released(StateFolder state) throws CliException {
    try {
      return Files.createDirectories(state.path().resolve("released")).toAbsolutePath();
    } catch (IOException e) {
      throw new CliException("no folder for released bundles: " + e, e);
    }
  }

  private void keepUp(String broker, URI registry, StateFolder state, int http)
      throws CliException, InterruptedException {
    try (RegistryFront front = stackFlags.front(registry)) {
      String options = StackFlags.options(broker, front.url());
      System.out.printf(
          """

          The stack stays up: broker %1$s, registry %2$s. From another terminal:
            ./cnn2gnn produce %3$s%4$s
            ./cnn2gnn consume --from-beginning%4$s
            ./cnn2gnn release publish BUNDLE --as ACTIVE --store %5$s%4$s
            curl http://127.0.0.1:%6$d/model
            kcat -b %1$s -t images.dead-letter -C -e -f '%%k %%h\\n' -X isolation.level=read_committed | cat -v
          clients/README.md has producers and consumers in Java, JavaScript and Python.
          Ctrl-C stops it.
          """,
          broker,
          front.url(),
          data.map(Object::toString).orElse("samples/fashion-mini.zip"),
          options,
          released(state),
          http);
      System.out.flush();
      Thread.currentThread().join();
    }
  }
}
