package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.benchmarks.goal.Machine;
import io.cnn2gnn.benchmarks.pipeline.Contestant.Input;
import io.cnn2gnn.benchmarks.service.TestBed;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;

/**
 * Every {@link Contestant} works off a full topic of one partition with one thread, in an order of
 * chance within each round, so that a busy machine is busy for all. The topic is the same for all
 * who read files; who reads samples has the same images on another. A consumer of committed answers
 * counts.
 */
public final class PipelineBenchmark {
  private static final int IN_MEMORY = 2048;

  private final TestBed bed;
  private final Options options;

  /**
   * What to measure.
   *
   * @param bundle the student
   * @param images zip of PNG files
   * @param side to which they are enlarged
   * @param records on the input topic
   * @param rounds whose median counts, after one that does not: brokers and contestants compile
   *     their code in it
   * @param seconds of each contestant in each round, at most
   * @param contestants who takes part
   * @param settings of the service beside its defaults
   * @param seed of images and orders
   */
  public record Options(
      Path bundle,
      Path images,
      int side,
      int records,
      int rounds,
      double seconds,
      List<Contestant> contestants,
      Map<String, String> settings,
      long seed) {
    public Options {
      contestants = List.copyOf(contestants);
      settings = Map.copyOf(settings);
      if (side < 1 || records < Setup.BATCH || rounds < 1 || !(seconds > 0)) {
        throw new IllegalArgumentException(
            "side, rounds and seconds must be positive, records at least " + Setup.BATCH);
      }
    }
  }

  /** Prepares a benchmark; nothing is started yet. */
  public PipelineBenchmark(TestBed bed, Options options) {
    this.bed = bed;
    this.options = options;
  }

  /** Runs everything. */
  public PipelineReport run() throws Exception {
    Workload workload = Workload.of(options.images(), IN_MEMORY, options.side(), options.seed());
    Bundle bundle = Bundle.read(options.bundle());
    InputSpec spec = bundle.card().student().input();
    List<byte[]> samples = workload.samples(spec);
    List<byte[]> json = Workload.json(spec, samples);
    try (SchemaRegistryClient registry =
            SchemaRegistries.create(Map.of("schema.registry.url", bed.registryUrl()));
        Admin admin = Admin.create(Map.of("bootstrap.servers", bed.broker()))) {
      WireWriter<Image> files = writer(registry, Input.FILES);
      WireWriter<Image> raw = writer(registry, Input.SAMPLES);
      Map<Input, IntFunction<byte[]>> records =
          Map.of(
              Input.FILES, i -> workload.record(files, i),
              Input.SAMPLES, i -> Workload.record(raw, i, spec, samples),
              Input.JSON, i -> json.get(i % json.size()));
      Race race = new Race(bed, admin, options.records(), options.seconds());
      for (Input input :
          options.contestants().stream().map(Contestant::input).distinct().toList()) {
        race.create(topic(input));
        race.fill(topic(input), records.get(input));
      }
      List<byte[]> inMemory = new ArrayList<>();
      for (int i = 0; i < IN_MEMORY; i++) {
        inMemory.add(workload.record(files, i));
      }
      Map<Contestant, List<Rate>> rates =
          race.rounds(
              "bench",
              options.contestants(),
              options.rounds(),
              options.seed(),
              (contestant, output) -> {
                Setup setup =
                    new Setup(
                        bed.broker(),
                        bed.registryUrl(),
                        registry,
                        options.bundle(),
                        bundle,
                        topic(contestant.input()),
                        output,
                        bed.folder(),
                        options.settings());
                return contestant == Contestant.MEMORY
                    ? Memory.rate(setup, inMemory, options.seconds())
                    : race.run(contestant.title(), setup, own -> start(contestant, own));
              },
              (round, contestant, rate) ->
                  String.format(
                      Locale.ROOT,
                      "%s, %s: %,.0f images/s",
                      round,
                      contestant.title(),
                      rate.perSecond()));
      return new PipelineReport(describe(workload, Workload.meanBytes(json)), rates);
    }
  }

  private String describe(Workload workload, double jsonBytes) {
    return String.format(
        Locale.ROOT,
        "PNG images of %,.0f bytes (as JSON of their samples %,.0f), one partition and one thread"
            + " each, %d rounds of %.0f s, seed %d; %s.",
        workload.meanBytes(),
        jsonBytes,
        options.rounds(),
        options.seconds(),
        options.seed(),
        Machine.description());
  }

  private static String topic(Input input) {
    return "bench-" + input.name().toLowerCase(Locale.ROOT);
  }

  private static WireWriter<Image> writer(SchemaRegistryClient registry, Input input) {
    return new WireWriter<>(registry, topic(input), Image.class, true);
  }

  private static Peer start(Contestant contestant, Setup setup) throws Exception {
    return switch (contestant) {
      case SERVICE -> ServicePeer.start(setup);
      case SERVICE_WITHOUT_MODEL, SERVICE_ON_SAMPLES -> ServicePeer.withoutModel(setup);
      case AT_LEAST_ONCE -> StreamsPeer.atLeastOnce(setup);
      case POLL_LOOP -> LoopPeer.start(setup);
      case MAP_VALUES_CNN -> StreamsPeer.mapValuesCnn(setup);
      case MAP_VALUES_WITHOUT_MODEL -> StreamsPeer.mapValuesWithoutModel(setup);
      case ONNX_PER_RECORD -> Adapter.cnn(setup);
      case JSON_WITHOUT_MODEL -> Adapter.withoutModel(setup, JsonFormat.asPublished());
      case JSON_ONE_MAPPER -> Adapter.withoutModel(setup, JsonFormat.withOneMapper());
      case MEMORY -> throw new IllegalArgumentException("no peer on Kafka");
    };
  }

  /** All contestants. */
  public static List<Contestant> everybody() {
    return Arrays.asList(Contestant.values());
  }
}
