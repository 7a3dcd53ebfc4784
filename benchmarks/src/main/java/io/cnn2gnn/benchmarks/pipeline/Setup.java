package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.image.DecodeCost;
import io.cnn2gnn.model.image.DecoderChoice;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a contestant of one run works with.
 *
 * @param broker host and port
 * @param registryUrl of the schema registry
 * @param registry its client
 * @param path of the bundle
 * @param bundle the student
 * @param input topic of one partition, full of image records, or of JSON for those who read it
 * @param output topic of one partition, empty; also the name of the application
 * @param folder for its state
 * @param settings of the service beside its defaults
 */
public record Setup(
    String broker,
    String registryUrl,
    SchemaRegistryClient registry,
    Path path,
    Bundle bundle,
    String input,
    String output,
    Path folder,
    Map<String, String> settings) {
  /** Images of a batch: the service's default. */
  static final int BATCH = 64;

  private static final DecodeCost COST = DecodeCost.measure(DecoderChoice.AUTO);

  /** The service's configuration for this run. */
  AppConfig config(Map<String, String> more) {
    Map<String, String> p = new HashMap<>();
    p.put("bootstrap.servers", broker);
    p.put("schema.registry.url", registryUrl);
    p.put(AppConfig.BUNDLE, path.toString());
    p.put("application.id", output);
    p.put("state.dir", folder.resolve(output).toString());
    p.put("num.stream.threads", "1");
    p.put("cnn2gnn.topics.partitions", "1");
    p.put("cnn2gnn.topic.images", input);
    p.put("cnn2gnn.topic.predictions", output);
    p.put("cnn2gnn.topic.dead.letters", output + ".dead-letter");
    p.putAll(settings);
    p.putAll(more);
    return AppConfig.of(p);
  }

  /** The service's decoder, for everybody: what differs is what is built around it. */
  RecordDecoder decoder() {
    AppConfig config = config(Map.of());
    return new RecordDecoder(
        new ImageRecords(new WireReader<>(registry, "images", Image.class)),
        new ReferenceFetcher(config.references()),
        limits(),
        config.topology().maxInputBytes());
  }

  /** What its own images may cost: they are small, and each is like the next. */
  ImageLimits limits() {
    return ImageLimits.of(
        config(Map.of()).topology().maxPixels(), COST, Runtime.getRuntime().maxMemory());
  }

  WireWriter<Prediction> writer() {
    SchemaRegistries.ensureBackward(registry, output, Prediction.class);
    return new WireWriter<>(registry, output, Prediction.class, true);
  }
}
