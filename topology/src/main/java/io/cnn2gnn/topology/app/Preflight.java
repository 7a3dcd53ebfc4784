package io.cnn2gnn.topology.app;

import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.model.image.DecoderChoice;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service makes sure of before it takes an image: a folder for state, a model that is fast
 * enough, topics, and a registry.
 *
 * @param settings what Kafka Streams is told
 * @param instance whose static member of the group this is
 * @param budget what a poll may take
 * @param cost what ordinary pictures cost here
 * @param partitions of the images topic
 * @param registry that answered
 */
record Preflight(
    Properties settings,
    String instance,
    TimeBudget budget,
    DecodeCost cost,
    ImagePartitions partitions,
    SchemaRegistryClient registry) {
  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  /**
   * Checks, in this order: the model's speed, the folder for state, the time budget, topics,
   * registry.
   *
   * @param resources gets what it opens
   * @throws StartupException in one line, if something is amiss
   * @throws IOException if the state directory cannot be used
   */
  static Preflight check(AppConfig config, StudentModel model, Resources resources)
      throws StartupException, IOException {
    int batch = config.topology().batch().maxImages();
    checkDecoder(config.decoder());
    Supplier<DecodeCost> cost = WarmUp.decoders(config.decoder());
    double millis = WarmUp.worstMillisPerImage(model, batch, config.topology().bank().capacity());
    Properties settings = StreamsSettings.of(config);
    StreamsSettings.makeStateDir(config, settings);
    InstanceId instance = resources.add(InstanceId.claim(StreamsSettings.instanceFolder(settings)));
    StreamsSettings.join(settings, instance);
    TimeBudget budget = TimeBudget.fit(settings, config.clients(), batch, millis);
    budget.check();
    LOG.info(
        "model {} {} warmed up, {} ms per image at worst",
        model.card().name(),
        model.card().version(),
        String.format("%.2f", millis));
    Topics.ensure(config);
    String application = settings.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
    Topics.checkInternal(config, application);
    InputTopicsCheck.check(config, application);
    ImagePartitions partitions = resources.add(new ImagePartitions(config, application));
    partitions.align();
    Topics.ensureLabelled(config, application);
    SchemaRegistryClient registry = resources.add(SchemaRegistries.create(config.clients()));
    SchemaRegistries.ping(registry, config.clients().get("schema.registry.url"));
    return new Preflight(settings, instance.value(), budget, cost.get(), partitions, registry);
  }

  int streamThreads() {
    return new StreamsConfig(settings).getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG);
  }

  private static void checkDecoder(DecoderChoice choice) throws StartupException {
    Optional<String> missing = DecoderChoice.whyNotNative();
    if (choice == DecoderChoice.NATIVE && missing.isPresent()) {
      throw new StartupException(
          "%s=native, but %s".formatted(ConfigKey.IMAGE_DECODER.key(), missing.get()));
    }
    if (choice == DecoderChoice.AUTO && missing.isPresent()) {
      LOG.warn("images are decoded by the JDK, slower and without WebP: {}", missing.get());
    }
  }
}
