package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.SchemaRegistrationException;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.AppMetrics;
import io.cnn2gnn.topology.ClassificationTopology;
import io.cnn2gnn.topology.inference.Classifier;
import io.cnn2gnn.topology.reference.ReferenceFetcher;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
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
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private final StudentModel model;
  private final InstanceId instance;
  private final KafkaStreams streams;
  private final KafkaStreamsMetrics kafkaMetrics;
  private final PrometheusMeterRegistry metrics;
  private final Optional<HttpEndpoints> http;
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean closed;

  private ClassificationApp(
      AppConfig config,
      StudentModel model,
      InstanceId instance,
      KafkaStreams streams,
      PrometheusMeterRegistry metrics)
      throws StartupException {
    this.model = model;
    this.instance = instance;
    this.streams = streams;
    this.metrics = metrics;
    this.kafkaMetrics = new KafkaStreamsMetrics(streams);
    this.http =
        config.httpPort() < 0
            ? Optional.empty()
            : Optional.of(
                new HttpEndpoints(
                    config.httpHost(), config.httpPort(), this::isLive, this::isReady, metrics));
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

  /**
   * Starts; returns when the threads run, which is before partitions are assigned.
   *
   * @param model closed with the application, also if this throws
   * @throws StartupException in one line, if broker, registry, topics, time budget or port are
   *     amiss
   */
  public static ClassificationApp start(AppConfig config, StudentModel model)
      throws StartupException {
    try {
      WarmUp.decoders(model);
      double millis =
          WarmUp.worstMillisPerImage(
              model, config.topology().batch().maxImages(), config.topology().bank().capacity());
      Properties settings = StreamsSettings.of(config);
      InstanceId instance = InstanceId.claim(StreamsSettings.instanceFolder(settings));
      StreamsSettings.join(settings, instance);
      TimeBudget budget = TimeBudget.of(settings, millis);
      budget.check();
      LOG.info(
          "model {} {} warmed up, {} ms per image at worst",
          model.card().name(),
          model.card().version(),
          String.format("%.2f", millis));
      Topics.ensure(config);
      SchemaRegistryClient registry = connect(config);
      boolean register = SchemaRegistries.autoRegister(config.clients());
      if (register) {
        // So that a producer in any language finds the schema before the first image.
        writer(registry, config.topology().topics().images(), Image.class, true);
      }
      PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      KafkaStreams streams =
          new KafkaStreams(
              ClassificationTopology.build(
                  config.topology(),
                  new ClassificationTopology.Parts(
                      model,
                      Classifier.of(model),
                      new WireReader<>(registry, Image.class),
                      new ReferenceFetcher(config.references()),
                      writer(
                          registry,
                          config.topology().topics().predictions(),
                          Prediction.class,
                          register),
                      System::nanoTime,
                      pause -> Thread.sleep(pause.toMillis()),
                      new AppMetrics(metrics))),
              settings);
      ClassificationApp app = new ClassificationApp(config, model, instance, streams, metrics);
      app.run(budget);
      return app;
    } catch (RegistryUnavailableException
        | SchemaRegistrationException
        | ConfigException
        | IllegalArgumentException e) {
      model.close();
      throw new StartupException(e.getMessage(), e);
    } catch (StartupException | RuntimeException e) {
      model.close();
      throw e;
    } catch (IOException e) {
      model.close();
      throw new StartupException("the state directory cannot be used: " + e.getMessage(), e);
    }
  }

  private static SchemaRegistryClient connect(AppConfig config) {
    SchemaRegistryClient registry = SchemaRegistries.create(config.clients());
    SchemaRegistries.ping(registry, config.clients().get("schema.registry.url"));
    return registry;
  }

  /**
   * Registering both schemas at the start means no later record waits for the registry to do so.
   */
  private static <T extends SpecificRecord> WireWriter<T> writer(
      SchemaRegistryClient registry, String topic, Class<T> type, boolean register) {
    if (register) {
      SchemaRegistries.ensureBackward(registry, topic + "-value");
    }
    return new WireWriter<>(registry, topic, type, register);
  }

  private void run(TimeBudget budget) {
    Gauge.builder("cnn2gnn.poll.budget.ratio", () -> budget.pollMillis() / budget.allowedMillis())
        .description("Worst time to work off one poll, as a share of what is safe")
        .register(metrics);
    kafkaMetrics.bindTo(metrics);
    streams.setUncaughtExceptionHandler(new ThreadReplacement(System::nanoTime));
    streams.setStateListener(
        (now, before) -> {
          LOG.info("{} -> {}", before, now);
          if (now == State.NOT_RUNNING || now == State.ERROR) {
            ended.countDown();
          }
        });
    streams.start();
  }

  /** False once the application has failed for good. */
  public boolean isLive() {
    return streams.state() != State.ERROR && streams.state() != State.PENDING_ERROR;
  }

  /** True while partitions are assigned, their stores restored and the model in service. */
  public boolean isReady() {
    return streams.state() == State.RUNNING;
  }

  /** Waits until it has ended; false if it ended by failure. */
  public boolean awaitEnd() throws InterruptedException {
    ended.await();
    return isLive();
  }

  /**
   * Stops taking images, commits and releases everything; images not yet classified stay pending.
   * May be called more than once, also from a shutdown hook.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    http.ifPresent(HttpEndpoints::close);
    boolean stopped = streams.close(CLOSE_TIMEOUT);
    kafkaMetrics.close();
    metrics.close();
    if (stopped) {
      model.close();
      instance.close();
    } else {
      // A thread may still be inside the model: its memory is left to the end of the process.
      LOG.warn("stream threads did not stop within {} s", CLOSE_TIMEOUT.toSeconds());
    }
  }
}
