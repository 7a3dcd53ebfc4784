package io.cnn2gnn.topology.inference;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.AppMetrics;
import io.cnn2gnn.topology.Nodes;
import io.cnn2gnn.topology.Outcome;
import io.cnn2gnn.topology.Outcome.Predicted;
import io.cnn2gnn.topology.Outcome.Rejected;
import io.cnn2gnn.topology.Source;
import io.cnn2gnn.topology.bank.Bank;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.batching.Batch;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A batch in, one prediction or dead letter per image out, in order; then the bank takes in what
 * its policy admits.
 */
public final class ClassifyProcessor implements Processor<byte[], Batch, byte[], Object> {
  private final StudentModel model;
  private final Bisection bisection;
  private final BankConfig bankConfig;
  private final PredictionFactory predictions;
  private final WireWriter<Prediction> writer;
  private final DeadLetters deadLetters;
  private final AppMetrics metrics;
  private ProcessorContext<byte[], Object> context;
  private Bank bank;

  /**
   * Makes one.
   *
   * @param model shared between tasks; not closed here
   * @param classifier what answers, usually the model itself
   */
  public ClassifyProcessor(
      StudentModel model,
      Classifier classifier,
      BankConfig bankConfig,
      int topK,
      WireWriter<Prediction> writer,
      DeadLetters deadLetters,
      AppMetrics metrics) {
    this.model = model;
    this.bisection = new Bisection(classifier, metrics);
    this.bankConfig = bankConfig;
    this.predictions = new PredictionFactory(model.card(), topK);
    this.writer = writer;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    this.bank = Bank.open(bankConfig, model, context.getStateStore(Nodes.BANK_STORE));
  }

  @Override
  public void process(Record<byte[], Batch> record) {
    Batch batch = record.value();
    long start = System.nanoTime();
    List<Outcome> outcomes = bisection.classify(batch.images(), bank.matrix());
    metrics.batch(batch.images().size(), System.nanoTime() - start);
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    List<Query> admissible = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Predicted predicted) {
        Prediction prediction = predictions.of(predicted, batch, bank.epoch(), now);
        Source source = predicted.image().source();
        context.forward(
            new Record<>(
                source.key().orElse(null),
                writer.write(prediction),
                source.timestamp(),
                source.headers()),
            Nodes.PREDICTIONS);
        admissible.add(predicted.image().query());
        answers.add(predicted.answer());
      } else if (outcome instanceof Rejected rejected) {
        context.forward(
            deadLetters.of(rejected.source(), rejected.rejection()), Nodes.DEAD_LETTERS);
      }
    }
    bank.admit(admissible, answers);
  }

  @Override
  public void close() {
    bank.close();
  }
}
