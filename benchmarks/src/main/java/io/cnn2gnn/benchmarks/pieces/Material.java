package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.benchmarks.pipeline.Workload;
import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Source;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** What the pieces work on, in JMH's process, which is told of it by system properties. */
final class Material {
  static final String BUNDLE = "cnn2gnn.pieces.bundle";
  static final String IMAGES = "cnn2gnn.pieces.images";

  static final int SIDE = 72;
  static final long SEED = 1;

  /** So many that no branch of a decoder is learned by heart. */
  static final int COUNT = 256;

  private static final String TOPIC = "images";

  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final Path path = Path.of(System.getProperty(BUNDLE));
  private final Bundle bundle;
  private final Workload workload;

  Material() throws BundleException, IOException {
    bundle = Bundle.read(path);
    workload = Workload.of(Path.of(System.getProperty(IMAGES)), COUNT, SIDE, SEED);
  }

  Bundle bundle() {
    return bundle;
  }

  SchemaRegistryClient registry() {
    return registry;
  }

  WireWriter<Image> writer() {
    return new WireWriter<>(registry, TOPIC, Image.class, true);
  }

  /** PNG files of {@value #SIDE} x {@value #SIDE} pixels. */
  List<byte[]> files() {
    return IntStream.range(0, COUNT).mapToObj(workload::file).toList();
  }

  /** Such files as image records. */
  List<byte[]> records() {
    WireWriter<Image> writer = writer();
    return IntStream.range(0, COUNT).mapToObj(i -> workload.record(writer, i)).toList();
  }

  /** The service's, with its defaults. */
  AppConfig config() {
    return AppConfig.of(
        Map.of(
            "bootstrap.servers",
            "unused:1",
            "schema.registry.url",
            "http://unused:1",
            AppConfig.BUNDLE,
            path.toString()));
  }

  /** The service's, with its defaults. */
  RecordDecoder decoder() {
    AppConfig config = config();
    return new RecordDecoder(
        new ImageRecords(new WireReader<>(registry, "images", Image.class)),
        new ReferenceFetcher(config.references()),
        ImageLimits.trusting(config.topology().maxPixels()),
        config.topology().maxInputBytes());
  }

  static Source source(byte[] record) {
    return new Source(TOPIC, 0, 0, 0, Optional.empty(), Optional.of(record), new RecordHeaders());
  }

  /** The records, decoded for the model. */
  List<DecodedImage> decoded() {
    try (RecordDecoder decoder = decoder()) {
      return records().stream().map(record -> decoded(decoder, record)).toList();
    }
  }

  private DecodedImage decoded(RecordDecoder decoder, byte[] record) {
    if (decoder.decode(source(record), bundle.card().student().input())
        instanceof Decoding.Accepted accepted) {
      return accepted.image();
    }
    throw new IllegalStateException("the benchmark's own image is refused");
  }
}
