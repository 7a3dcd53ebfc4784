package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.decode.Waiting;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/**
 * What labels come from and go to.
 *
 * @param records reads them
 * @param tier of the process
 * @param tierTopic where it is written to
 * @param partitions of the images topic, and so of the labels
 * @param writer of outcomes
 * @param truths hears of answers whose class became known
 * @param reading runs what waits for a broker or a registry
 * @param backpressure of the labels topic
 * @param waiting is told of a label that waits for a registry
 */
public record LabelInput(
    LabelRecords records,
    LabelledTier tier,
    String tierTopic,
    IntSupplier partitions,
    WireWriter<LabelOutcome> writer,
    TruthListener truths,
    Executor reading,
    Backpressure backpressure,
    Waiting waiting) {}
