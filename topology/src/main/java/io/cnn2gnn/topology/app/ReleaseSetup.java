package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ModelEventWriter;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.drift.DriftMonitor;
import io.cnn2gnn.topology.drift.DriftNews;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.release.ReleaseLoader;
import io.cnn2gnn.topology.release.ReleaseLoader.Probation;
import io.cnn2gnn.topology.release.ReleaseNews;
import io.cnn2gnn.topology.release.ReleaseRefusedException;
import io.cnn2gnn.topology.release.ReleaseWatch;
import io.cnn2gnn.topology.release.Shadow;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.ModelFactory;
import io.cnn2gnn.topology.truth.TruthMonitor;
import io.cnn2gnn.topology.truth.TruthNews;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches what a service answers, and connects it to its models topic, if it follows one. */
final class ReleaseSetup {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseSetup.class);

  /** A machine that is busy for the moment makes a model look slow. */
  private static final int WARM_UPS = 3;

  /** An event must not hold up the thread that exchanges models. */
  private static final int MAX_BLOCK_MILLIS = 5_000;

  private final AppConfig config;
  private final Properties streams;
  private final SchemaRegistryClient registry;
  private final boolean register;
  private final String instance;
  private final MeterRegistry metrics;
  private final TruthMonitor truths;

  /**
   * Of a checked service.
   *
   * @param register whether schemas may be registered
   * @param truths told of while the service runs
   */
  ReleaseSetup(
      AppConfig config,
      Preflight checked,
      boolean register,
      MeterRegistry metrics,
      TruthMonitor truths) {
    this.config = config;
    this.streams = checked.settings();
    this.registry = checked.registry();
    this.register = register;
    this.instance = checked.instance();
    this.metrics = metrics;
    this.truths = truths;
  }

  /**
   * Brings the service to the active release and keeps it there, and watches over drift and
   * accuracy.
   *
   * @param models as it starts, of the configured bundle
   * @param factory makes models of releases
   * @param decoders decode records for a candidate of another input size
   * @param resources gets what is to be closed after the streams
   * @return hears of every batch
   */
  AnswerListener watch(
      ActiveModel models,
      ModelFactory factory,
      Supplier<RecordDecoder> decoders,
      HeapFaults heap,
      Resources resources)
      throws StartupException {
    KafkaProducer<String, byte[]> producer = resources.add(producer());
    ModelEventWriter events =
        new ModelEventWriter(
            producer,
            registered(config.topology().topics().modelEvents(), ModelEvent.class),
            instance,
            registry,
            register);
    DriftMonitor monitor =
        new DriftMonitor(resources.add(new DriftNews(metrics, events, System::nanoTime)));
    resources.add(new TruthNews(truths, metrics, events)).start();
    ReleaseNews news =
        new ReleaseNews(metrics, models.card(), Optional.of(events), System::nanoTime);
    if (!config.releases().follows()) {
      LOG.info("releases are not followed: cnn2gnn.release.allow is empty");
      return monitor;
    }
    String topic = registered(config.topology().topics().models(), ModelRelease.class);
    ReleaseWriter writer = new ReleaseWriter(producer, topic, registry, register);
    ReleaseLoader loader =
        new ReleaseLoader(
            config.releases(),
            StreamsSettings.instanceFolder(streams).resolveSibling("models"),
            factory,
            probation(),
            heap);
    ReleaseWatch watch =
        resources.add(
            ReleaseWatch.start(
                config.releases().model(),
                new ReleaseWatch.Parts(
                    models,
                    sha256(config.bundle()),
                    loader,
                    new Shadow(
                        config.releases().shadow(),
                        config.topology().bank(),
                        decoders,
                        heap,
                        System::nanoTime),
                    new ReleaseReader(consumer(), topic, registry, Wiring.SCHEMA_PATIENCE),
                    publisher(writer),
                    news)));
    return (model, images, answers, nanos) -> {
      monitor.answered(model, images, answers, nanos);
      watch.answered(model, images, answers, nanos);
    };
  }

  /** Lets the registry know that its topic's schemas change by our rules. */
  private String registered(String topic, Class<? extends SpecificRecord> type) {
    if (register) {
      SchemaRegistries.ensureBackward(registry, topic, type);
    }
    return topic;
  }

  private static String sha256(Path bundle) throws StartupException {
    try {
      return Sha256.hex(Files.readAllBytes(bundle));
    } catch (IOException e) {
      throw new StartupException(bundle + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Probation probation() {
    return model -> {
      int batch = config.topology().batch().maxImages();
      StartupException slow = null;
      for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
        double millis =
            WarmUp.worstMillisPerImage(model, batch, config.topology().bank().capacity());
        try {
          TimeBudget.of(streams, batch, millis).check();
          return;
        } catch (StartupException e) {
          slow = e;
        }
      }
      throw new ReleaseRefusedException(slow.getMessage());
    };
  }

  private static Consumer<ModelRelease> publisher(ReleaseWriter writer) {
    return release -> {
      try {
        writer.publish(release);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException("interrupted while a release was written", e);
      }
    };
  }

  private KafkaConsumer<String, byte[]> consumer() {
    return new KafkaConsumer<>(
        StreamsSettings.reading(streams, "cnn2gnn-releases"),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private KafkaProducer<String, byte[]> producer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
    config
        .clients()
        .forEach(
            (key, value) -> {
              String plain = key.replaceFirst("^" + StreamsConfig.PRODUCER_PREFIX, "");
              if (ProducerConfig.configNames().contains(plain)) {
                settings.put(plain, value);
              }
            });
    settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "cnn2gnn-releases");
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }
}
