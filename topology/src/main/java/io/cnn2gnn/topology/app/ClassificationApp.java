package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.SchemaRegistrationException;
import io.cnn2gnn.topology.batching.Drain;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.pages.AccuracyPage;
import io.cnn2gnn.topology.pages.ModelPage;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ModelFactory;
import io.cnn2gnn.topology.truth.TruthMonitor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topology as a service: checks what it depends on, warms the model up, runs, and tells how it
 * ended.
 */
public final class ClassificationApp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClassificationApp.class);

  /** For threads that may wait for the clock. */
  private static final Duration NO_TIME = Duration.ofSeconds(1);

  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

  private final Drain drain;
  private final Waiting waiting;
  private final ImagePartitions partitions;
  private final HeapFaults heap;
  private final Refusals refusals =
      new Refusals(System::nanoTime, pause -> Thread.sleep(pause.toMillis()));
  private final KafkaStreams streams;
  private final Resources resources;
  private final CountDownLatch stopping;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Optional<String> clockFailure = Optional.empty();
  private boolean closed;

  private ClassificationApp(Wiring wiring, KafkaStreams streams, Resources resources) {
    this.stopping = wiring.stopping();
    this.drain = wiring.drain();
    this.waiting = wiring.waiting();
    this.partitions = wiring.partitions();
    this.heap = wiring.heap();
    this.streams = streams;
    this.resources = resources;
  }

  /**
   * Loads and checks a model, apart from {@link #start} so that it can be done while brokers start.
   *
   * @throws StartupException if the bundle or the device cannot be used
   */
  public static StudentModel loadModel(AppConfig config) throws StartupException {
    try {
      return StudentModel.open(
          Bundle.read(config.bundle()), Torch.device(config.device()), config.candidates());
    } catch (BundleException | IllegalArgumentException e) {
      throw new StartupException(e.getMessage(), e);
    }
  }

  /** Loads the model of the configuration and starts. */
  public static ClassificationApp start(AppConfig config) throws StartupException {
    return start(config, loadModel(config));
  }

  /** Starts with the model as it is. */
  public static ClassificationApp start(AppConfig config, StudentModel model)
      throws StartupException {
    return start(config, model, Classifier::of);
  }

  /**
   * Starts; returns when the threads run, which is before partitions are assigned.
   *
   * @param model closed with the application, also if this throws
   * @param classifier makes what answers for a model: itself, or something around it
   * @throws StartupException in one line, if broker, registry, topics, time budget or port are
   *     amiss
   */
  public static ClassificationApp start(
      AppConfig config, StudentModel model, Function<StudentModel, Classifier> classifier)
      throws StartupException {
    Resources resources = new Resources();
    try {
      return open(config, model, classifier, resources);
    } catch (RegistryUnavailableException
        | SchemaRegistrationException
        | ConfigException
        | IllegalArgumentException e) {
      throw failed(new StartupException(e.getMessage(), e), resources);
    } catch (KafkaException e) {
      // Kafka says what it could not make, and only its cause says why.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why =
          BrokerFaults.explain("the broker", e).orElse(e.getMessage() + ": " + cause.getMessage());
      throw failed(new StartupException(why, e), resources);
    } catch (IOException e) {
      String why = "the state directory cannot be used: " + e.getMessage();
      throw failed(new StartupException(why, e), resources);
    } catch (StartupException e) {
      throw failed(e, resources);
    } catch (RuntimeException e) {
      throw failed(e, resources);
    }
  }

  private static <E extends Exception> E failed(E reason, Resources resources) {
    resources.close(reason);
    return reason;
  }

  private static ClassificationApp open(
      AppConfig config,
      StudentModel model,
      Function<StudentModel, Classifier> classifier,
      Resources resources)
      throws StartupException, IOException {
    Meters meters;
    ModelFactory factory;
    Preflight checked;
    ActiveModel models;
    try {
      meters = resources.add(Meters.open());
      factory =
          new ModelFactory(
              Torch.device(config.device()), config.candidates(), classifier, meters.app()::phases);
      checked = Preflight.check(config, model, resources);
      // Observed from here on: the warm-up answered no image.
      models = resources.add(new ActiveModel(factory.serve(model)));
    } catch (StartupException | IOException | RuntimeException e) {
      model.close();
      throw e;
    }
    Wiring wiring = new Wiring(config, checked, meters, resources);
    TruthMonitor truths = new TruthMonitor(models::card, meters.app().counter(TruthMonitor.METER));
    KafkaStreams streams = wiring.streams(models, factory, truths);
    wiring.measure(streams);
    ClassificationApp app = new ClassificationApp(wiring, streams, resources);
    if (config.httpPort() >= 0) {
      resources.add(
          Pages.open(
              config,
              checked.settings(),
              streams,
              wiring.tier(),
              Map.of("/model", new ModelPage(models), "/accuracy", new AccuracyPage(truths)),
              meters.registry(),
              app.partitions::count,
              app::dead,
              app::notReady));
    }
    app.run();
    return app;
  }

  private void run() {
    streams.setUncaughtExceptionHandler(
        new ThreadReplacement(System::nanoTime, refusals, heap, partitions::look));
    streams.setStateListener(
        (now, before) -> {
          LOG.info("{} -> {}", before, now);
          if (now == State.RUNNING) {
            refusals.started();
          }
          if (now == State.NOT_RUNNING || now == State.ERROR) {
            ended.countDown();
          }
        });
    WallClock clock =
        resources.add(
            new WallClock(System::currentTimeMillis, System::nanoTime, this::wallClockWentBack));
    streams.start();
    clock.start();
    partitions.start();
  }

  private void wallClockWentBack(Duration back) {
    clockFailure =
        Optional.of(
            "the wall clock went back by %d s, and Kafka's clients would wait until it has caught up:"
                    .formatted(back.toSeconds())
                + " this instance ends, and loses nothing; start it again");
    LOG.error(clockFailure.get());
    ended.countDown();
  }

  /** False once the application has failed for good. */
  public boolean isLive() {
    return dead().isEmpty();
  }

  private Optional<String> dead() {
    State state = streams.state();
    return clockFailure.or(
        () ->
            state == State.ERROR || state == State.PENDING_ERROR
                ? Optional.of("it has failed, and the log says why")
                : Optional.empty());
  }

  /**
   * True while partitions are assigned, their stores restored, the model in service, and no record
   * waits for a registry or a reference that is away, and the broker refuses us nothing.
   */
  public boolean isReady() {
    return notReady().isEmpty();
  }

  /** Why it is not ready; empty if it is. */
  public Optional<String> notReady() {
    State state = streams.state();
    return dead()
        .or(() -> refusals.current(System.nanoTime()))
        .or(partitions::objection)
        .or(waiting::reason)
        .or(
            () ->
                state == State.RUNNING
                    ? Optional.empty()
                    : Optional.of("Kafka Streams is " + state));
  }

  /** What has ended the service, such as a refusal of the broker, in one line with what to do. */
  public Optional<String> failure() {
    return clockFailure.or(refusals::fatal);
  }

  /** Waits until it has ended; false if it ended by failure. */
  public boolean awaitEnd() throws InterruptedException {
    ended.await();
    return isLive();
  }

  /**
   * Classifies the open batches, commits, and releases everything. An image that does not get its
   * batch in time stays pending. May be called more than once, also from a shutdown hook.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    drain();
    stopping.countDown();
    Duration longest = clockFailure.isEmpty() ? Wiring.CLOSE_TIMEOUT : NO_TIME;
    if (!streams.close(longest)) {
      // A thread may still be inside the model: its memory is left to the end of the process.
      LOG.warn("stream threads did not stop within {} s", longest.toSeconds());
      return;
    }
    IllegalStateException failure = new IllegalStateException("not everything could be closed");
    resources.close(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private void drain() {
    if (!isReady()) {
      return; // nobody would classify them
    }
    try {
      if (!drain.await(DRAIN_TIMEOUT)) {
        LOG.warn("{} images stay pending for the next start", drain.open());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
