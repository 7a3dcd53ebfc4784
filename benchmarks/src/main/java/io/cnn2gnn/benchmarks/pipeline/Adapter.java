package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.model.net.Teacher;
import java.util.ArrayDeque;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The logic of Crayfish's published adapter for Kafka Streams (Horchidan et al., Navigating the
 * labyrinth of machine learning inference in stream processing systems, EDBT 2024): a record of
 * JSON is read, its data point scored in a call of its own, and the record with its scores written
 * as JSON; default settings, at least once. The code is ours: {@code process} takes the place of
 * {@code transform}, which Kafka Streams no longer has, the state store that the original declares
 * and never touches is left out, and native memory is freed.
 */
final class Adapter {
  /** Of the published experiments, for requests and fetches. */
  private static final int MAX_REQUEST_BYTES = 10 << 20;

  private Adapter() {}

  /** Around the CNN that mapValues has, as ONNX. */
  static Peer cnn(Setup setup) {
    Teacher.Spec spec = StreamsPeer.teacher(setup.bundle().card());
    byte[] file = OnnxResNet.of(spec, 1);
    return start(setup, JsonFormat.asPublished(), () -> new OnnxScorer(file));
  }

  /** Around a model that answers at once. */
  static Peer withoutModel(Setup setup, JsonFormat format) {
    int classes = setup.bundle().card().classes().size();
    return start(setup, format, () -> Scorer.withoutModel(classes));
  }

  private static Peer start(Setup setup, JsonFormat format, Supplier<Scorer> models) {
    return new StreamsPeer(
        topology(setup.input(), setup.output(), format, models),
        settings(setup),
        new ArrayDeque<>());
  }

  static Topology topology(
      String input, String output, JsonFormat format, Supplier<Scorer> models) {
    Serde<JsonBatch> batches =
        Serdes.serdeFrom(
            (topic, batch) -> format.write(batch), (topic, bytes) -> format.read(bytes));
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(input, Consumed.with(Serdes.String(), batches))
        .process(() -> new Scoring(models))
        .to(output, Produced.with(Serdes.String(), batches));
    return builder.build();
  }

  private static Properties settings(Setup setup) {
    Properties p = new Properties();
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, setup.broker());
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, setup.output());
    p.put(StreamsConfig.STATE_DIR_CONFIG, setup.folder().resolve(setup.output()).toString());
    p.put(StreamsConfig.consumerPrefix("max.partition.fetch.bytes"), MAX_REQUEST_BYTES);
    p.put(StreamsConfig.producerPrefix("max.request.size"), MAX_REQUEST_BYTES);
    return p;
  }

  private static final class Scoring implements Processor<String, JsonBatch, String, JsonBatch> {
    private final Supplier<Scorer> models;
    private ProcessorContext<String, JsonBatch> context;
    private Scorer model;

    Scoring(Supplier<Scorer> models) {
      this.models = models;
    }

    @Override
    public void init(ProcessorContext<String, JsonBatch> context) {
      this.context = context;
      model = models.get();
    }

    @Override
    public void process(Record<String, JsonBatch> record) {
      JsonBatch batch = record.value();
      context.forward(record.withValue(batch.with(model.score(batch.points()))));
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
