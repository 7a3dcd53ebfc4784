package io.cnn2gnn.topology;

import io.cnn2gnn.schemas.ValueWriter;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.bank.Bank;
import io.cnn2gnn.topology.batching.BatchProcessor;
import io.cnn2gnn.topology.batching.Drain;
import io.cnn2gnn.topology.batching.Signals;
import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.DecodeProcessor;
import io.cnn2gnn.topology.decode.InputImages;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.gather.GatherProcessor;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.inference.ClassifyProcessor;
import io.cnn2gnn.topology.inference.Publisher;
import io.cnn2gnn.topology.input.InputRecords;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.teaching.ArrivalTime;
import io.cnn2gnn.topology.teaching.LabelInput;
import io.cnn2gnn.topology.teaching.LabelProcessor;
import io.cnn2gnn.topology.teaching.Teaching;
import io.cnn2gnn.topology.teaching.TeachingParts;
import io.cnn2gnn.topology.teaching.TeachingSetup;
import io.cnn2gnn.topology.trace.Traces;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * Builds the topology: images -> decode -> batch -> classify -> predictions, with dead letters from
 * batch (what cannot be decoded) and classify. Labels -> classify, which writes what became of
 * them, and the labelled tier. One sub-topology, one task per input partition; and a second one
 * that takes records of other topics over into the images topic, where there are such.
 */
public final class ClassificationTopology {
  private ClassificationTopology() {}

  /**
   * What the topology works with, made once and shared by its tasks.
   *
   * @param input what images are made of
   * @param output what becomes of answers
   * @param labels what labels come from and go to
   * @param drain asks for open batches before a stop
   * @param backpressure holds back partitions that have enough on their way
   * @param clocks by which batches are due and predictions dated
   * @param metrics counts
   */
  public record Parts(
      Input input,
      Output output,
      LabelInput labels,
      Drain drain,
      Backpressure backpressure,
      Clocks clocks,
      AppMetrics metrics) {}

  /**
   * What images are made of, and answered by.
   *
   * @param models what answers; closed by its owner after the topology
   * @param decoding makes images of records; closed by its owner after the topology
   * @param records gives those of the input topic again after a restart
   */
  public record Input(ActiveModel models, DecodeAhead decoding, InputRecords records) {}

  /**
   * What becomes of answers.
   *
   * @param listener hears of every batch
   * @param writer of predictions
   * @param traces goes on with those that images bring
   */
  public record Output(AnswerListener listener, ValueWriter<Prediction> writer, Traces traces) {}

  /**
   * The two times of a process.
   *
   * @param monotonicNanos never goes back
   * @param wallMillis the time of day
   */
  public record Clocks(LongSupplier monotonicNanos, LongSupplier wallMillis) {
    /** The machine's. */
    public static final Clocks SYSTEM = new Clocks(System::nanoTime, System::currentTimeMillis);
  }

  public static Topology build(TopologyConfig config, Parts parts) {
    ActiveModel models = parts.input().models();
    AppMetrics metrics = parts.metrics();
    LongSupplier nanos = parts.clocks().monotonicNanos();
    InputImages images =
        new InputImages(
            config.topics().images(), parts.input().records(), parts.input().decoding(), models);
    DeadLetters deadLetters =
        new DeadLetters(
            () -> models.card().id(), config.maxInputBytes(), parts.clocks().wallMillis(), metrics);
    ThreadLocal<CommitPace> pace =
        ThreadLocal.withInitial(
            () -> new CommitPace(config.commit().least(), config.commit().most(), nanos));
    Signals signals = new Signals(parts.drain(), parts.backpressure(), pace);
    Publisher publisher =
        new Publisher(
            config.topK(), parts.output().writer(), deadLetters, parts.output().traces(), metrics);
    TeachingSetup teaching =
        new TeachingSetup(
            config.teaching(),
            new TeachingParts(
                parts.labels(),
                images,
                config.bank().minConfidence(),
                pace,
                nanos,
                parts.clocks().wallMillis(),
                metrics),
            deadLetters);
    Topology topology = new Topology();
    topology.addSource(
        Nodes.IMAGES,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        config.topics().images());
    topology.addProcessor(
        Nodes.DECODE, () -> new DecodeProcessor(images, pace, metrics), Nodes.IMAGES);
    topology.addProcessor(
        Nodes.BATCH,
        () -> new BatchProcessor(config.batch(), images, signals, deadLetters, nanos, metrics),
        Nodes.DECODE);
    topology.addStateStore(BatchProcessor.store(), Nodes.DECODE, Nodes.BATCH);
    topology.addSource(
        AutoOffsetReset.earliest(),
        Nodes.LABELS,
        new ArrivalTime(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        config.topics().labels());
    topology.addProcessor(Nodes.LABEL, LabelProcessor::new, Nodes.LABELS);
    topology.addProcessor(
        Nodes.CLASSIFY,
        () ->
            new ClassifyProcessor(
                models,
                config.bank(),
                publisher,
                parts.output().listener(),
                parts.clocks().wallMillis(),
                metrics,
                teaching),
        Nodes.BATCH,
        Nodes.LABEL);
    topology.addStateStore(Bank.store(), Nodes.CLASSIFY);
    Teaching.stores().forEach(store -> topology.addStateStore(store, Nodes.CLASSIFY));
    topology.addSink(
        Nodes.PREDICTIONS,
        config.topics().predictions(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        Nodes.CLASSIFY);
    topology.addSink(
        Nodes.LABELLED,
        parts.labels().tierTopic(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        Nodes.CLASSIFY);
    topology.addSink(
        Nodes.LABEL_OUTCOMES,
        config.topics().labelOutcomes(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        Nodes.CLASSIFY);
    topology.addSink(
        Nodes.DEAD_LETTERS,
        config.topics().deadLetters(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        Nodes.BATCH,
        Nodes.CLASSIFY);
    if (!config.inputs().isEmpty()) {
      gather(config, topology, pace);
    }
    return topology;
  }

  private static void gather(
      TopologyConfig config, Topology topology, ThreadLocal<CommitPace> pace) {
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    config
        .inputs()
        .pattern()
        .ifPresentOrElse(
            pattern ->
                topology.addSource(AutoOffsetReset.earliest(), Nodes.INPUTS, bytes, bytes, pattern),
            () ->
                topology.addSource(
                    AutoOffsetReset.earliest(),
                    Nodes.INPUTS,
                    bytes,
                    bytes,
                    config.inputs().names().toArray(String[]::new)));
    topology.addProcessor(
        Nodes.GATHER, () -> new GatherProcessor(config.maxInputBytes(), pace), Nodes.INPUTS);
    topology.addSink(
        Nodes.GATHERED,
        config.topics().images(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        Nodes.GATHER);
  }
}
