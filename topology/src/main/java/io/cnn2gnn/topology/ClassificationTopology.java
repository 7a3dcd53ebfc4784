package io.cnn2gnn.topology;

import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.bank.Bank;
import io.cnn2gnn.topology.batching.BatchProcessor;
import io.cnn2gnn.topology.batching.Drain;
import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.DecodeProcessor;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.inference.AnswerListener;
import io.cnn2gnn.topology.inference.ClassifyProcessor;
import io.cnn2gnn.topology.input.InputRecords;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.trace.Traces;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;

/**
 * Builds the topology: images -> decode -> batch -> classify -> predictions, with dead letters from
 * batch (what cannot be decoded) and classify. One sub-topology, one task per input partition.
 */
public final class ClassificationTopology {
  private ClassificationTopology() {}

  /**
   * What the topology works with, made once and shared by its tasks.
   *
   * @param models what answers; closed by its owner after the topology
   * @param answers hears of every batch
   * @param decoding makes images of records; closed by its owner after the topology
   * @param writer of predictions
   * @param inputRecords gives records of the input topic again after a restart
   * @param drain asks for open batches before a stop
   * @param monotonicNanos a clock that never goes back
   * @param wallMillis the time of day
   * @param backpressure holds back partitions that have enough on their way
   * @param traces goes on with those that images bring
   * @param metrics counts
   */
  public record Parts(
      ActiveModel models,
      AnswerListener answers,
      DecodeAhead decoding,
      WireWriter<Prediction> writer,
      InputRecords inputRecords,
      Drain drain,
      LongSupplier monotonicNanos,
      LongSupplier wallMillis,
      Backpressure backpressure,
      Traces traces,
      AppMetrics metrics) {}

  public static Topology build(TopologyConfig config, Parts parts) {
    int maxBytes = config.maxInputBytes();
    DeadLetters deadLetters =
        new DeadLetters(() -> parts.models().card().id(), maxBytes, parts.metrics());
    ThreadLocal<CommitPace> pace =
        ThreadLocal.withInitial(
            () ->
                new CommitPace(
                    config.commit().least(), config.commit().most(), parts.monotonicNanos()));
    Topology topology = new Topology();
    topology.addSource(
        Nodes.IMAGES,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        config.topics().images());
    topology.addProcessor(
        Nodes.DECODE,
        () ->
            new DecodeProcessor(
                parts.decoding(), parts.models(), parts.inputRecords(), pace, parts.metrics()),
        Nodes.IMAGES);
    topology.addProcessor(
        Nodes.BATCH,
        () ->
            new BatchProcessor(
                config.batch(),
                config.topics().images(),
                parts.monotonicNanos(),
                parts.inputRecords(),
                parts.decoding(),
                parts.models(),
                parts.backpressure(),
                deadLetters,
                parts.drain(),
                pace,
                parts.metrics()),
        Nodes.DECODE);
    topology.addStateStore(BatchProcessor.store(), Nodes.DECODE, Nodes.BATCH);
    topology.addProcessor(
        Nodes.CLASSIFY,
        () ->
            new ClassifyProcessor(
                parts.models(),
                config.bank(),
                config.topK(),
                parts.writer(),
                deadLetters,
                parts.answers(),
                parts.wallMillis(),
                parts.traces(),
                parts.metrics()),
        Nodes.BATCH);
    topology.addStateStore(Bank.store(), Nodes.CLASSIFY);
    topology.addSink(
        Nodes.PREDICTIONS,
        config.topics().predictions(),
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
    return topology;
  }
}
