package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.benchmarks.goal.Machine;
import io.cnn2gnn.benchmarks.pipeline.FramesReport.Entrant;
import io.cnn2gnn.benchmarks.pipeline.FramesReport.Size;
import io.cnn2gnn.benchmarks.service.TestBed;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Camera frames: colour JPEGs of the sizes that cameras send, through the service and beside what
 * one would write with a library of one's own. The decoder alone, on all cores, is the ceiling.
 */
public final class FramesBenchmark {
  private static final int DISTINCT = 16;
  private static final long MOST_TOPIC_BYTES = 400L << 20;
  private static final int MOST_RECORDS = 12_000;

  private final TestBed bed;
  private final Options options;

  /**
   * What to measure.
   *
   * @param bundle the student
   * @param rounds whose median counts, after one that does not
   * @param seconds of each entrant in each round, at most
   * @param seed of pictures and orders
   */
  public record Options(Path bundle, int rounds, double seconds, long seed) {
    public Options {
      if (rounds < 1 || !(seconds > 0)) {
        throw new IllegalArgumentException("rounds and seconds must be positive");
      }
    }
  }

  /** Prepares a benchmark; nothing is started yet. */
  public FramesBenchmark(TestBed bed, Options options) {
    this.bed = bed;
    this.options = options;
  }

  /** Runs everything. */
  public FramesReport run() throws Exception {
    Bundle bundle = Bundle.read(options.bundle());
    Map<Size, Map<Entrant, List<Rate>>> rates = new LinkedHashMap<>();
    try (SchemaRegistryClient registry =
            SchemaRegistries.create(Map.of("schema.registry.url", bed.registryUrl()));
        Admin admin = Admin.create(Map.of("bootstrap.servers", bed.broker()))) {
      for (Size size : Size.values()) {
        rates.put(size, measure(size, bundle, registry, admin));
      }
    }
    String description =
        String.format(
            Locale.ROOT,
            "Colour JPEGs made by the benchmark, %d different ones of each size; one partition, %d"
                + " rounds of at most %.0f s, seed %d; %s.",
            DISTINCT,
            options.rounds(),
            options.seconds(),
            options.seed(),
            Machine.description());
    return new FramesReport(description, rates);
  }

  private Map<Entrant, List<Rate>> measure(
      Size size, Bundle bundle, SchemaRegistryClient registry, Admin admin) throws Exception {
    List<byte[]> files =
        LongStream.range(0, DISTINCT)
            .mapToObj(
                i -> Photo.jpeg(size.width(), size.height(), size.bytes(), options.seed() + i))
            .toList();
    Workload workload = Workload.of(files, ImageFormat.JPEG);
    int records = (int) Math.min(MOST_RECORDS, MOST_TOPIC_BYTES / size.bytes());
    Race race = new Race(bed, admin, records, options.seconds());
    String topic = "frames-" + size.width();
    WireWriter<Image> writer = new WireWriter<>(registry, topic, Image.class, true);
    race.create(topic);
    race.fill(topic, i -> workload.record(writer, i));
    InputSpec input = bundle.card().student().input();
    return race.rounds(
        topic,
        Arrays.asList(Entrant.values()),
        options.rounds(),
        options.seed(),
        (entrant, output) -> {
          Setup setup =
              new Setup(
                  bed.broker(),
                  bed.registryUrl(),
                  registry,
                  options.bundle(),
                  bundle,
                  topic,
                  output,
                  bed.folder(),
                  Map.of());
          return entrant == Entrant.DECODER
              ? BareDecoder.rate(files, input, options.seconds())
              : race.run(entrant.title(), setup, own -> start(entrant, size, own));
        },
        (round, entrant, rate) ->
            String.format(
                Locale.ROOT,
                "%s, %s, %s: %,.0f frames/s",
                size.title(),
                round,
                entrant.title(),
                rate.perSecond()));
  }

  private static Peer start(Entrant entrant, Size size, Setup setup) throws Exception {
    return switch (entrant) {
      case SERVICE -> ServicePeer.start(setup);
      case JDK_LOOP -> LoopPeer.start(setup, own -> FileDecoder.of(own, new JdkLibrary()));
      case OPENCV_LOOP -> LoopPeer.start(setup, own -> FileDecoder.of(own, openCv(size)));
      case OPENCV_MAP_VALUES ->
          StreamsPeer.mapValuesOnnx(setup, FileDecoder.of(setup, openCv(size)));
      case DECODER -> throw new IllegalArgumentException("no peer on Kafka");
    };
  }

  private static FileDecoder.Library openCv(Size size) {
    return new OpenCvLibrary(size.width(), size.height());
  }
}
